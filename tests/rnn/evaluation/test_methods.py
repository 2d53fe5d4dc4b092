import numpy as np
import pytest

from rnn.elman.forecaster import Elman
from rnn.ensemble.forecaster import Autoregressive
from rnn.errors import CorruptModel
from rnn.evaluation.methods import COMPARED, COMPARED_ON_OWN, METHODS, load, make, of_recipe
from rnn.forecast import grid
from rnn.forecaster import NotFitted
from rnn.random_streams import PURPOSES
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, UntunedRecipe
from rnn.series import Series

WAVE = Series(np.arange(1.0, 121), np.sin(np.arange(120) / 7), 1.0)


def test_both_recipes_stand_beside_what_they_must_beat():
    named = "autoregressive, article, persistence, seasonal naive, linear, ridge autoregression, fully connected"
    assert list(METHODS) == named.split(", ")
    assert {"autoregressive", "article", "fully connected"} <= set(PURPOSES)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_gives_a_finite_forecast_on_the_grid(name):
    x = grid("text", 120.0, 1.0, 4, 5)
    fitted = make(name, 4).fit(WAVE, 20)
    assert fitted.mean_at(x).shape == x.shape
    assert np.isfinite(fitted.mean_at(x)).all()
    np.testing.assert_array_equal(fitted.mean_at(x).ravel(), fitted.mean(20))


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_kept_in_a_file_and_forecasts_the_same(name, tmp_path):
    fitted = make(name, 4).fit(WAVE, 20)
    fitted.save(tmp_path / "model.npz")
    back = load(tmp_path / "model.npz")
    assert type(back) is type(fitted)
    assert back.recipe == fitted.recipe
    np.testing.assert_array_equal(back.mean(9), fitted.mean(9))


@pytest.mark.parametrize("name", METHODS)
def test_who_has_seen_no_series_says_so(name):
    with pytest.raises(NotFitted, match="fit"):
        make(name, 4).mean(3)


def test_another_methods_file_is_refused_by_name(tmp_path):
    make("persistence").fit(WAVE).save(tmp_path / "model.npz")
    with pytest.raises(CorruptModel, match="Persistence"):
        Autoregressive.load(tmp_path / "model.npz")
    (tmp_path / "broken.npz").write_bytes(b"no zip file")
    with pytest.raises(CorruptModel, match=r"broken\.npz"):
        load(tmp_path / "broken.npz")


def test_what_the_main_job_compares_with_are_some_of_the_methods():
    assert "persistence" in COMPARED
    assert {*COMPARED, *COMPARED_ON_OWN} <= set(METHODS)


def test_a_recipe_has_a_forecaster_of_its_name():
    assert isinstance(of_recipe(UntunedRecipe(), 6, 0, "untuned"), Elman)
    assert of_recipe(UntunedRecipe(), 6, 0, "untuned").name == "untuned"
    assert isinstance(of_recipe(AutoregressiveRecipe(), 6, 0, "autoregressive"), Autoregressive)


def test_a_recipe_that_diverges_in_a_backtest_says_nothing_rather_than_anything():
    (fitted,) = Elman(ArticleRecipe(lr=10, epochs=9), group_size=4).fit_each([WAVE], 20)
    assert np.isnan(fitted.mean(20)).all()
