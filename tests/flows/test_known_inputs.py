"""Inputs known ahead on a Prefect test server: a run with them and without, then retrainings that go on with them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from artifacts.files.forecasts import read_forecasts
from artifacts.files.models import read_ensemble
from artifacts.files.series import read_series
from flows.pipeline import pipeline
from flows.retrain import retrain
from flows.settings.pipeline import PipelineSettings
from flows.settings.retrain import RetrainSettings
from rnn.known_inputs import NotKnownAhead
from rnn.recipes import AutoregressiveRecipe

pytestmark = pytest.mark.usefixtures("prefect_server")

SMALL = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
POINTS, AHEAD = 217, 14


@pytest.fixture
def sales(tmp_path):
    """`sales(points)`: a file with so many values, and promotions of 14 days more."""
    rng = np.random.default_rng(0)
    promotion = (rng.random(POINTS + AHEAD) < 0.2).astype(int)
    y = 100 + 30 * promotion + rng.normal(0, 2, len(promotion))

    def written(points: int) -> str:
        days = pd.date_range("2026-01-01", periods=points + AHEAD)
        table = pd.DataFrame({"day": days, "sales": y[: len(days)].round(2), "promotion": promotion[: len(days)]})
        table.loc[points:, "sales"] = np.nan
        table.to_csv(tmp_path / "sales.csv", index=False)
        return str(tmp_path / "sales.csv")

    written.y, written.promotion = y, promotion
    return written


def off(place: str, sales, points: int, method: str) -> float:
    forecasts, _ = read_forecasts(Path(place) / "forecast.parquet")
    said = next(one for one in forecasts if one.method == method).y.ravel()
    return float(np.sqrt(np.mean((said - sales.y[points : points + len(said)]) ** 2)))


def test_a_run_and_retrainings_forecast_with_what_is_known_ahead(tmp_path, sales):
    given = {"data": sales(POINTS - 7), "known_ahead": ("promotion",), "group_size": 7, "horizon": 1}
    given |= {"autoregressive": SMALL, "holidays": "DE"}
    place = pipeline(PipelineSettings(store=str(tmp_path / "runs"), **given))
    assert off(place, sales, POINTS - 7, "autoregressive") < 6
    assert off(place, sales, POINTS - 7, "ridge autoregression") < 6
    metrics = json.loads((Path(place) / "metrics.json").read_text())
    now, plain = metrics["hindsight"]["methods"], metrics["without_inputs"]
    for method in ("autoregressive", "ridge autoregression"):
        assert now[method]["rmse"] < 0.5 * plain[method]["rmse"]
    page = (Path(place) / "report.html").read_text()
    assert "a unit adds" in page
    assert "They helped there." in page
    known = read_series(Path(place) / "dataset.parquet").known
    assert known.names == ("promotion", "holidays DE")
    assert known.values[:, 0].tolist() == sales.promotion[: POINTS + 7].tolist()

    store = str(tmp_path / "store")
    first = retrain(RetrainSettings(store=store, folds=3, **given))
    assert off(first, sales, POINTS - 7, "served") < 6
    sales(POINTS)
    again = retrain(RetrainSettings(store=store, folds=3, autoregressive=SMALL))  # the store knows the inputs
    assert again != first
    assert off(again, sales, POINTS, "served") < 6
    effect = read_ensemble(Path(again) / "models" / "autoregressive").effect
    assert 25 < effect.effects.coefficient[0] < 35

    with pytest.raises(NotKnownAhead, match=r"ends 14 points after the last value \(column 'promotion' at .*line 232"):
        retrain(RetrainSettings(store=str(tmp_path / "other"), **{**given, "horizon": 3}))
