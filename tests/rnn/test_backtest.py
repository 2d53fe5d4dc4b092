import numpy as np
import pytest

from rnn.backtest import backtest, before, rolling_origins
from rnn.errors import SeriesTooShort
from rnn.methods import METHODS, autoregressive
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
