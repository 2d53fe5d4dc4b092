import numpy as np
import pytest

from rnn.errors import SeriesTooShort
from rnn.evaluation.backtest import Backtest, backtest, before, rolling_origins, score_backtests
from rnn.evaluation.methods import METHODS, autoregressive
from rnn.intervals import Intervals
from rnn.metrics import rmse
from rnn.series import Series, group


def wave(points=240, size=4):
    t = np.arange(1.0, points + 1)
    return group(Series(t, np.sin(t / 9), 1.0), size)


def rng_of(name):
    return np.random.default_rng(0)


def test_origins_are_even_and_leave_a_whole_horizon():
    assert rolling_origins(100, 20, 4) == (50, 60, 70, 80)
    assert rolling_origins(40, 20, 5) == (20,)


def test_too_few_groups_for_one_fold_are_refused():
    with pytest.raises(SeriesTooShort, match="give 40 groups"):
        rolling_origins(39, 20, 5)


def test_a_method_sees_only_what_was_before_its_origin():
    seen = []

    def spy(groups, x, rng):
        seen.append((len(groups), float(groups.x.max()), float(x.min())))
        return np.zeros(x.shape)

    done = backtest(wave(), {"spy": spy}, 10, 3, rng_of)["spy"]
    assert [count for count, _, _ in seen] == list(done.origins)
    assert all(last < first for _, last, first in seen)


def test_errors_are_truth_less_forecast_at_the_right_places():
    groups = wave()
    done = backtest(groups, {"persistence": METHODS["persistence"]}, 10, 3, rng_of)["persistence"]
    for k, origin in enumerate(done.origins):
        assert np.array_equal(done.truth[k], groups.y[origin : origin + 10, :, 0])
        assert np.array_equal(done.errors[k], done.truth[k] - groups.y[origin - 1, -1, 0])


def test_the_networks_in_lockstep_forecast_what_each_does_alone():
    groups = wave()
    done = backtest(groups, {"autoregressive": autoregressive}, 6, 2, rng_of)["autoregressive"]
    for k, origin in enumerate(done.origins):
        x = groups.x[origin : origin + 6, :, 0]
        np.testing.assert_allclose(
            done.y[k], autoregressive(before(groups, origin), x, rng_of("")), rtol=1e-5, atol=1e-6
        )


RNG = np.random.default_rng(0)
ORIGINS = (30, 40, 50)
TRUTH = RNG.normal(size=(3, 10, 2))


def test_of(method: str, off: float, origins=ORIGINS, intervals=None) -> Backtest:
    return Backtest(method, origins, TRUTH + off * RNG.normal(size=TRUTH.shape), TRUTH, intervals)


test_of.__test__ = False


def test_errors_are_over_all_origins_and_beside_persistence():
    tests = {"persistence": test_of("persistence", 2), "it": test_of("it", 1)}
    found = score_backtests(tests)
    assert found["it"].rmse == pytest.approx(rmse(tests["it"].y, TRUTH))
    assert found["it"].to_persistence == pytest.approx(found["it"].rmse / found["persistence"].rmse)
    assert found["it"].by_step.shape == (10,)
    assert found["it"].by_step[3] == pytest.approx(rmse(tests["it"].y[:, 3], TRUTH[:, 3]))


def test_intervals_are_those_that_could_have_been_drawn_then():
    test = test_of("persistence", 1)
    held = score_backtests({"persistence": test})["persistence"].intervals
    changed = Backtest("persistence", ORIGINS, test.y.copy(), TRUTH)
    changed.y[2] += 100  # what came last tells nothing of what was known before
    again = score_backtests({"persistence": changed})["persistence"].intervals
    assert again.width90 == pytest.approx(held.width90)
    assert again.coverage90 < held.coverage90


def test_an_outcome_that_was_not_known_yet_is_not_used():
    near = (30, 33, 36)
    test = test_of("persistence", 1, near)
    held = score_backtests({"persistence": test})["persistence"].intervals
    test.y[0, 6:] += 1000  # after group 36, where the last origin is
    test.y[1, 3:] += 1000
    assert score_backtests({"persistence": test})["persistence"].intervals.width90 == pytest.approx(held.width90)


def test_a_method_that_draws_its_own_intervals_is_judged_by_them():
    all_of_it = Intervals(*(np.full((10, 2), bound) for bound in (-50.0, 50.0, -90.0, 90.0)))
    tests = {"persistence": test_of("persistence", 1, intervals=(None, all_of_it, all_of_it))}
    held = score_backtests(tests)["persistence"].intervals
    assert (held.coverage90, held.width90) == (1, 180)


def test_one_origin_has_no_intervals():
    one = Backtest("persistence", (30,), TRUTH[:1] + 1, TRUTH[:1])
    assert score_backtests({"persistence": one})["persistence"].intervals is None
