import json
from dataclasses import asdict

import pytest

from artifacts.lineage.explain import changes, elsewhere, explain
from artifacts.lineage.explain_text import as_text
from artifacts.store.digests import digest_package
from artifacts.store.removed import REMOVED, Removed, as_json
from artifacts.store.runs import find_run

NAME = "20260301T000000Z-aaaaaa"
LATER = "20260401T000000Z-bbbbbb"


@pytest.fixture
def later(store, tamper):
    """`later({"…": …})`: the explanation of a later run whose manifest differs in so much."""

    def make(values: dict, defaults=None):
        tamper(store / NAME, values, to=LATER)
        return explain(find_run(str(store), LATER), defaults)

    return make


def test_a_run_without_one_before_is_explained_from_its_manifest(kept):
    found = explain(find_run(str(kept), NAME), {"seed": 0, "group_size": 6, "article": {"epochs": 50}})
    assert (found.run, found.flow, found.published) == (NAME, "pipeline", "2026-03-01T00:00:02+00:00")
    assert found.settings["article.epochs"] == 4
    assert found.changed_settings["article.epochs"] == (50, 4)
    assert found.changed_settings["seed"] == (0, 3)
    assert "group_size" not in found.changed_settings
    assert found.code["rnn"] == digest_package("rnn")
    assert found.kernels == {"article": "exact", "autoregressive": "lockstep"}
    assert found.seeds["seed"] == 3
    assert found.parent is None
    assert found.elsewhere == {}
    assert found.differences is None


def test_it_is_plain_enough_for_json(kept):
    found = explain(find_run(str(kept), NAME), None)
    assert json.loads(json.dumps(asdict(found)))["data"]["rows"] == 120


def test_unknown_defaults_change_nothing(kept):
    assert explain(find_run(str(kept), NAME), None).changed_settings == {}


def test_a_run_that_is_the_same_again_differs_in_nothing(later):
    found = later({"execution/published": "2026-04-01T00:00:02+00:00"}).differences
    assert found.before == NAME
    assert not any((found.data, found.settings, found.code, found.versions, found.results))
    assert found.results_known == 2


def test_what_differs_from_the_run_before_is_told_by_kind(later, store):
    found = later(
        {
            "config/article/epochs": 5, "config/new": True, "seeds/seed": 9, "code/rnn": "other",
            "versions/numpy": "99.0", "machine/blas": "other", "parent": NAME,
        }
    )  # fmt: skip
    differ = found.differences
    assert differ.settings == {"article.epochs": (4, 5), "new": (None, True), "seed": (3, 9)}
    assert list(differ.code) == ["rnn"]
    assert set(differ.versions) == {"numpy", "BLAS"}
    assert found.parent == NAME


def test_other_data_and_other_results_differ(store, tamper):
    place = tamper(store / NAME, {}, to=LATER)
    (place / "metrics.json").write_text('{"forecast": {"article": {"rmse": 5.0}}, "fit": {"article": {"rmse": 0.5}}}')
    (place / "dataset.parquet").write_bytes(b"other")
    found = explain(find_run(str(store), str(tamper(place, {}))), None).differences
    assert found.results == {"forecast error of article": (2.5, 5.0)}
    assert found.data["digest"][0] != found.data["digest"][1]


def test_what_is_otherwise_here_than_when_the_run_was_made_is_told(store, tamper):
    tamper(store / NAME, {"versions/numpy": "1.0", "machine/blas": "other", "code/rnn": "other", "versions/gone": "1"})
    assert set(elsewhere(find_run(str(store), NAME))) == {"numpy", "BLAS", "package rnn"}


def test_a_cached_step_names_the_run_that_made_it(later):
    cached = {"seconds": 2, "cached": True, "made_by": "aaaaaa00-0000-4000-8000-000000000000", "key": {"lr": "ef"}}
    lost = {**cached, "made_by": "ffffff00-0000"}
    found = later({"execution/steps/train article": cached, "execution/steps/lost": lost}).steps
    by_name = {step.name: step for step in found}
    assert by_name["train article"].cached
    assert by_name["train article"].run == NAME
    assert by_name["lost"].run is None


def test_a_computed_step_tells_which_part_of_its_key_has_changed(later):
    found = later({"execution/steps/generate/key/seed": "other", "execution/steps/new": {"key": {"x": "y"}}}).steps
    by_name = {step.name: step.changed for step in found}
    assert by_name == {"generate": ["seed"], "train article": [], "new": None}


def test_a_manifest_without_keys_says_nothing_of_them(later):
    old = {"seconds": 1.0, "made_by": "x", "cached": False}
    assert later({"execution/steps": {"generate": old}}).steps[0].changed is None


def test_a_manifest_without_steps_machine_or_kernels_is_explained_as_well(later):
    found = later({"execution": {}, "machine": None, "kernels": None})
    assert (found.steps, found.kernels, found.published) == ([], {}, "")


def test_changes_see_through_tuples_and_nan():
    nan = float("nan")
    assert changes({"a": (1, 2), "b": nan, "c": 1}, {"a": [1, 2], "b": nan, "c": 2}) == {"c": (1, 2)}


def test_runs_between_it_and_the_one_before_that_were_removed_are_counted(later, store):
    between = [Removed(run=f"202603{day:02}T000000Z-c", when="2026", flow="pipeline") for day in (2, 3)]
    other = Removed(run="20260304T000000Z-c", when="2026", flow="sweep")
    (store / REMOVED).write_bytes(as_json([*between, other]))
    found = later({})
    assert (found.differences.before, found.removed_before) == (NAME, 2)
    assert f"What differs from the run before, {NAME} (2 between them were removed)" in as_text(found)


def test_a_parent_that_was_pruned_is_told_as_such(later, store):
    parent = "20260301T000000Z-p"
    (store / REMOVED).write_bytes(as_json([Removed(run=parent, when="2026-04-01T00:00:00+00:00", flow="pipeline")]))
    assert f"Parent champion: run {parent} (pruned on 2026-04-01)." in as_text(later({"parent": parent}))
