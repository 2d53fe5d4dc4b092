"""Trainings by other processes: the same as here, no more in hand than there is room for, and what was not expected."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rnn.errors import SeriesTooShort
from rnn.recipes import AutoregressiveRecipe
from rnn.series import generate
from rnn.streams import stream
from rnn.trained_ahead import BLOCK, TrainedAhead, trained_ahead
from rnn.trainings import Trainings

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
        trained_ahead(plain(), [16], TINY, 0, 2) as trainings,
        pytest.raises(SeriesTooShort),
    ):
        trainings.at([16], TINY, 0)
