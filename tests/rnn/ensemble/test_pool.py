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


def test_after_a_level_shift_the_forecast_is_near_and_its_interval_narrow():
    widths, errors = [], []
    for seed in range(12):
        y = 100 + np.random.default_rng(seed).normal(size=68)
        shifted = y + 30 * (np.arange(68) >= 40)
        pools = [StatisticalPool.fit(one[:60], [], 8).forecast(8) for one in (y, shifted)]
        widths.append([np.subtract(*one.interval(0.9)[::-1]).mean() for one in pools])
        errors.append([np.abs(one.y - truth[60:]).mean() for one, truth in zip(pools, (y, shifted), strict=True)])
    assert np.mean(errors, axis=0)[1] < 1.3 * np.mean(errors, axis=0)[0]
    assert np.mean(widths, axis=0)[1] < 1.6 * np.mean(widths, axis=0)[0]


def test_missing_points_are_kept_missing_and_not_looked_at():
    y = monthly(3)[:72]
    holed = y.copy()
    holed[[4, 30, 31, 60]] = np.nan
    pool = StatisticalPool.fit(holed, [12], 12)
    again = StatisticalPool.from_arrays(pool.arrays())
    assert np.isnan(again.history).sum() == 4
    np.testing.assert_array_equal(again.forecast(12).y, pool.forecast(12).y)
    np.testing.assert_allclose(pool.forecast(12).y, StatisticalPool.fit(y, [12], 12).forecast(12).y, rtol=0.1)
    assert all(np.isfinite(one).all() for one in pool.earlier([31, 50], 12))
    with pytest.raises(SeriesTooShort, match="6 points are too few"):
        StatisticalPool.fit(np.r_[np.ones(6), np.full(9, np.nan)], [], 3)


def test_intervals_of_small_counts_end_at_whole_numbers_and_hold():
    held, widths = [], []
    for seed in range(60):
        y = np.random.default_rng(seed).poisson(2.5, 68).astype(float)
        one = StatisticalPool.fit(y[:60], [], 8).forecast(8)
        low, high = one.interval(0.9)
        assert (low == np.rint(low)).all()
        assert (high == np.rint(high)).all()
        assert low.min() >= 0
        half = one.interval(0.5)
        assert (half[0] <= one.y).all()
        assert (one.y <= half[1]).all()
        held.append((low <= y[60:]) & (y[60:] <= high))
        widths.append(high - low)
    assert 0.85 < np.mean(held) < 0.99
    assert np.mean(widths) < 7


def test_a_pool_that_was_saved_when_there_were_fewer_members_forecasts_as_before():
    pool = StatisticalPool.fit(monthly(4)[:72], [12], 12)
    older = pool.arrays() | {"statistical_weight": pool.weight[:20] / pool.weight[:20].sum()}
    again = StatisticalPool.from_arrays(older)
    assert (again.weight[20:] == 0).all()
    assert np.isfinite(again.forecast(12).y).all()
