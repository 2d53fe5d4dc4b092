import logging
import shutil
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest
from prefect.states import State

from artifacts.store.atomic import CannotWrite
from artifacts.store.cache import KEPT_DAYS, Cache, Entry
from rnn.errors import Diverged, WavecastError
from rnn.recipes import ArticleRecipe, UntunedRecipe
from tasks import data, pipeline, train
from tasks import data as tasks_data
from tasks import pipeline as tasks_pipeline
from tasks.support.step import (
    REMEMBERED,
    Removed,
    _digest_of_libraries,
    by_content,
    cache_of,
    in_one_line,
    key_parts,
    made_by,
    refuse_what_was_removed,
)

STEPS = [pipeline.draw, tasks_pipeline.forecast, data.generate, tasks_data.group, train.train]
ARGUMENTS = {"store": "runs", "points": 600, "noise": 0.01, "recipe": ArticleRecipe(), "grid": "text", "many": [1, 2]}


def key(name: str = "train", **arguments) -> str:
    """The cache key of a call of the step `name`."""
    return by_content(SimpleNamespace(task=SimpleNamespace(name=name)), {**ARGUMENTS, **arguments})


def entry(folder, text: str = "text", made_by: str = "a run") -> Entry:
    with Cache(folder).filling(made_by) as filling:
        (filling / "file").write_text(text)
    return filling.entry


def test_the_same_call_has_the_same_key():
    assert key() == key() == by_content(
        SimpleNamespace(task=SimpleNamespace(name="train")), dict(reversed(ARGUMENTS.items()))
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"store": "elsewhere"}, {"points": 601}, {"noise": 0.010000000000000002}, {"grid": "code"}, {"many": [2, 1]},
        {"recipe": ArticleRecipe(lr=0.0230001)}, {"recipe": ArticleRecipe(rule="bptt")}, {"recipe": UntunedRecipe()},
        {"more": None}, {"name": "generate"},
    ],
    ids=str,
)  # fmt: skip
def test_any_other_argument_gives_another_key(change):
    assert key(**change) != key()


def test_an_entry_counts_by_its_content_and_not_by_its_place_or_its_maker(tmp_path):
    one, same = entry(tmp_path / "one"), entry(tmp_path / "other", made_by="another run")
    assert one.folder != same.folder
    assert key(data=one) == key(data=same)
    assert key(data=one) != key(data=entry(tmp_path / "one", "other text"))


def test_entries_and_recipes_within_a_dictionary_count_too(tmp_path):
    one, other = entry(tmp_path, "one"), entry(tmp_path, "other")
    assert key(models={"a": one}) != key(models={"a": other})
    assert key(models={"a": one}) != key(models={"b": one})
    assert key(recipes={"a": ArticleRecipe()}) != key(recipes={"a": ArticleRecipe(epochs=51)})


def test_recipes_in_another_order_have_another_key(tmp_path):
    one, other = entry(tmp_path, "one"), entry(tmp_path, "other")
    assert key(models={"a": one, "b": other}) != key(models={"b": other, "a": one})


@pytest.mark.parametrize("package", ["rnn", "artifacts", "tasks"])
def test_an_edit_of_the_code_that_a_step_runs_gives_another_key(monkeypatch, package):
    before = key()
    monkeypatch.setattr(
        "tasks.support.step.digest_package", lambda name: f"{name}{' edited' if name == package else ''}"
    )
    edited = key()
    monkeypatch.setattr("tasks.support.step.digest_package", lambda name: name)
    assert len({before, edited, key()}) == 3


@pytest.mark.parametrize("library", ["numpy", "matplotlib", "scikit-learn", "pyarrow"])
def test_another_version_of_what_computes_draws_or_writes_gives_another_key(monkeypatch, library):
    before, version = key(), metadata.version
    _digest_of_libraries.cache_clear()
    other = lambda name: "99.0.0" if name == library else version(name)  # noqa: E731
    monkeypatch.setattr(metadata, "version", other)
    for module in ("tasks.support.step", "artifacts.store.digests", "artifacts.store.manifest"):
        if hasattr(sys.modules.get(module), "version"):
            monkeypatch.setattr(f"{module}.version", other)
    try:
        assert key() != before
    finally:
        _digest_of_libraries.cache_clear()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_step_is_cached_by_content(step):
    assert step.cache_key_fn is by_content
    assert step.cache_expiration == REMEMBERED
    assert step.persist_result
    assert step.result_serializer == "json"


def test_every_step_has_a_name_of_its_own():
    assert {step.name for step in STEPS} == {"generate", "group", "train", "forecast", "draw"}


def test_an_entry_is_kept_for_longer_than_prefect_remembers_it():
    assert REMEMBERED.days < KEPT_DAYS


@pytest.mark.parametrize("error", [Diverged(3, 1.0), CannotWrite("the disk is full")])
def test_a_mistake_in_a_flow_becomes_the_message_of_its_failed_state(error):
    def flow(settings):
        raise error

    state = in_one_line(flow)("settings")
    assert isinstance(state, State)
    assert state.is_failed()
    assert state.message == str(error)
    assert state.data is error


def test_a_flow_without_a_mistake_is_as_it_was():
    def flow(settings: int) -> int:
        """Twice."""
        return 2 * settings

    assert in_one_line(flow)(3) == 6
    assert in_one_line(flow).__doc__ == "Twice."
    assert in_one_line(flow).__name__ == "flow"


def test_what_is_no_mistake_of_the_users_comes_through():
    def flow():
        raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        in_one_line(flow)()


@pytest.mark.parametrize("name", ["prefect.task_runs", "prefect.flow_runs", "prefect.engine"])
@pytest.mark.parametrize(("error", "kept"), [(WavecastError("a mistake"), False), (ValueError("a bug"), True)])
def test_a_mistakes_traceback_is_not_logged_and_a_bugs_is(error, kept, name):
    logger = logging.getLogger(name)
    record = logger.makeRecord("x", logging.ERROR, "", 0, "failed", (), (type(error), error, None))
    assert bool(logger.filter(record)) is kept
    assert logger.filter(logger.makeRecord("x", logging.INFO, "", 0, "fine", (), None))


def test_outside_a_flow_run_nobody_made_it():
    assert made_by() == ""


def test_a_stores_cache_lies_in_its_workspace(tmp_path):
    assert cache_of(str(tmp_path / "runs")).root == tmp_path / "runs" / ".cache"


def test_the_parts_of_a_key_tell_what_has_changed(tmp_path):
    one, other = key_parts({**ARGUMENTS, "data": entry(tmp_path, "one")}), key_parts({**ARGUMENTS, "points": 601})
    assert {name for name in one if one[name] != other.get(name)} == {"points", "data"}
    assert {"source code", "library versions"} < set(one)


def test_an_edited_library_shows_in_the_source_code_alone(monkeypatch):
    before = key_parts(ARGUMENTS)
    monkeypatch.setattr("tasks.support.step.digest_package", lambda name: f"{name} edited")
    after = key_parts(ARGUMENTS)
    assert [name for name in before if before[name] != after[name]] == ["source code"]


@pytest.mark.parametrize("given", [lambda one: one, lambda one: {"article": one}, lambda one: [one]])
def test_a_store_that_is_removed_in_the_middle_of_a_run_is_told(tmp_path, given):
    made = entry(tmp_path, "one")
    refuse_what_was_removed({"groups": given(made), "seed": 1})
    shutil.rmtree(made.folder)
    with pytest.raises(Removed, match="was removed while the run was at work"):
        refuse_what_was_removed({"groups": given(made), "seed": 1})
