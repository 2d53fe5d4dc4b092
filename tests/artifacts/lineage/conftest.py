"""A small store whose forecasts were served as retrainings serve them, made without Prefect."""

import json

import numpy as np
import pytest

from artifacts.files.forecasts import FORECAST, write_forecasts
from artifacts.files.models import write_ensemble
from artifacts.files.series import DATASET, write_series
from artifacts.lifecycle.verdict import VERDICT
from artifacts.lineage.forecast_change import explain_forecast, two_served
from artifacts.lineage.provenance import provenance_of
from artifacts.store.manifest import write_manifest
from artifacts.store.store import Store
from rnn.ensemble.training import train
from rnn.lifecycle.folds import Contender
from rnn.lifecycle.serving import served_beside
from rnn.random_streams import stream
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series, group, newest

RECIPE = AutoregressiveRecipe(iterations=2, hidden=3, folds=2)
A = "20260101T000000Z-aaaaaa"
WAVE = np.sin(np.arange(200) / 5) + np.random.default_rng(3).normal(0, 0.02, 200)


class Operator:
    """Publishes forecasts into a store as a retraining does, without Prefect, and remembers what was trained."""

    def __init__(self, folder) -> None:
        self.folder, self.trained = folder, {}

    def serve(self, name, y, recipe=RECIPE, seed=0, by=None, method="autoregressive", calendar=None, newest_=None):
        """A run that serves what it learned from y, or the model of the run `by`, or a naive `method`."""
        series, folder = Series(np.arange(float(len(y))), y, 1.0), self.folder / name
        (folder / "models/autoregressive").mkdir(parents=True)
        write_series(folder / DATASET, series, {"source": "wave.csv", "digest": "0"}, calendar)
        groups = group(newest(series, newest_), 4)
        if by is None:
            self.trained[name] = train(groups, recipe, stream(seed, "autoregressive"), horizon=6)
            write_ensemble(folder / "models/autoregressive", self.trained[name])
        ensemble = self.trained[by or name] if method == "autoregressive" else None
        contender = Contender(method, recipe, seed, ensemble)
        write_forecasts(folder / FORECAST, served_beside(contender, {}, groups, 6), None, calendar)
        (folder / VERDICT).write_text(json.dumps({"decision": "promote", "serves": {"run": by, "method": method}}))
        config = {
            "seed": seed, "group_size": 4, "horizon": 6, "newest": newest_, "folds": 4, "margin": 0.05,
            "autoregressive": recipe.model_dump(mode="json"),
        }  # fmt: skip
        published = {"run": name, "published": f"{name[:4]}-{name[4:6]}-{name[6:8]}T00:00:00+00:00"}
        write_manifest(folder, "retrain", config, {}, published)

    def change(self, *given):
        """Why the forecast moved."""
        store = Store(str(self.folder))
        return explain_forecast(store, *two_served(store, given))

    def provenances(self, *given):
        """What the two forecasts were made from, the older one first."""
        store = Store(str(self.folder))
        return tuple(provenance_of(store, served) for served in two_served(store, given))


@pytest.fixture
def operator(tmp_path) -> Operator:
    operator = Operator(tmp_path)
    operator.serve(A, WAVE[:120])
    return operator
