import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from rnn.datasets.xsinx import curve
from rnn.elman.forecaster import Elman
from rnn.ensemble.forecaster import Autoregressive
from rnn.evaluation.baselines import Persistence
from rnn.evaluation.benchmark import (
    NAMES,
    BenchmarkCase,
    cases,
    errors_known,
    join,
    predict,
)
from rnn.evaluation.methods import METHODS
from rnn.forecast import grid
from rnn.origins import ORIGINS, earlier_origins
from rnn.series import Groups, Series, group

BOUNDS = ("lower50", "upper50", "lower90", "upper90")


def wave(points=240, size=4):
    t = np.arange(1.0, points + 1)
    return group(Series(t, np.sin(t / 9) + 0.01 * np.cos(t), 1.0), size)


def exam_on(groups, origins=(40, 50), horizon=5):
    truth = np.array([groups.y[o : o + horizon, :, 0] for o in origins])
    return BenchmarkCase(0, groups, origins, truth)


def forgetful(groups, origin):
    """The same series with another future from `origin` on."""
    y = groups.y.copy()
    y[origin:] = 1e3
    return Groups(groups.x, y, groups.step, groups.dropped)


def test_the_articles_series_is_forecast_from_its_end_against_the_curve():
    one, other = cases("xsinx", 7, 2, 5)
    assert (one.seed, other.seed) == (7, 8)
    assert one.origins == (100,)
    assert one.horizon == 20
    x = one.ahead(100)
    np.testing.assert_allclose(x, grid("text", 6.0, 0.01, 6, 20))
    assert np.array_equal(one.truth[0], curve(x))
    assert not np.array_equal(one.groups.y, other.groups.y)


def test_another_series_is_forecast_from_rolling_origins_against_what_came():
    (exam,) = cases("damped-sine", 0, 16, 5)
    assert len(exam.origins) == 5
    for origin, truth in zip(exam.origins, exam.truth, strict=True):
        assert np.array_equal(truth, exam.groups.y[origin : origin + 20, :, 0])
        np.testing.assert_allclose(exam.ahead(origin), exam.groups.x[origin : origin + 20, :, 0])


def test_every_name_is_one_of_nine():
    assert len(NAMES) == 9


@pytest.mark.parametrize("name", ["persistence", "ridge autoregression", "autoregressive"])
def test_nothing_of_an_answer_depends_on_what_comes_after_its_origin(name):
    groups = wave()
    before, after = (predict(name, METHODS[name], exam_on(one)) for one in (groups, forgetful(groups, 50)))
    for field in ("y", *BOUNDS):
        assert np.array_equal(getattr(before, field), getattr(after, field)), field
    # What came between the two origins changes the second answer alone.
    changed = predict(name, METHODS[name], exam_on(forgetful(groups, 40)))
    np.testing.assert_allclose(changed.y[0], before.y[0], rtol=1e-6)
    np.testing.assert_allclose(changed.upper90[0], before.upper90[0], rtol=1e-6)
    assert not np.array_equal(changed.upper90[1], before.upper90[1])


class Undrawn(Autoregressive):
    draws_intervals = False


def test_the_networks_intervals_are_its_own():
    exam = exam_on(wave(), (50,))
    own = predict("autoregressive", METHODS["autoregressive"], exam)
    given = predict("autoregressive", lambda size, seed: Undrawn(group_size=size, seed=seed), exam)
    np.testing.assert_allclose(own.y, given.y, rtol=1e-6)
    assert not np.allclose(own.upper90 - own.y, given.upper90 - given.y, rtol=0.1, atol=0)


def test_a_method_rehearses_at_earlier_origins_and_then_at_the_judged_ones():
    seen = []

    class Spy(Persistence):
        def _learn(self, series, horizon):
            seen.append(len(series) // 4)

    predict("spy", lambda size, seed: Spy(), exam_on(wave()))
    assert seen == [*earlier_origins(40, 5), 40, 50]


def test_intervals_surround_their_forecast_and_one_level_the_other():
    said = predict("ridge autoregression", METHODS["ridge autoregression"], exam_on(wave()))
    ordered = [said.lower90, said.lower50, said.y, said.upper50, said.upper90]
    assert all((low <= high).all() for low, high in pairwise(ordered))


def test_the_outcome_of_a_rehearsal_counts_as_far_as_it_was_known():
    groups = wave()
    errors = errors_known(groups, (30, 38), np.zeros((2, 5, 4)), 40)
    assert np.array_equal(errors[0], groups.y[30:35, :, 0])
    assert np.array_equal(errors[1, :2], groups.y[38:40, :, 0])
    assert np.isnan(errors[1, 2:]).all()


@pytest.mark.parametrize(("first", "horizon"), [(100, 20), (50, 20), (24, 8), (21, 1)])
def test_rehearsals_come_before_the_first_origin(first, horizon):
    places = earlier_origins(first, horizon)
    assert 1 <= len(places) <= ORIGINS
    assert 20 <= places[0] <= places[-1] < first


def test_a_series_too_short_to_rehearse_on_has_forecasts_without_intervals():
    assert earlier_origins(21, 20) == ()
    said = predict("persistence", METHODS["persistence"], exam_on(wave(120), (21,)))
    assert np.isfinite(said.y).all()
    said = predict("persistence", METHODS["persistence"], exam_on(wave(120), (20,)))
    assert all(np.isnan(getattr(said, bound)).all() for bound in BOUNDS)


def test_a_method_that_diverged_leaves_nan_all_along():
    said = predict("article", lambda size, seed: Elman(lr=10, epochs=9, group_size=size), exam_on(wave()))
    assert all(np.isnan(getattr(said, field)).all() for field in ("y", "mase", *BOUNDS))


class Breaking(Persistence):
    """A method of another library that fails on some series."""

    def mean(self, horizon):
        if len(self.series) < 180:
            raise TypeError("in another library")
        return super().mean(horizon)


def test_where_another_library_fails_there_is_no_forecast_and_the_others_stay():
    said = predict("breaking", lambda size, seed: Breaking(), exam_on(wave(240), (40, 50)))
    assert np.isnan(said.y[0]).all()
    assert np.isfinite(said.y[1]).all()


def test_answers_to_several_exams_are_joined_in_order():
    asked = cases("xsinx", 3, 2, 5)
    each = [predict("linear", METHODS["linear"], exam) for exam in asked]
    both = join(each)
    assert both.seed.tolist() == [3, 4]
    for field in dataclasses.fields(both):
        if field.name != "method":
            assert len(getattr(both, field.name)) == 2
    assert np.array_equal(both.y[1], each[1].y[0])
