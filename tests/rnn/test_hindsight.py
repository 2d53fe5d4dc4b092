import numpy as np
import pytest

from rnn.backtest import Backtest
from rnn.hindsight import hindsight
from rnn.intervals import Intervals
from rnn.judging import rmse

RNG = np.random.default_rng(0)
ORIGINS = (30, 40, 50)
TRUTH = RNG.normal(size=(3, 10, 2))


def test_of(method: str, off: float, origins=ORIGINS, intervals=None) -> Backtest:
    return Backtest(method, origins, TRUTH + off * RNG.normal(size=TRUTH.shape), TRUTH, intervals)


test_of.__test__ = False


def test_errors_are_over_all_origins_and_beside_persistence():
    tests = {"persistence": test_of("persistence", 2), "it": test_of("it", 1)}
    found = hindsight(tests)
    assert found["it"].rmse == pytest.approx(rmse(tests["it"].y, TRUTH))
    assert found["it"].to_persistence == pytest.approx(found["it"].rmse / found["persistence"].rmse)
    assert found["it"].by_step.shape == (10,)
    assert found["it"].by_step[3] == pytest.approx(rmse(tests["it"].y[:, 3], TRUTH[:, 3]))


def test_intervals_are_those_that_could_have_been_drawn_then():
    test = test_of("persistence", 1)
    held = hindsight({"persistence": test})["persistence"].intervals
    changed = Backtest("persistence", ORIGINS, test.y.copy(), TRUTH)
    changed.y[2] += 100  # what came last tells nothing of what was known before
    again = hindsight({"persistence": changed})["persistence"].intervals
    assert again.width90 == pytest.approx(held.width90)
    assert again.coverage90 < held.coverage90


def test_an_outcome_that_was_not_known_yet_is_not_used():
    near = (30, 33, 36)
    test = test_of("persistence", 1, near)
    held = hindsight({"persistence": test})["persistence"].intervals
    test.y[0, 6:] += 1000  # after group 36, where the last origin is
    test.y[1, 3:] += 1000
    assert hindsight({"persistence": test})["persistence"].intervals.width90 == pytest.approx(held.width90)


def test_a_method_that_draws_its_own_intervals_is_judged_by_them():
    all_of_it = Intervals(*(np.full((10, 2), bound) for bound in (-50.0, 50.0, -90.0, 90.0)))
    tests = {"persistence": test_of("persistence", 1, intervals=(None, all_of_it, all_of_it))}
    held = hindsight(tests)["persistence"].intervals
    assert (held.coverage90, held.width90) == (1, 180)


def test_one_origin_has_no_intervals():
    one = Backtest("persistence", (30,), TRUTH[:1] + 1, TRUTH[:1])
    assert hindsight({"persistence": one})["persistence"].intervals is None
