"""Trainings by other processes: the same as here, no more in hand than there is room for, and what was not expected."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rnn.datasets.xsinx import generate
from rnn.ensemble import training
from rnn.errors import SeriesTooShort
from rnn.lifecycle.trainings import BLOCK, TrainedAhead, Trainings, trained_ahead
from rnn.random_streams import stream
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series

TINY = AutoregressiveRecipe(
    iterations=2, gains=(0.3,), hidden=4, memories=(3, 6), recurrent_memories=(6,), ranks=(), members=6, folds=2
)
ENDS = list(range(120, 200, 4))


def plain() -> Trainings:
    return Trainings(generate(200, 0.05, 0.01, stream(0, "noise")), 4, 3, 120)


@pytest.fixture
def ahead():
    with ThreadPoolExecutor(2) as pool:
        yield TrainedAhead(plain(), ENDS, TINY, 0, pool, 2)


def test_it_is_the_same_as_here(ahead):
    for one, other in zip(ahead.at(ENDS, TINY, 0), plain().at(ENDS, TINY, 0), strict=True):
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in
                   zip(one.arrays().values(), other.arrays().values(), strict=True))  # fmt: skip


def test_only_what_is_needed_soon_is_taken(ahead):
    ahead.at(ENDS[:1], TINY, 0)
    assert len(ahead.known) == BLOCK


def test_what_nobody_expected_is_trained_here(ahead):
    ahead.at([198], TINY, 0)
    ahead.at(ENDS[:1], TINY, 7)
    assert set(ahead.known) == {(198, TINY, 0), (ENDS[0], TINY, 7)}


def test_with_one_worker_there_is_no_other_process():
    here = plain()
    with trained_ahead(here, ENDS, TINY, 0, 1) as trainings:
        assert trainings is here


def test_a_failure_elsewhere_is_one_here():
    with (
        trained_ahead(plain(), [6], TINY, 0, 2) as trainings,
        pytest.raises(SeriesTooShort),
    ):
        trainings.at([6], TINY, 0)


QUICK = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
WAVE = Series(np.arange(1.0, 181), np.sin(np.arange(180) / 7), 1.0)


@pytest.fixture
def counted(monkeypatch):
    """The number of points of each training."""
    calls, train = [], training.train

    def counting(groups, *args, **kwargs):
        calls.append(groups.x.size)
        return train(groups, *args, **kwargs)

    monkeypatch.setattr("rnn.lifecycle.trainings.train", counting)
    return calls


class InMemory(dict):
    """Keeps results as the disk would."""

    put = dict.__setitem__


def test_each_is_trained_once(counted):
    told = []
    trainings = Trainings(WAVE, 3, 4, on_training=told.append)
    first = trainings.at([120, 150], QUICK, 0)
    again = trainings.at([150, 180, 120], QUICK, 0)
    assert counted == [120, 150, 180]
    assert told == [120, 150, 150, 180, 120]
    assert again[0] is first[1]
    assert again[2] is first[0]
    trainings.at([120], QUICK, 1)
    trainings.at([120], QUICK.model_copy(update={"hidden": 5}), 0)
    assert counted == [120, 150, 180, 120, 120]


def test_after_a_kill_only_what_is_missing_is_trained(counted):
    kept = InMemory()
    before = Trainings(WAVE, 3, 4, kept=kept).at([120, 150], QUICK, 0)
    after = Trainings(WAVE, 3, 4, kept=kept).at([120, 150, 180], QUICK, 0)
    assert counted == [120, 150, 180]
    for one, other in zip(before, after, strict=False):
        np.testing.assert_array_equal(one.forecast(4), other.forecast(4))
    Trainings(WAVE, 3, 4, kept=kept).at([120], QUICK, 1)  # of another seed nothing is kept
    assert counted[-1] == 120


def test_other_processes_do_not_train_what_was_kept(counted):
    kept, pool = InMemory(), ThreadPoolExecutor(1)
    here = Trainings(WAVE, 3, 4, kept=kept)
    here.at([120, 150], QUICK, 0)
    with pool:
        TrainedAhead(Trainings(WAVE, 3, 4, kept=kept), [120, 150, 180], QUICK, 0, pool, 2).at([120, 180], QUICK, 0)
    assert counted == [120, 150, 180]
    assert len(kept) == 3


def test_an_ensemble_is_what_it_would_be_alone():
    trainings = Trainings(WAVE, 3, 4)
    together = trainings.at([121, 150], QUICK, 7)[0]
    alone = training.train(trainings.groups(121), QUICK, stream(7, "autoregressive"), horizon=4)
    np.testing.assert_array_equal(together.forecast(4), alone.forecast(4))


def test_it_learns_from_the_newest_points_before_its_end():
    groups = Trainings(WAVE, 3, 4, newest=60).groups(121)
    assert groups.x.ravel().tolist() == list(range(62, 122))
    assert Trainings(WAVE, 3, 4).groups(121).dropped == 1


def test_too_short_a_beginning_is_refused():
    with pytest.raises(SeriesTooShort):
        Trainings(WAVE, 3, 4).at([6], QUICK, 0)
