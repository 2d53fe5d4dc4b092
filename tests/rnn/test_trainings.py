import numpy as np
import pytest

from rnn import autoregression
from rnn.errors import SeriesTooShort
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series
from rnn.streams import stream
from rnn.trainings import Trainings

QUICK = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
WAVE = Series(np.arange(1.0, 181), np.sin(np.arange(180) / 7), 1.0)


@pytest.fixture
def counted(monkeypatch):
    """How many series each call of the training was given."""
    calls, train = [], autoregression.train_together

    def counting(series, *args, **kwargs):
        calls.append(len(series))
        return train(series, *args, **kwargs)

    monkeypatch.setattr("rnn.trainings.train_together", counting)
    return calls


def test_each_is_trained_once_and_together_with_what_else_is_missing(counted):
    trainings = Trainings(WAVE, 3, 4)
    first = trainings.at([120, 150], QUICK, 0)
    again = trainings.at([150, 180, 120], QUICK, 0)
    assert counted == [2, 1]
    assert again[0] is first[1]
    assert again[2] is first[0]
    trainings.at([120], QUICK, 1)
    trainings.at([120], QUICK.model_copy(update={"hidden": 5}), 0)
    assert counted == [2, 1, 1, 1]


def test_an_ensemble_is_what_it_would_be_alone():
    trainings = Trainings(WAVE, 3, 4)
    together = trainings.at([121, 150], QUICK, 7)[0]
    alone = autoregression.train(trainings.groups(121), QUICK, stream(7, "autoregressive"), horizon=4)
    np.testing.assert_array_equal(together.forecast(4), alone.forecast(4))


def test_it_learns_from_the_newest_points_before_its_end():
    groups = Trainings(WAVE, 3, 4, newest=60).groups(121)
    assert groups.x.ravel().tolist() == list(range(62, 122))
    assert Trainings(WAVE, 3, 4).groups(121).dropped == 1


def test_too_short_a_beginning_is_refused():
    with pytest.raises(SeriesTooShort):
        Trainings(WAVE, 3, 4).at([6], QUICK, 0)
