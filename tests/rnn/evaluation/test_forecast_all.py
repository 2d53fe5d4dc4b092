from functools import cache

import numpy as np
import pytest

from rnn.datasets.xsinx import curve
from rnn.elman.forecaster import Elman
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import train
from rnn.ensemble import training
from rnn.ensemble.forecaster import Autoregressive
from rnn.evaluation.forecast_all import forecast_all
from rnn.evaluation.methods import COMPARED, make
from rnn.experiment import Experiment
from rnn.metrics import rmse
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe
from rnn.series import ungroup

HORIZON = 5
SMALL = AutoregressiveRecipe(iterations=5, memories=(6, 24), penalties=(1e-5,), recurrent_memories=(12,), members=6)
GROUPS = Experiment(points=300).groups(0)


@cache
def models():
    network = ElmanNetwork.random(np.random.default_rng(0), 6, 20, 6)
    return {
        "article": train(network, GROUPS, ArticleRecipe(epochs=2)),
        "autoregressive": training.train(GROUPS, SMALL, np.random.default_rng(0), horizon=HORIZON),
    }


def forecasts(grid="text", rehearsed=None):
    network, ensemble = models().values()
    series = ungroup(GROUPS)
    trained = {
        "article": Elman.trained(network, series, ArticleRecipe(epochs=2), "article"),
        "autoregressive": Autoregressive.trained(ensemble, series, SMALL),
    }
    compared = {name: make(name, 6) for name in COMPARED}
    return {f.method: f for f in forecast_all(GROUPS, trained, compared, rehearsed or {}, grid, HORIZON)}


def test_the_recipes_come_first_then_what_they_are_compared_with():
    assert list(forecasts()) == ["article", "autoregressive", *COMPARED]


def test_each_says_what_its_own_model_says():
    made = forecasts()
    network, ensemble = models().values()
    assert np.array_equal(made["article"].y, forecast(network.network, made["article"].x, network.h_last))
    assert np.array_equal(made["autoregressive"].y, ensemble.forecast(HORIZON + 1)[:HORIZON])
    assert (made["persistence"].y == GROUPS.y[-1, -1, 0]).all()


def test_an_ensemble_knows_its_intervals_the_others_only_with_rehearsals():
    bare = forecasts()
    assert [name for name, f in bare.items() if f.intervals] == ["autoregressive"]
    errors = np.random.default_rng(1).normal(size=(3, HORIZON, 6))
    known = forecasts(rehearsed={"article": errors, "linear": errors, "persistence": np.full_like(errors, np.nan)})
    assert {name for name, f in known.items() if f.intervals} == {"autoregressive", "article", "linear"}
    for f in known.values():
        if f.intervals:
            assert (f.intervals.lower90 <= f.intervals.lower50).all()
            assert (f.intervals.lower50 <= f.y).all()
            assert (f.y <= f.intervals.upper50).all()
            assert (f.intervals.upper50 <= f.intervals.upper90).all()


@pytest.mark.parametrize("grid", ["text", "code"])
def test_an_ensemble_is_read_off_where_the_grid_asks(grid):
    made = forecasts(grid)["autoregressive"]
    assert np.isfinite(made.y).all()
    assert rmse(made.y, curve(made.x)) < 0.2 * rmse(forecasts(grid)["persistence"].y, curve(made.x))
