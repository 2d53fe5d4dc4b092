"""The main job on a file of the user's own, on a Prefect test server."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from artifacts.files.parquet import read_table
from artifacts.files.series import read_calendar, read_made
from artifacts.store.digests import digest_file
from artifacts.store.store import Store
from flows.pipeline import pipeline
from flows.settings.pipeline import PipelineSettings
from rnn.readers.summary import FileSummary
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe
from rnn.task_choice import plan_for
from tests.run_records import manifest

SMALL = AutoregressiveRecipe(iterations=20, memories=(6, 24), recurrent_memories=(12,), penalties=(1e-3,), members=8)
EVIL = "<img src=x onerror=alert(1)>|$v$"


def write(path: Path, n: int = 180) -> Path:
    months = pd.date_range("2004-01-01", periods=n, freq="MS")
    value = 100 + 10 * np.sin(np.arange(n) * 2 * np.pi / 12) + np.random.default_rng(0).normal(0, 1, n)
    pd.DataFrame({"month": months, EVIL: value}).to_csv(path, index=False)
    return path


def settings(store: Path, data: Path | str, **changes) -> PipelineSettings:
    return PipelineSettings(
        **{"store": str(store), "data": str(data), "group_size": 6, "horizon": 4, "autoregressive": SMALL, **changes}
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("data") / "sales.csv")


@pytest.fixture(scope="module")
def place(prefect_server, store, data) -> Path:
    return Path(pipeline(settings(store, data)))


def test_only_the_autoregressive_recipe_is_trained_and_others_when_asked_for(data, store):
    assert settings(store, data).recipes == ("autoregressive",)
    assert settings(store, data, recipes=("article",)).recipes == ("article",)
    assert PipelineSettings().recipes == ("untuned", "article", "autoregressive")


@pytest.mark.parametrize("changes", [{"points": 7}, {"step": 1.0}, {"noise": 0.5}])
def test_what_is_said_of_the_generated_series_is_refused_beside_a_file(store, data, changes):
    with pytest.raises(ValidationError, match=f"--{next(iter(changes))} is for the generated series"):
        settings(store, data, **changes)


@pytest.mark.parametrize("changes", [{"time_column": "t"}, {"repair": ("sort",)}, {"fill_gaps": 2}])
def test_what_is_said_of_a_file_is_refused_without_one(changes):
    with pytest.raises(ValidationError, match="is for a file: give --data too"):
        PipelineSettings(**changes)


def test_settings_come_back_from_their_record(store, data):
    given = settings(store, data, fill_gaps=2)
    assert PipelineSettings.model_validate(given.model_dump(mode="json")) == given


def test_data_and_forecast_have_times_of_the_calendar(place):
    columns, _ = read_table(place / "dataset.parquet")
    assert columns["x"].tolist() == list(range(180))
    assert str(columns["time"][1])[:10] == "2004-02-01"
    assert read_calendar(place / "dataset.parquet").frequency == "MS"
    schema = pq.read_schema(place / "forecast.parquet")
    assert str(schema.field("time").type) == "timestamp[us, tz=UTC]"
    forecast, _ = read_table(place / "forecast.parquet")
    assert str(forecast["time"][0])[:10] == "2019-01-01"
    assert set(forecast["recipe"]) == {"autoregressive", "persistence", "seasonal naive", "ridge autoregression"}


def test_the_manifest_has_the_file_and_the_digest_of_its_bytes(place, data):
    assert manifest(place)["source"] == {"file": str(data), "digest": digest_file(data)}
    assert manifest(place)["config"]["data"] == str(data)
    assert read_made(place / "dataset.parquet")["found"]["points"] == 180


def test_everybody_is_judged_at_earlier_origins(place):
    metrics = json.loads((place / "metrics.json").read_text())
    assert metrics["forecast"] == {}
    methods = metrics["hindsight"]["methods"]
    assert methods["autoregressive"]["rmse"] < methods["persistence"]["rmse"]
    assert all(0 <= score["intervals"]["coverage90"] <= 1 for score in methods.values())
    assert len(metrics["hindsight"]["origins"]) == 5
    assert (place / "plots/error-by-step.png").exists()


def test_the_report_shows_a_users_text_as_text(place):
    html = (place / "report.html").read_text()
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "earlier origins" in html


def test_a_file_is_read_once_and_again_when_its_bytes_change(place, store, tmp_path):
    data = write(tmp_path / "sales.csv")
    one, same = pipeline(settings(store, data)), pipeline(settings(store, data))
    assert manifest(same)["execution"]["steps"]["read"]["cached"]
    data.write_text(data.read_text() + "2019-01-01,100\n")
    other = pipeline(settings(store, data))
    assert not manifest(other)["execution"]["steps"]["read"]["cached"]
    assert manifest(other)["data"] != manifest(one)["data"]


def test_a_password_is_written_nowhere(prefect_server, store, data, monkeypatch):
    import fsspec

    with fsspec.open("memory://it/sales.csv", "wb") as file:
        file.write(data.read_bytes())
    real = fsspec.core.url_to_fs
    monkeypatch.setattr(
        "rnn.readers.files.fsspec.core.url_to_fs", lambda url: real(url.replace("https://me:secret@host", "memory:/"))
    )
    place = Path(pipeline(settings(store, "https://me:secret@host/it/sales.csv")))
    written = b"".join(path.read_bytes() for path in place.rglob("*") if path.suffix in {".json", ".html", ".parquet"})
    assert b"secret" not in written
    assert manifest(place)["config"]["data"] == "https://…@host/it/sales.csv"


def test_a_short_series_is_forecast_and_nothing_is_claimed_of_it(prefect_server, store, tmp_path):
    place = Path(pipeline(settings(store, write(tmp_path / "short.csv", 126))))
    assert "too short to forecast from an earlier point" in (place / "report.html").read_text()
    assert not (place / "plots/error-by-step.png").exists()


def test_the_articles_recipe_may_be_asked_for(prefect_server, store, data):
    asked = settings(store, data, recipes=("article",), article=ArticleRecipe(epochs=1, lr=1e-9))
    assert (Path(pipeline(asked)) / "plots/fit-article.png").exists()


def test_a_refused_file_fails_the_run_in_one_line(prefect_server, store, tmp_path):
    (tmp_path / "bad.csv").write_text("t,v\n1,2\n2,x\n3,4\n4,5\n5,6\n")
    runs = Store(str(store)).runs()
    state = pipeline(settings(store, tmp_path / "bad.csv"), return_state=True)
    assert state.is_failed()
    assert "line 3, column 'v': 'x' is no number" in state.message
    assert Store(str(store)).runs() == runs


def test_a_run_without_a_task_takes_the_doctors_and_records_it_as_numbers(prefect_server, store, data, caplog):
    place = Path(pipeline(settings(store, data, group_size=None, horizon=None)))
    found = FileSummary(**read_made(place / "dataset.parquet")["found"])
    plan, config = plan_for(found), manifest(place)["config"]
    assert (config["group_size"], config["horizon"]) == (plan.group_size, plan.horizon)
    forecast, _ = read_table(place / "forecast.parquet")
    assert (forecast["recipe"] == "persistence").sum() == plan.group_size * plan.horizon
    assert f"{' '.join(plan.why)} (--group-size and --horizon ask for others)" in caplog.text


def test_the_forecast_to_use_is_in_the_terminal_and_in_a_file_for_spreadsheets(prefect_server, store, data, caplog):
    place = Path(pipeline(settings(store, data)))
    file = pd.read_csv(place / "forecast.csv", parse_dates=["ds", "ds_utc"])
    assert len(file) == 24
    assert str(file["ds"][0])[:10] == "2019-01-01"
    methods = json.loads((place / "metrics.json").read_text())["hindsight"]["methods"]
    best = min(methods, key=lambda method: methods[method]["rmse"])
    columns, _ = read_table(place / "forecast.parquet")
    np.testing.assert_allclose(file["wavecast"], columns["y_pred"][columns["recipe"] == best])
    assert f"The forecast by '{best}':" in caplog.text
    assert f"14 more rows and all intervals: {place}/forecast.csv" in caplog.text


def test_a_horizon_beyond_what_is_known_fails_in_one_line(prefect_server, store, data):
    state = pipeline(settings(store, data, horizon=100), return_state=True)
    assert state.is_failed()
    assert "is more than the 180 points that are known" in state.message
