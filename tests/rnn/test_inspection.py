from dataclasses import replace

import numpy as np
import pytest

from rnn.datasets.xsinx import generate
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import train
from rnn.ensemble import training
from rnn.forecast import grid
from rnn.inspection import Anatomy, of_member, of_network
from rnn.known_inputs import KnownInputs
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe
from rnn.scaling import Scaling
from rnn.series import group, ungroup

HORIZON = 4


@pytest.fixture(scope="module")
def groups():
    return group(generate(180, 0.05, 0.01, stream(0, "noise")), 6)


@pytest.fixture(scope="module")
def ahead(groups):
    return grid("text", float(groups.x[-1, -1, 0]), groups.step, 6, HORIZON)


@pytest.fixture(scope="module")
def trained(groups):
    return train(ElmanNetwork.random(stream(0, "article"), 6, 5, 6), groups, ArticleRecipe(epochs=3))


@pytest.fixture(scope="module")
def ensemble(groups):
    recipe = AutoregressiveRecipe(iterations=3, memories=(3, 6), recurrent_memories=(6,), members=6, folds=2)
    return training.train(groups, recipe, stream(0, "autoregressive"), horizon=HORIZON)


def test_the_forecast_within_is_the_forecast(trained, groups, ahead):
    inside = of_network(trained, groups, ahead)
    assert np.array_equal(inside.outputs[inside.seen :], forecast(trained.network, ahead, trained.h_last))
    assert inside.states.shape == (len(groups) + HORIZON, 5)


def test_over_the_series_it_walks_from_rest(trained, groups, ahead):
    inside = of_network(trained, groups, ahead)
    ys, _ = trained.network.run(groups.x, trained.network.rest())
    assert np.array_equal(inside.outputs[: inside.seen], ys[:, :, 0])


def test_the_articles_forecast_leaves_the_trained_range_at_once(trained, groups, ahead):
    inside = of_network(trained, groups, ahead)
    assert inside.range == (groups.x.min(), groups.x.max())
    assert inside.leaves == 1


def test_a_members_forecast_within_is_its_forecast(ensemble, groups):
    said = ensemble.members(HORIZON)
    for member in range(len(said)):
        inside = of_member(ensemble, member, groups, HORIZON)
        *units, log = ensemble.scaling[member].tolist()
        assert np.allclose(Scaling(*units, bool(log)).unscale(inside.outputs[inside.seen :]), said[member], rtol=1e-9)


def test_a_members_state_after_the_series_is_the_one_it_forecasts_from(ensemble, groups):
    for member in range(len(ensemble.w)):
        if np.any(ensemble.z[member]):
            inside = of_member(ensemble, member, groups, HORIZON)
            assert np.allclose(inside.states[inside.seen - 1], ensemble.h[member, :, 0])


def test_a_member_that_sees_inputs_known_ahead_walks_with_them():
    rng = np.random.default_rng(0)
    series = generate(180, 0.05, 0.01, stream(0, "noise"))
    known = KnownInputs(("promotion",), (rng.random((180 + 6 * HORIZON, 1)) < 0.2).astype(float))
    told = group(replace(series, y=series.y + known.values[:180, 0], known=known), 6)
    recipe = AutoregressiveRecipe(iterations=3, memories=(3,), recurrent_memories=(6,), members=9, folds=2)
    trained = training.train(told, recipe, stream(0, "autoregressive"), horizon=HORIZON)
    left = replace(group(trained.effect.left(ungroup(told)), 6), known=known)
    said = trained.members(HORIZON)
    for member in range(len(said)):
        inside = of_member(trained, member, left, HORIZON)
        *units, log = trained.scaling[member].tolist()
        assert np.allclose(Scaling(*units, bool(log)).unscale(inside.outputs[inside.seen :]), said[member], rtol=1e-9)


def test_saturation_and_range_are_told_by_step():
    states = np.array([[0.0, 0.5], [0.995, 0.5], [-0.999, 1.0]])
    inputs = np.array([[1.0], [2.0], [2.0]])
    inside = Anatomy({}, states, inputs, inputs, 2)
    assert inside.saturated.tolist() == [0.0, 0.5, 1.0]
    assert inside.leaves is None
    assert Anatomy({}, states, np.array([[1.0], [2.0], [2.1]]), inputs, 2).leaves == 1
