"""An evaluation on a suite, on a Prefect test server: what it leaves, and that it goes on where it was killed."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import ValidationError

from artifacts.files.parquet import read_table
from artifacts.store.cache import Cache
from artifacts.store.shards import Shards
from flows.evaluate import evaluate
from flows.settings.evaluate import EvaluateSettings
from rnn.evaluation.suites import windows
from tasks import evaluate_suite

METHODS = ("persistence", "seasonal naive", "DOT")
FILES = {
    "comparison.md", "attempts.parquet", "forecasts.parquet", "scores.parquet", "report.html", "manifest.json",
    "plots/relative.png", "plots/ranks.png",
}  # fmt: skip


def quick(store: Path, **changes) -> EvaluateSettings:
    return EvaluateSettings(**{"store": str(store), "suite": "m1", "sample": 6, "methods": METHODS, **changes})


@pytest.mark.usefixtures("prefect_server")
def test_a_suite_is_evaluated_and_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.evaluate.runner", lambda name, workers, address: ThreadPoolTaskRunner(max_workers=1))
    tried = []
    attempt = evaluate_suite.attempt

    def dying(method, window, seed=0):
        if len(tried) == 8:
            raise KeyboardInterrupt
        tried.append((method, window.name))
        return attempt(method, window, seed)

    monkeypatch.setattr(evaluate_suite, "attempt", dying)
    with suppress(BaseException):
        evaluate(quick(tmp_path))
    before = list(tried)
    assert len(before) == 8
    tried.clear()
    monkeypatch.setattr(evaluate_suite, "attempt", lambda *args: (tried.append(args[:1]), attempt(*args))[1])
    place = Path(evaluate(quick(tmp_path)))
    assert len(tried) == 3 * 6 - 8
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == FILES
    columns, _ = read_table(place / "scores.parquet")
    assert columns["method"].tolist() == [method for method in METHODS for _ in range(6)]
    assert set(columns["series"]) == {window.series for window in windows("m1", 6)}
    config = json.loads((place / "manifest.json").read_text())["config"]
    assert EvaluateSettings.model_validate(config) == quick(tmp_path)
    assert "6 series of M1" in (place / "comparison.md").read_text()
    assert len(Shards(Cache(tmp_path).root, "DOT", 0).read()) == 6


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"methods": ("crystal ball",)}, "no method 'crystal ball', but autoregressive"),
     ({"methods": ("DOT", "DOT")}, "once"), ({"suite": "textbook", "methods": ()}, "--suite m1 or m3"),
     ({"series": ("co2",)}, "--sample"), ({"dask_address": "tcp://x:1"}, "--runner dask"),
     ({"methods": ("LightGBM on lags",)}, "no method"), ({"sample": 0}, "greater than")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(tmp_path, wrong, told):
    with pytest.raises(ValidationError, match=told):
        quick(tmp_path, **wrong)


def test_methods_are_those_of_the_suite_in_its_order():
    assert EvaluateSettings(suite="m1", methods=("DOT", "persistence")).chosen() == ("persistence", "DOT")
    assert "LightGBM on lags" in EvaluateSettings(suite="long").chosen()
    assert EvaluateSettings(suite="m3", peers=False).chosen() == (
        "autoregressive", "persistence", "seasonal naive", "ridge autoregression",
    )  # fmt: skip
