"""The competitions' measures with values computed by hand, and what resampling tells of methods."""

import numpy as np
import pytest

from rnn.evaluation.suite_forecasts import Attempt
from rnn.evaluation.suite_scores import (
    FIGURES,
    RESAMPLES,
    SuiteScores,
    interval_score,
    naive_scale,
    ranks,
    relative,
    resamples,
    score,
    score_all,
    smape,
)
from rnn.evaluation.suites import Window
from rnn.intervals import BOUNDS

HISTORY = np.array([10.0, 20, 12, 26, 11, 23])
TRUTH = np.array([10.0, 30])


def test_smape_is_that_of_the_competitions():
    # 200·|10 − 30|/40 = 100 and 200·|30 − 10|/40 = 100; then 200·2/18 = 22.22… and 0.
    assert smape(np.array([30.0, 10]), TRUTH) == pytest.approx(100)
    assert smape(np.array([8.0, 30]), TRUTH) == pytest.approx(100 / 9)
    assert smape(np.zeros(2), np.zeros(2)) == 0
    assert smape(np.array([-1.0]), np.array([1.0])) == 200


def test_the_scale_is_the_seasonal_naive_error_within_the_history():
    # By two: |12 − 10|, |26 − 20|, |11 − 12|, |23 − 26|. By one: 10, 8, 14, 15, 12.
    assert naive_scale(HISTORY, 2) == 3
    assert naive_scale(HISTORY, 1) == pytest.approx(11.8)
    assert naive_scale(HISTORY, 12) == naive_scale(HISTORY, 1)
    assert np.isnan(naive_scale(np.ones(5), 1))
    assert np.isnan(naive_scale(np.ones(1), 1))


def test_the_interval_score_adds_twenty_times_what_lies_beyond():
    # Widths 4 and 4; the first truth lies 1 below, the second 0.5 above: 4 + 20 and 4 + 10.
    lower, upper = np.array([11.0, 25.5]), np.array([15.0, 29.5])
    assert interval_score(lower, upper, TRUTH) == pytest.approx(19)
    assert interval_score(lower, upper, np.array([12.0, 26])) == 4
    assert interval_score(lower, upper, TRUTH, outside=0.05) == pytest.approx(4 + 40 * 0.75)


WINDOW = Window("s", "monthly", (2,), 6, HISTORY, TRUTH)


def of(*y, half50=1.0, half90=3.0, failure=""):
    y = np.array(y, dtype=float)
    drawn = y - half50, y + half50, y - half90, y + half90
    return Attempt("s@6", WINDOW.digest, y, dict(zip(BOUNDS, drawn, strict=True)), 0.5, failure)


def test_an_attempt_has_all_figures():
    # Errors 2 and 4, scale 3: MASE 1. Bounds 9 … 15 and 23 … 29: 6, and 6 + 20·1; over 3.
    assert score(WINDOW, of(12, 26)) == {
        "smape": pytest.approx((200 * 2 / 22 + 200 * 4 / 56) / 2),
        "mase": pytest.approx(1),
        "msis": pytest.approx(16 / 3),
        "inside50": 0,
        "inside90": 0.5,
        "seconds": 0.5,
        "failed": 0,
    }
    assert score(WINDOW, of(12, 26, failure="no"))["failed"] == 1


def test_without_intervals_or_scale_the_figures_are_unknown():
    none = score(WINDOW, of(12, 26, half50=np.nan, half90=np.nan))
    assert np.isnan([none["msis"], none["inside50"], none["inside90"]]).all()
    still = Window("s", "monthly", (2,), 6, np.ones(6), TRUTH)
    assert np.isnan([score(still, of(12, 26))[name] for name in ("mase", "msis")]).all()


def test_a_series_score_is_the_mean_over_its_windows():
    other = Window("t", "yearly", (), 6, HISTORY, TRUTH)
    scores = score_all([WINDOW, other, WINDOW], {"a": [of(12, 26), of(10, 30), of(10, 30)]})
    assert scores.series == ("s", "t")
    assert scores.group.tolist() == ["monthly", "yearly"]
    np.testing.assert_allclose(scores.of("a", "mase"), [0.5, 0])
    assert scores.within("yearly").series == ("t",)
    np.testing.assert_allclose(scores.within("monthly").of("a", "mase"), [0.5])


