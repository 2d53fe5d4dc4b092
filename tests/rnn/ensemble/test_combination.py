from statistics import NormalDist

import numpy as np
import pytest

from rnn.ensemble.combination import (
    PointForecast,
    are_counts,
    combined,
    member_weights,
    normal_score,
    past_moves,
    quantile_scores,
    rehearsed_ratio,
    relative_length,
    series_class,
)
from rnn.ensemble.prior_table import LEVELS, QUANTILES
from rnn.ensemble.rehearsal import rehearse
from rnn.ensemble.statistical_members import MEMBERS


def rehearsed(y, horizon=8):
    return rehearse(np.asarray(y, dtype=float), [], horizon)


def test_weights_are_one_together_and_nothing_goes_to_who_says_nothing():
    found = rehearsed(np.random.default_rng(0).normal(size=50))
    weight = member_weights(found, 50, 1)
    assert weight.sum() == pytest.approx(1)
    assert (weight[np.isnan(found.now.members[:, 0])] == 0).all()
    assert np.isfinite(combined(found.now, weight)).all()


def test_who_has_rehearsed_better_weighs_more_than_its_prior():
    line, level = (member_weights(rehearsed(y), 40, 1) for y in (
        100 + 2.0 * np.arange(40), 100 + np.random.default_rng(0).normal(size=40)
    ))  # fmt: skip
    trend, steady = MEMBERS.index("plain trend"), MEMBERS.index("plain level")
    assert line[trend] / line[steady] > 5 * level[trend] / level[steady]


def test_classes_are_none_short_and_long_seasons_and_lengths_are_relative_to_them():
    assert [series_class(season) for season in (1, 4, 6, 7, 12, 168)] == [0, 1, 1, 2, 2, 2]
    assert relative_length(20, 1) == relative_length(45, 4) == relative_length(75, 12) == 0
    assert relative_length(10**6, 1) == 2.5


def test_larger_rehearsed_errors_make_a_larger_ratio():
    steady = np.r_[np.random.default_rng(0).normal(size=60)]
    shifted = np.r_[steady[:58], steady[58:] + 15]
    ratio = [rehearsed_ratio(rehearsed(y), np.full(len(MEMBERS), 1 / len(MEMBERS))) for y in (steady, shifted)]
    assert ratio[1] > ratio[0] + 0.3


def test_quantiles_are_the_tables_at_its_levels_and_ordered_everywhere():
    for row in range(3):
        np.testing.assert_allclose(quantile_scores(LEVELS, row), QUANTILES[row])
        assert (np.diff(quantile_scores(np.linspace(0.0005, 0.9995, 99), row)) > 0).all()
    np.testing.assert_allclose(normal_score(np.array([0.05])), NormalDist().inv_cdf(0.05))


def test_a_positive_forecast_has_positive_quantiles_and_none_leaves_the_bounds():
    y, width = np.array([10.0, 1.0]), np.array([3.0, 5.0])
    free = PointForecast(y, width, 0, False).quantiles((0.025, 0.5, 0.975))
    positive = PointForecast(y, width, 0, True).quantiles((0.025, 0.5, 0.975))
    assert (free[0] < 0).any()
    assert (positive > 0).all()
    np.testing.assert_allclose(free[2], positive[2])
    bounded = PointForecast(y, width, 0, False, (0.5, 11.0)).quantiles((0.001, 0.999))
    assert bounded.min() >= 0.5
    assert bounded.max() <= 11.0


def test_how_far_a_series_moved_in_as_many_steps_grows_for_a_walk_and_not_for_noise():
    noise = np.random.default_rng(0).normal(size=400)
    walk = past_moves(np.cumsum(noise), 1, 16)
    assert walk[15] / walk[0] == pytest.approx(4, rel=0.3)
    assert past_moves(noise, 1, 16)[15] == pytest.approx(past_moves(noise, 1, 16)[0], rel=0.1)
    seasonal = past_moves(noise + 50 * np.tile(np.arange(4.0), 100), 4, 8)
    np.testing.assert_allclose(seasonal, past_moves(noise, 4, 8))
    gone = np.where(np.arange(400) % 9 == 4, np.nan, noise)
    np.testing.assert_allclose(past_moves(gone, 1, 16), past_moves(noise, 1, 16), rtol=0.15)
    np.testing.assert_allclose(
        past_moves(np.cumsum(noise[:9]), 1, 20)[19], past_moves(np.cumsum(noise[:9]), 1, 5)[4] * 2
    )


def test_counts_are_whole_never_negative_and_mostly_small():
    assert are_counts(np.array([0.0, 3, 1, np.nan, 2]))
    assert not are_counts(np.array([0.0, 3.5, 1, 2]))
    assert not are_counts(np.array([-1.0, 3, 1, 2]))
    assert not are_counts(np.array([100.0, 300, 120]))
    assert not are_counts(np.zeros(9))
