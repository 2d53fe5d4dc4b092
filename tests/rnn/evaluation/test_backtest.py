from typing import ClassVar

import numpy as np
import pytest

from rnn.ensemble.forecaster import Autoregressive
from rnn.errors import SeriesTooShort
from rnn.evaluation.backtest import Backtest, NotForecasters, backtest, backtest_groups, score_backtests
from rnn.evaluation.baselines import Persistence, SeasonalNaive
from rnn.intervals import Intervals
from rnn.metrics import rmse
from rnn.recipes import BadSetting
from rnn.series import Series, group, ungroup


def wave(points=240, size=4):
    t = np.arange(1.0, points + 1)
    return group(Series(t, np.sin(t / 9), 1.0), size)


class Spy(Persistence):
    name = "spy"
    seen: ClassVar[list[tuple[int, float]]] = []

    def _learn(self, series, horizon):
        self.seen.append((len(series), float(series.x.max())))


def test_a_method_sees_only_what_was_before_its_origin():
    Spy.seen.clear()
    done = backtest_groups(wave(), {"spy": Spy()}, 10)["spy"]
    assert [count for count, _ in Spy.seen] == [4 * origin for origin in done.origins]
    assert all(last == count for count, last in Spy.seen)


class InMemory(dict):
    """Keeps results as the disk would."""

    put = dict.__setitem__


def test_each_fold_is_kept_and_is_not_done_again():
    kept, told, groups = InMemory(), [], wave()
    network = Autoregressive(group_size=4, iterations=3, hidden=4)
    whole = backtest_groups(groups, {"a": network, "spy": Spy()}, 6, kept, told.append)
    folds = len(whole["a"].origins)
    assert told == ["a"] * folds + ["spy"] * folds
    assert len(kept) == 2 * folds
    del kept[next(reversed(kept))]  # as if the process had been killed in the last one
    Spy.seen.clear()
    again = backtest_groups(groups, {"a": network, "spy": Spy()}, 6, kept)
    assert len(Spy.seen) == 1
    np.testing.assert_array_equal(again["a"].y, whole["a"].y)
    assert np.array_equal(again["a"].intervals[0].lower90, whole["a"].intervals[0].lower90)


def test_errors_are_truth_less_forecast_at_the_right_places():
    groups = wave()
    done = backtest_groups(groups, {"persistence": Persistence()}, 10)["persistence"]
    for k, origin in enumerate(done.origins):
        assert np.array_equal(done.truth[k], groups.y[origin : origin + 10, :, 0])
        assert np.array_equal(done.errors[k], done.truth[k] - groups.y[origin - 1, -1, 0])


def test_the_networks_in_lockstep_forecast_what_each_does_alone():
    groups = wave()
    network = Autoregressive(group_size=4)
    done = backtest_groups(groups, {"autoregressive": network}, 6)["autoregressive"]
    for k, origin in enumerate(done.origins):
        alone = Autoregressive(group_size=4).fit(ungroup(groups).first(4 * origin), 24).mean(24)
        np.testing.assert_allclose(done.y[k].ravel(), alone, rtol=1e-5, atol=1e-6)


def test_forecasters_are_compared_at_the_same_origins_of_a_plain_series():
    y = np.tile([1.0, 2.0, 5.0], 40)
    done = backtest(y, [SeasonalNaive(3), SeasonalNaive(2), Persistence()], horizon=6, origins=4)
    table = done.to_pandas()
    assert list(table.method) == ["seasonal naive", "seasonal naive #2", "persistence"]
    assert table.rmse[0] == 0
    assert set(table) == {"method", "rmse", "mae", "mase", "to_persistence", "held_90"}
    assert table.set_index("method").to_persistence["persistence"] == pytest.approx(1)


def test_a_series_without_room_for_an_origin_is_refused():
    with pytest.raises(SeriesTooShort, match="origin"):
        backtest(np.arange(12.0), [Persistence()], horizon=6)


RNG = np.random.default_rng(0)
ORIGINS = (30, 40, 50)
TRUTH = RNG.normal(size=(3, 10, 2))


def backtest_of(method: str, off: float, origins=ORIGINS, intervals=None) -> Backtest:
    return Backtest(method, origins, TRUTH + off * RNG.normal(size=TRUTH.shape), TRUTH, intervals)


def test_errors_are_over_all_origins_and_beside_persistence():
    tests = {"persistence": backtest_of("persistence", 2), "it": backtest_of("it", 1)}
    found = score_backtests(tests)
    assert found["it"].rmse == pytest.approx(rmse(tests["it"].y, TRUTH))
    assert found["it"].to_persistence == pytest.approx(found["it"].rmse / found["persistence"].rmse)
    assert found["it"].by_step.shape == (10,)
    assert found["it"].by_step[3] == pytest.approx(rmse(tests["it"].y[:, 3], TRUTH[:, 3]))


def test_intervals_are_those_that_could_have_been_drawn_then():
    test = backtest_of("persistence", 1)
    held = score_backtests({"persistence": test})["persistence"].intervals
    changed = Backtest("persistence", ORIGINS, test.y.copy(), TRUTH)
    changed.y[2] += 100  # what came last tells nothing of what was known before
    again = score_backtests({"persistence": changed})["persistence"].intervals
    assert again.width90 == pytest.approx(held.width90)
    assert again.coverage90 < held.coverage90


def test_an_outcome_that_was_not_known_yet_is_not_used():
    near = (30, 33, 36)
    test = backtest_of("persistence", 1, near)
    held = score_backtests({"persistence": test})["persistence"].intervals
    test.y[0, 6:] += 1000  # after group 36, where the last origin is
    test.y[1, 3:] += 1000
    assert score_backtests({"persistence": test})["persistence"].intervals.width90 == pytest.approx(held.width90)


def test_a_method_that_draws_its_own_intervals_is_judged_by_them():
    all_of_it = Intervals(*(np.full((10, 2), bound) for bound in (-50.0, 50.0, -90.0, 90.0)))
    tests = {"persistence": backtest_of("persistence", 1, intervals=(None, all_of_it, all_of_it))}
    held = score_backtests(tests)["persistence"].intervals
    assert (held.coverage90, held.width90) == (1, 180)


def test_one_origin_has_no_intervals():
    one = Backtest("persistence", (30,), TRUTH[:1] + 1, TRUTH[:1])
    assert score_backtests({"persistence": one})["persistence"].intervals is None


@pytest.mark.parametrize("number", [0, -1, 2.5, "3", None, True])
def test_a_number_of_origins_or_points_that_is_none_is_one_line(number):
    for numbers in ({"horizon": number}, {"horizon": 4, "origins": number}):
        with pytest.raises(BadSetting, match="1 at least"):
            backtest(np.arange(60.0), [Persistence()], **numbers)


@pytest.mark.parametrize(
    "forecasters", [[], Persistence(), Persistence, [Persistence], ["persistence"], {"naive": Persistence()}, None]
)
def test_what_is_no_list_of_forecasters_is_told(forecasters):
    with pytest.raises(NotForecasters, match="list of forecasters is wanted") as problem:
        backtest(np.arange(60.0), forecasters, horizon=4)
    assert "\n" not in str(problem.value)


def test_a_series_of_points_is_too_short_in_points():
    with pytest.raises(SeriesTooShort, match="give 24 points or a shorter horizon"):
        backtest(np.arange(10.0), [Persistence()], horizon=4)
