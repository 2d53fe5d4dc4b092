import numpy as np
import pytest

from rnn.evaluation.methods import make
from rnn.lifecycle.folds import Contender
from rnn.lifecycle.serving import serve, served_beside
from rnn.lifecycle.trainings import Trainings
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series, ungroup

QUICK = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
NOISE = np.random.default_rng(0).normal(0, 0.05, 240)
WAVE = Series(np.arange(1.0, 241), np.sin(np.arange(240) / 7) + NOISE, 1.0)
HORIZON = 4


@pytest.fixture(scope="module")
def trainings():
    return Trainings(WAVE, 3, HORIZON)


@pytest.fixture(scope="module")
def network(trainings):
    return Contender("autoregressive", QUICK, 0, trainings.at([180], QUICK, 0)[0], 180)


def test_a_champion_forecasts_from_the_newest_data_with_the_weights_that_it_has(trainings, network):
    said = serve(network, trainings.groups(240), HORIZON)
    assert said.x.ravel().tolist() == list(range(241, 253))
    np.testing.assert_array_equal(said.y, network.ensemble.after(trainings.groups(240)).forecast(HORIZON))
    assert (said.intervals.lower90 <= said.intervals.lower50).all()
    assert (said.intervals.upper50 <= said.intervals.upper90).all()


@pytest.mark.parametrize("method", ["persistence", "seasonal naive"])
def test_a_naive_champion_says_what_the_method_says_with_intervals(trainings, method):
    groups = trainings.groups(240)
    said = serve(Contender(method, QUICK, 0), groups, HORIZON)
    np.testing.assert_array_equal(said.y, make(method).fit(ungroup(groups)).mean(said.y.size).reshape(said.y.shape))
    assert said.intervals is not None


def test_too_few_groups_for_a_rehearsal_leave_no_intervals(trainings):
    assert serve(Contender("persistence", QUICK, 0), trainings.groups(45), HORIZON).intervals is None


def test_everybody_stands_beside_the_served_one_under_a_name_of_their_own(trainings, network):
    groups, naive = trainings.groups(240), Contender("persistence", QUICK, 0)
    said = {f.method: f for f in served_beside(naive, {"challenger": network}, groups, HORIZON)}
    assert list(said) == ["served", "challenger", "persistence", "seasonal naive"]
    np.testing.assert_array_equal(said["served"].y, said["persistence"].y)
    np.testing.assert_array_equal(said["challenger"].y, serve(network, groups, HORIZON).y)
