import numpy as np
import pytest

from rnn.ensemble.pool import LONGEST, MOST, StatisticalPool
from rnn.errors import SeriesTooShort


def monthly(seed, years=6):
    """A positive series with trend, season and noise, of random strengths: a year more than is known."""
    rng, t = np.random.default_rng(seed), np.arange(12 * (years + 1))
    shape = rng.normal(0, rng.uniform(0, 0.2), 12)
    level = np.cumsum(rng.normal(rng.uniform(0, 0.01), 0.03, len(t)))
    return 100 * np.exp(level + shape[t % 12] + rng.normal(0, 0.05, len(t)))


def test_it_beats_the_naive_and_the_seasonal_naive_forecast_and_its_intervals_hold():
    errors, held = [], []
    for seed in range(40):
        y = monthly(seed)
        known, truth = y[:-12], y[-12:]
        one = StatisticalPool.fit(known, [12], 12).forecast(12)
        low, high = one.quantiles((0.05, 0.95))
        held.append((low <= truth) & (truth <= high))
        naive = np.abs(known[-1] - truth).mean(), np.abs(known[-12:] - truth).mean()
        errors.append(np.log(np.abs(one.y - truth).mean() / np.array(naive)))
    assert np.exp(np.mean(errors, axis=0)) == pytest.approx([0.6, 0.7], abs=0.2)
    assert 0.82 < np.mean(held) < 0.97


def test_it_is_its_arrays():
    pool = StatisticalPool.fit(monthly(0), [12], 12, (1.0, np.inf))
    again = StatisticalPool.from_arrays(pool.arrays())
    assert again.seasons == (12,)
    assert again.bounds == (1.0, np.inf)
    np.testing.assert_array_equal(again.forecast(12).quantiles((0.1,)), pool.forecast(12).quantiles((0.1,)))


def test_earlier_forecasts_are_those_of_the_beginning_with_the_same_weights():
    y = monthly(1)
    pool = StatisticalPool.fit(y, [12], 12)
    (near, far) = pool.earlier([len(y) - 5, len(y) - 20], 12)
    assert (len(near), len(far)) == (5, 12)
    np.testing.assert_allclose(near, pool.after(y[:-5]).forecast(5).y, rtol=1e-9)


def test_of_a_very_long_series_the_newest_points_are_kept():
    y = np.random.default_rng(0).normal(size=5000)
    assert len(StatisticalPool.fit(y, [7], 5).history) == MOST
    assert len(StatisticalPool.fit(y, [336], 5).history) == 6 * 336
    assert len(StatisticalPool.fit(y, [1200], 5).history) == LONGEST
    assert StatisticalPool.fit(y, [2000], 5).seasons == ()


@pytest.mark.parametrize("points", range(7))
def test_fewer_than_seven_points_are_refused_in_one_line(points):
    with pytest.raises(SeriesTooShort, match="at least 7"):
        StatisticalPool.fit(np.ones(points), [], 3)


@pytest.mark.parametrize("unit", [1e-300, 1e-9, 1e300])
def test_the_unit_does_not_matter(unit):
    y = monthly(2)
    there, here = (StatisticalPool.fit(factor * y, [12], 6).forecast(6) for factor in (unit / 200, 1.0))
    np.testing.assert_allclose(there.y / unit * 200, here.y, rtol=1e-6)
    np.testing.assert_allclose(there.width / unit * 200, here.width, rtol=1e-6)


def test_counts_with_zeros_are_never_forecast_below_zero():
    y = np.random.default_rng(0).poisson(0.4, 60).astype(float)
    one = StatisticalPool.fit(y, [], 8).forecast(8)
    assert one.quantiles((0.01, 0.05)).min() >= 0
    assert one.y.min() >= 0
