import numpy as np
import pytest

from rnn.elman.forecaster import Elman
from rnn.ensemble.forecaster import Autoregressive
from rnn.evaluation.baselines import Persistence, RidgeAutoregression, SeasonalNaive
from rnn.forecast import NoIntervals
from rnn.forecaster import NotFitted
from rnn.intervals import NoSuchLevel
from rnn.recipes import BadSetting
from rnn.series import Series

RNG = np.random.default_rng(0)
NOISY = np.tile([1.0, 5.0, 2.0, 0.0], 40) + RNG.normal(0, 0.3, 160)


def test_a_forecast_has_points_times_and_intervals_at_any_level():
    forecast = SeasonalNaive(4).fit(NOISY).predict(6)
    assert forecast.mean.tolist() == NOISY[[-4, -3, -2, -1, -4, -3]].tolist()
    assert forecast.times.tolist() == [161, 162, 163, 164, 165, 166]
    widths = [np.subtract(*forecast.interval(level)[::-1]).mean() for level in (20, 50, 80, 90, 99)]
    assert widths == sorted(widths)
    assert np.array_equal(forecast.quantile(0.95), forecast.interval(90)[1])
    assert np.array_equal(forecast.quantile(0.25), forecast.interval(50)[0])
    assert np.array_equal(forecast.quantile(0.5), forecast.mean)


@pytest.mark.parametrize("level", [0, 100, -3, 250])
def test_a_level_that_is_no_percentage_is_refused(level):
    with pytest.raises(NoSuchLevel, match="between 0 and 100"):
        SeasonalNaive(4).fit(NOISY).predict(6).interval(level)


def test_of_a_series_too_short_to_tell_there_are_no_intervals():
    forecast = Persistence().fit([1.0, 2.0, 3.0]).predict(2)
    assert forecast.mean.tolist() == [3, 3]
    assert np.isnan(forecast.to_pandas()["lo-90"]).all()
    with pytest.raises(NoIntervals, match="too short"):
        forecast.interval(90)


def test_a_forecast_without_points_is_refused_and_one_without_a_series_too():
    with pytest.raises(ValueError, match="1 at least"):
        Persistence().fit(NOISY).predict(0)
    with pytest.raises(NotFitted, match="fit"):
        Persistence().predict(3)


def test_fitting_copies_leaves_the_forecaster_itself_as_it_is():
    one = RidgeAutoregression()
    first, second = one.fit_each([Series.of(NOISY[:100]), Series.of(NOISY)], 4)
    assert not np.array_equal(first.mean(4), second.mean(4))
    with pytest.raises(NotFitted):
        one.mean(4)


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        SeasonalNaive(4).fit(NOISY).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_what_is_changed_shows_in_its_name():
    assert repr(SeasonalNaive(7)) == "SeasonalNaive(season=7)"
    assert repr(Persistence()) == "Persistence()"


@pytest.mark.parametrize(
    ("make", "said"),
    [(lambda: Elman(nonsense=3), "no setting 'nonsense', but lr"), (lambda: Elman(lr=-1), "lr: "),
     (lambda: SeasonalNaive(0), "season: "), (lambda: Autoregressive(members="many"), "members: ")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_one_line(make, said):
    with pytest.raises(BadSetting, match=said) as problem:
        make()
    assert "\n" not in str(problem.value)


def test_a_forecast_says_what_it_is():
    assert repr(SeasonalNaive(4).fit(NOISY).predict(6)) == (
        "Forecast('seasonal naive', 6 points with intervals, from 161.0 to 166.0)"
    )
