"""Explaining runs that the flows really left: what was cached and why, and what differs."""

import json
from pathlib import Path

import pytest

from flows.command_line.command import run_from_command_line
from flows.command_line.verbs import VERBS
from flows.evaluate import evaluate
from flows.explain import ExplainSettings, defaults, explain
from flows.pipeline import pipeline
from flows.settings.evaluate import EvaluateSettings
from flows.settings.pipeline import PipelineSettings
from flows.settings.sweep import SweepSettings
from flows.sweep import sweep
from rnn.recipes import ArticleRecipe

pytestmark = pytest.mark.usefixtures("prefect_server")


def quick(store: Path, **changes) -> PipelineSettings:
    return PipelineSettings(
        **{"store": str(store), "recipes": ("article",), "article": ArticleRecipe(epochs=2), **changes}
    )


@pytest.fixture(scope="module")
def store(prefect_server, tmp_path_factory) -> Path:
    """A store with a run, one that is the same again, and one with another recipe."""
    store = tmp_path_factory.mktemp("explained")
    for epochs in (2, 2, 3):
        pipeline(quick(store, article=ArticleRecipe(epochs=epochs)))
    return store


@pytest.fixture(scope="module")
def names(store) -> list[str]:
    """In the order in which they came to be: two may have begun in one second."""
    runs = [json.loads(path.read_text())["execution"] for path in store.glob("*/manifest.json")]
    return [run["run"] for run in sorted(runs, key=lambda run: (run["published"], run["run"]))]


def as_json(store: Path, name: str) -> dict:
    return json.loads(explain(name, settings=ExplainSettings(store=str(store), as_json=True)))


def test_a_first_run_was_computed_from_settings_that_are_told(store, names):
    found = as_json(store, names[0])
    assert not any(step["cached"] for step in found["steps"])
    assert found["defaults"]["article.epochs"] == 50
    assert found["settings"]["article.epochs"] == 2
    assert found["data"]["source"] == "generated x·sin(x)"
    assert found["elsewhere"] == {}


def test_of_a_run_that_is_the_same_again_all_was_cached_and_nothing_differs(store, names):
    found = as_json(store, names[1])
    assert all(step["cached"] and step["run"] == names[0] and step["when"] for step in found["steps"])
    differences = found["differences"]
    assert differences["before"] == names[0]
    assert not any(differences[kind] for kind in ("data", "settings", "code", "versions", "results"))


def test_a_changed_recipe_is_why_its_training_was_computed(store, names):
    found = as_json(store, names[2])
    steps = {step["name"]: step for step in found["steps"]}
    assert steps["generate"]["cached"]
    assert not steps["train article"]["cached"]
    assert steps["train article"]["changed"] == ["recipe"]
    assert "models" in steps["forecast"]["changed"]
    assert found["differences"]["settings"] == {"article.epochs": [2, 3]}
    assert "forecast error of article" in found["differences"]["results"]


@pytest.mark.parametrize("flags", [[], ["--all"]])
def test_the_command_prints_it_in_a_hundred_columns(store, names, capsys, flags):
    run_from_command_line(explain, arguments=[names[2], "--store", str(store), *flags])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 100
    assert "computed: recipe differs" in out
    assert f"made by {names[0]}" in out
    assert ("article.rule" in out) is bool(flags)


def test_sweeps_and_evaluations_are_explained_too(store):
    small = {"store": str(store), "article": ArticleRecipe(epochs=2), "points": 90, "step": 0.05, "horizon": 4}
    swept = as_json(store, Path(sweep(SweepSettings(over=("lr=0.001,0.02",), seeds=1, **small))).name)
    assert swept["differences"] is None
    assert "training error of the best setting" in swept["results"]
    evaluated = Path(evaluate(EvaluateSettings(store=str(store), series=("logistic",), origins=1, peers=False))).name
    found = as_json(store, evaluated)
    assert list(found["data"]) == ["logistic"]
    assert found["settings"]["series"] == ["logistic"]
    assert explain(evaluated, settings=ExplainSettings(store=str(store)))


@pytest.mark.parametrize("flow", [verb.place.partition(":")[2] for verb in VERBS.values() if verb.flow])
def test_the_defaults_of_every_flow_are_known(flow):
    assert defaults(flow)["store"] == "runs"
    assert "sink_table" not in defaults(flow)  # which no manifest has


def test_the_defaults_of_an_unknown_flow_are_not():
    assert defaults("of the future") is None