def table(**mase):
    rows = np.array(list(mase.values()), dtype=float)
    series = tuple(f"s{k}" for k in range(rows.shape[1]))
    return SuiteScores(
        methods=tuple(mase), series=series, group=np.full(len(series), "monthly"), **dict.fromkeys(FIGURES, rows)
    )


def test_ratios_are_of_means_and_geometric():
    scores = table(a=[1, 2, 8, 1, 1], b=[2, 2, 2, 2, 2])
    ratio = relative(scores, "a", "b")
    assert ratio.of_means.value == pytest.approx(1.3)
    assert ratio.geometric.value == pytest.approx((0.5 * 1 * 4 * 0.5 * 0.5) ** 0.2)
    assert ratio.count == 5
    assert ratio.of_means.lower < 1 < ratio.of_means.upper
    assert not ratio.of_means.credible
    assert relative(scores, "b", "b").of_means.value == 1


def test_a_difference_on_every_series_is_credible():
    rng = np.random.default_rng(0)
    b = rng.uniform(1, 3, 60)
    ratio = relative(table(a=0.8 * b, b=b), "a", "b")
    for one in (ratio.of_means, ratio.geometric):
        assert (one.value, one.lower, one.upper) == pytest.approx((0.8,) * 3)
        assert one.credible


def test_the_bounds_of_a_mean_are_those_that_its_standard_error_gives():
    rng = np.random.default_rng(1)
    a = rng.normal(10, 2, 400)
    one = relative(table(a=a, b=np.full(400, 10.0)), "a", "b").of_means
    assert one.upper - one.lower == pytest.approx(2 * 1.645 * 0.2 / np.sqrt(400), rel=0.1)


def test_what_is_unknown_to_either_is_left_out_and_zero_errors_of_the_geometric_mean():
    scores = table(a=[np.nan, 2, 0, 1, 1, 1, 1], b=[1, 1, 1, np.nan, 1, 1, 1])
    ratio = relative(scores, "a", "b")
    assert ratio.count == 5
    assert ratio.of_means.value == 1
    assert ratio.geometric.value == pytest.approx(2**0.25)
    assert np.isnan(ratio.geometric.lower)
    assert np.isnan(relative(table(a=[1, 1], b=[0, 0]), "a", "b").of_means.value)
    assert np.isnan(relative(table(a=[np.nan], b=[1]), "a", "b").of_means.value)


def test_few_series_have_no_bounds_and_nothing_is_credible():
    scores = table(a=[1, 1, 1, 1], b=[2, 2, 2, 2])
    assert np.isnan(relative(scores, "a", "b").of_means.upper)
    assert not relative(scores, "a", "b").of_means.credible
    assert not ranks(scores).better.any()


def test_ranks_are_means_over_the_series_and_ties_share():
    scores = table(a=[1, 1, 1, 1, 1, np.nan], b=[2, 2, 2, 2, 2, 0], c=[2, 2, 2, 2, 2, 0])
    found = ranks(scores)
    assert [found.mean[name].value for name in "abc"] == [1, 2.5, 2.5]
    assert found.better.tolist() == [[False, True, True], [False, False, False], [False, False, False]]


def test_noise_is_not_told_apart():
    rng = np.random.default_rng(2)
    found = ranks(table(**{name: rng.uniform(1, 2, 100) for name in "ab"}))
    assert not found.better.any()
    assert found.mean["a"].lower < 1.5 < found.mean["a"].upper


def test_a_bootstrap_sample_has_as_many_series():
    drawn = resamples(7)
    assert drawn.shape == (RESAMPLES, 7)
    assert set(drawn.sum(axis=1)) == {7}
    np.testing.assert_array_equal(drawn, resamples(7))
    assert resamples(0).shape == (RESAMPLES, 0)
