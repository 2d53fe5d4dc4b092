"""The evaluation on a Prefect test server: what it leaves behind, what it does not repeat, how it fails."""

import json
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from artifacts.files.parquet import read_table
from artifacts.reports.evaluate_pictures import OVERVIEWS
from flows.evaluate import evaluate
from flows.settings.evaluate import EvaluateSettings
from rnn.evaluation.benchmark import NAMES
from rnn.evaluation.methods import METHODS, PEERS
from tests.run_records import artifact, manifest

pytestmark = pytest.mark.usefixtures("prefect_server")

SERIES = ("xsinx", "logistic")
QUICK = ("autoregressive", "article", "persistence", "ridge autoregression")
FILES = {
    "comparison.md", "comparison.parquet", "forecasts.parquet", "results.parquet", "report.html", "manifest.json",
    *(f"series/{name}/{file}.parquet" for name in SERIES for file in ("series", "truth")),
    *(f"plots/{plot}.png" for plot in ("relative", "error-by-step", "forecasts", "coverage", "forecast-xsinx",
                                       "forecast-logistic")),
}  # fmt: skip


def quick(store: Path, **changes) -> EvaluateSettings:
    return EvaluateSettings(
        **{"store": str(store), "series": SERIES, "seeds": 2, "origins": 2, "peers": False, **changes}
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module", autouse=True)
def few_methods():
    """The fully connected network alone takes a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.settings.evaluate.METHODS", {name: METHODS[name] for name in QUICK})
        yield


@pytest.fixture(scope="module")
def run(prefect_server, few_methods, store) -> str:
    return evaluate(quick(store))


def test_a_run_leaves_a_whole_folder(run):
    assert {path.relative_to(run).as_posix() for path in Path(run).rglob("*") if path.is_file()} == FILES


def test_every_method_predicts_every_case(run):
    columns, _ = read_table(Path(run) / "results.parquet")
    asked = set(zip(columns["series"], columns["method"], columns["seed"], columns["origin"], strict=True))
    assert len(asked) == len(QUICK) * (2 + 2)
    assert {method for _, method, _, _ in asked} == set(QUICK)


def test_the_manifest_knows_the_settings(run, store):
    assert manifest(run)["flow"] == "evaluate"
    assert EvaluateSettings.model_validate(manifest(run)["config"]) == quick(store)


def test_report_and_comparison_are_prefect_artifacts(run):
    report = artifact(run, "evaluation")
    assert report.data.count("](data:image/png;base64,") == OVERVIEWS
    rows = json.loads(artifact(run, "comparison").data)
    assert [row["series"] for row in rows] == ["x·sin(x)", "logistic trend and season"]
    assert artifact(run, "evaluation-progress").data == 100.0


def test_the_page_for_the_docs_holds_the_same_rows(run):
    rows = json.loads(artifact(run, "comparison").data)
    text = (Path(run) / "comparison.md").read_text()
    assert all(f"| {' | '.join(row.values())} |" in text for row in rows)


def test_an_unchanged_evaluation_is_not_repeated_and_has_the_same_bytes(run, store):
    again = evaluate(quick(store))
    assert all(step["cached"] for step in manifest(again)["execution"]["steps"].values())
    assert manifest(again)["files"] == manifest(run)["files"]


def test_another_series_alone_is_new(run, store):
    wider = evaluate(quick(store, series=(*SERIES, "lorenz")))
    steps = manifest(wider)["execution"]["steps"]
    assert {name for name, step in steps.items() if not step["cached"]} == {
        "set lorenz", *(f"{method} on lorenz" for method in QUICK), "compare", "draw",
    }  # fmt: skip


def test_a_missing_library_fails_in_one_line_that_names_the_extra(store, monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels.datasets", None)
    state = evaluate(quick(store, series=("xsinx", "co2")), return_state=True)
    assert state.is_failed()
    assert "\n" not in state.message
    assert ".[peers]" in state.message


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"series": ("tides",)}, "no series 'tides'"), ({"series": ("co2", "co2")}, "once"), ({"series": ()}, "at least"),
     ({"seeds": 0}, "greater than or equal to 1"), ({"origins": 0}, "greater than or equal to 1")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong, told):
    with pytest.raises(ValidationError, match=told):
        EvaluateSettings(**wrong)


def test_without_settings_everything_takes_part(monkeypatch):
    monkeypatch.setattr("flows.settings.evaluate.find_spec", lambda name: name)
    assert EvaluateSettings().series == NAMES
    assert EvaluateSettings().chosen() == (*QUICK, *PEERS)
    assert EvaluateSettings(peers=False).chosen() == QUICK


def test_peers_that_are_not_installed_do_not_take_part(monkeypatch):
    monkeypatch.setattr("flows.settings.evaluate.find_spec", lambda name: None)
    assert EvaluateSettings().chosen() == QUICK
