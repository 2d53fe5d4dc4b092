import json

import pytest

from artifacts.files.evaluation import COMPARISON, write_comparison
from artifacts.files.series import write_series
from artifacts.files.sweep import LEADERBOARD, write_leaderboard
from artifacts.lineage.facts import data_of, results_of
from artifacts.store.digests import digest_file
from artifacts.store.manifest import flatten
from artifacts.store.runs import find_run
from rnn.datasets.xsinx import generate
from rnn.evaluation.sweep import Outcome, Trial, leaderboard
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe

NAME = "20260301T000000Z-aaaaaa"


@pytest.fixture
def reread(store, tamper):
    """The run, after its files were changed."""

    def read():
        tamper(store / NAME, {})
        return find_run(str(store), NAME)

    return read


def test_nested_settings_go_by_their_flags():
    assert flatten({"seed": 1, "article": {"lr": 2, "more": {"x": None}}}) == {
        "seed": 1, "article.lr": 2, "article.more.x": None,
    }  # fmt: skip


def test_the_data_are_told_with_rows_digest_and_how_they_were_made(kept):
    run = find_run(str(kept), NAME)
    assert data_of(run) == {
        "rows": 120, "digest": run.manifest["data"], "source": "generated x·sin(x)", "noise": 0.01, "seed": 3,
        "step": 0.05,
    }  # fmt: skip


def test_a_users_file_is_told_with_what_was_found_in_it(store, reread):
    found = {"file": "sales.csv", "rows": 9, "time_column": "day", "repairs": {"sorted": 1}}
    made = {"source": "sales.csv", "digest": "ab", "found": found}
    write_series(store / NAME / "dataset.parquet", generate(120, 0.05, 0.01, stream(3, "noise")), made)
    data = data_of(reread())
    assert data["digest"] == digest_file(store / NAME / "dataset.parquet")
    assert data["rows"] == 120
    assert {name: value for name, value in data.items() if name.startswith("the file's ")} == {
        "the file's digest": "ab", "the file's file": "sales.csv", "the file's rows": 9,
        "the file's time column": "day", "the file's repairs.sorted": 1,
    }  # fmt: skip


def test_data_that_cannot_be_read_still_have_their_digest(store, reread):
    (store / NAME / "dataset.parquet").write_bytes(b"rubbish")
    assert data_of(reread())["rows"] is None


def test_a_run_without_a_data_set_has_the_series_it_keeps_or_none(store, reread):
    (store / NAME / "dataset.parquet").unlink()
    assert data_of(reread()) == {}
    (store / NAME / "series/xsinx").mkdir(parents=True)
    (store / NAME / "series/xsinx/series.parquet").write_bytes(b"")
    assert list(data_of(reread())) == ["xsinx"]


def test_the_results_are_the_errors_of_forecasts_and_fits(kept):
    assert results_of(find_run(str(kept), NAME)) == {
        "forecast error of article": 2.5, "training error of article": 0.5,
    }  # fmt: skip


def test_a_sweeps_results_are_those_of_its_best_setting(store, reread):
    outcomes = [Outcome(Trial(ArticleRecipe(lr=lr), 0), lr, 2 * lr, 0, 1, 0) for lr in (0.2, 0.1)]
    write_leaderboard(store / NAME / LEADERBOARD, leaderboard(outcomes))
    found = results_of(reread())
    assert found["training error of the best setting"] == found["learning rate of the best setting"] == 0.1
    assert found["forecast error of the best setting"] == 0.2


def test_an_evaluations_results_are_by_method_and_series(store, reread, evaluation):
    write_comparison(store / NAME / COMPARISON, evaluation.scores())
    found = results_of(reread())
    assert found["forecast error of persistence on xsinx"] == evaluation.scores()["xsinx"]["persistence"].typical


def test_a_retrainings_result_is_its_verdict(store, reread):
    verdict = {"decision": "keep", "serves": {"run": "r", "method": "persistence"}}
    (store / NAME / "verdict.json").write_text(json.dumps(verdict))
    found = results_of(reread())
    assert (found["decision"], found["model that is served"]) == ("keep", "persistence of r")


@pytest.mark.parametrize("text", ["", "[]", '{"forecast": {"article": {}}}', '{"forecast": 3}', "\x00"])
def test_metrics_of_another_kind_are_no_results(store, reread, text):
    (store / NAME / "metrics.json").write_text(text)
    assert results_of(reread()) == {}
