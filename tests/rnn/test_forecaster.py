import json
import os

import numpy as np
import pytest

from rnn.elman.forecaster import Elman
from rnn.ensemble.forecaster import Autoregressive
from rnn.errors import CorruptModel
from rnn.evaluation.baselines import Persistence, RidgeAutoregression, SeasonalNaive
from rnn.evaluation.methods import load
from rnn.forecast import NoIntervals
from rnn.forecaster import MOST_AHEAD, NotFitted, NotSaved
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


@pytest.mark.parametrize("level", [0, 100, -3, 250, "80", None, True, np.nan])
def test_a_level_that_is_no_percentage_is_refused(level):
    with pytest.raises(NoSuchLevel, match="between 0 and 100"):
        SeasonalNaive(4).fit(NOISY).predict(6).interval(level)


def test_a_share_in_the_place_of_a_percentage_is_told():
    with pytest.raises(NoSuchLevel, match=r"give 90 rather than 0\.9"):
        SeasonalNaive(4).fit(NOISY).predict(6).interval(0.9)
    for share in (0, 1, 95, "0.5", None, True, np.nan):
        with pytest.raises(NoSuchLevel, match="between 0 and 1,"):
            SeasonalNaive(4).fit(NOISY).predict(6).quantile(share)
    for levels in (50, None):
        with pytest.raises(NoSuchLevel, match="several"):
            SeasonalNaive(4).fit(NOISY).predict(6).to_pandas(levels=levels)


@pytest.mark.parametrize("horizon", [0, -1, 2.5, 2.0, "14", True, [3], np.nan])
def test_a_horizon_that_is_no_number_of_points_is_one_line(horizon):
    with pytest.raises(BadSetting, match="1 at least"):
        Persistence().fit(NOISY).predict(horizon)
    with pytest.raises(BadSetting, match="1 at least"):
        Persistence().fit(NOISY, horizon=horizon)


@pytest.mark.parametrize("forecaster", [Persistence(), Autoregressive(members=2, iterations=2)])
def test_a_horizon_without_measure_is_one_line(forecaster):
    forecaster.fit(NOISY)
    for horizon in (MOST_AHEAD + 1, 10**7, 10**30):
        for ask in (forecaster.predict, lambda points: forecaster.fit(NOISY, horizon=points)):
            with pytest.raises(BadSetting, match=f"100,000 points at most, not {horizon:,}: forecast fewer"):
                ask(horizon)


def test_the_longest_horizon_is_forecast():
    assert len(SeasonalNaive(4).fit(NOISY).predict(MOST_AHEAD)) == MOST_AHEAD


@pytest.mark.parametrize("seed", [-1, 1.5, "x", None, True])
def test_a_seed_that_is_no_number_is_refused_before_anything_is_drawn(seed):
    for make in (Autoregressive, Elman, Persistence):
        with pytest.raises(BadSetting, match="a seed is a whole number, 0 at least"):
            make(seed=seed)


def test_a_recipe_of_another_forecaster_is_refused_and_so_are_fields_beside_one():
    for make, recipe in ((Persistence, 3), (Elman, Persistence()), (Elman, Autoregressive().recipe)):
        with pytest.raises(BadSetting, match="a recipe is of class"):
            make(recipe)
    with pytest.raises(BadSetting, match="not both"):
        Elman(Elman().recipe, lr=0.5)
    assert Elman(Elman(lr=0.5).recipe).recipe.lr == 0.5


def test_a_model_that_cannot_be_saved_leaves_what_was_there(tmp_path):
    model = SeasonalNaive(4).fit(NOISY)
    for path, said in ((tmp_path / "no" / "such.npz", "no such file"), (tmp_path, "a folder is there")):
        with pytest.raises(NotSaved, match=said):
            model.save(path)
    model.save(tmp_path / "model")
    before = (tmp_path / "model").read_bytes()
    (tmp_path / f"model.{os.getpid()}.part").mkdir()  # in the way, as a full disk is
    with pytest.raises(NotSaved):
        model.save(tmp_path / "model")
    assert (tmp_path / "model").read_bytes() == before


def rewritten(path, arrays, **told):
    kept = dict(np.load(path))
    kept["forecaster"] = np.array(json.dumps({**json.loads(str(kept["forecaster"])), **told}))
    np.savez(path, **{name: array for name, array in {**kept, **arrays}.items() if array is not None})


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"forecaster": np.array("[1]")}, {}),
        ({"series_y": np.full(160, np.nan)}, {}),
        ({"series_y": np.ones((2, 3))}, {}),
        ({"series_x": np.ones(0), "series_y": np.ones(0)}, {}),
        ({"series_step": np.array(np.nan)}, {}),
        ({}, {"calendar": {"frequency": "nonsense", "start": "2024-01-01"}}),
        ({}, {"recipe": {"season": -1}}),
        ({}, {"recipe": None}),
        ({}, {"seed": "x"}),
    ],
)
def test_a_damaged_model_is_one_line_when_it_is_loaded(arrays, told, tmp_path):
    SeasonalNaive(4).fit(NOISY).save(tmp_path / "model.npz")
    rewritten(tmp_path / "model.npz", arrays, **told)
    with pytest.raises(CorruptModel, match="model") as problem:
        load(tmp_path / "model.npz")
    assert "\n" not in str(problem.value)
    assert "pydantic" not in str(problem.value)


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
