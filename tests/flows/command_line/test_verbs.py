"""The registry of verbs: what it names is there, and every flow's settings are those that it takes."""

import inspect
import shlex
from pathlib import Path

import pytest
from prefect import Flow
from pydantic import BaseModel

from flows.cli import console
from flows.command_line.verbs import VERBS, settings_of

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", VERBS)
def test_a_verbs_function_takes_its_settings_last(name):
    verb = VERBS[name]
    *arguments, last = inspect.signature(verb.function(), eval_str=True).parameters.values()
    assert issubclass(verb.settings(), BaseModel)
    assert last.annotation is verb.settings()
    assert isinstance(verb.function(), Flow) is verb.flow
    assert not (verb.flow and arguments)


@pytest.mark.parametrize("name", VERBS)
def test_a_verbs_examples_are_commands_that_it_takes(name):
    app = console()
    for example in VERBS[name].examples:
        wavecast, verb, *words = shlex.split(example)
        assert (wavecast, verb) == ("wavecast", name)
        _, bound, *_ = app.parse_args([verb, *words], exit_on_error=False, print_error=False)
        assert bound is not None


def test_every_file_that_can_be_called_is_a_verb():
    files = {
        f"flows.{path.stem}" for path in (ROOT / "flows").glob("*.py") if "run_from_command_line(" in path.read_text()
    }
    assert {verb.module for verb in VERBS.values()} == files


@pytest.mark.parametrize("name", [name for name in VERBS if VERBS[name].flow])
def test_a_flows_settings_are_found_by_the_name_in_its_manifests(name):
    assert settings_of(VERBS[name].function().name) is VERBS[name].settings()


@pytest.mark.parametrize("name", ["history", "of the future"])
def test_what_is_no_flow_has_no_settings_to_find(name):
    assert settings_of(name) is None
