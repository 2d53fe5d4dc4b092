import numpy as np
import pytest

from rnn.evaluation.methods import COMPARED, METHODS, windowed
from rnn.forecast import grid
from rnn.random_streams import PURPOSES
from rnn.recipes import ArticleRecipe
from rnn.series import Series, group


def series(y, size=1):
    return group(Series(np.arange(1.0, len(y) + 1), np.asarray(y, dtype=float), 1.0), size)


def test_both_recipes_stand_beside_what_they_must_beat():
    named = "autoregressive, article, persistence, seasonal naive, linear, ridge autoregression, fully connected"
    assert list(METHODS) == named.split(", ")
    assert {"autoregressive", "article", "fully connected"} <= set(PURPOSES)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_method_gives_a_finite_forecast_on_the_grid(method):
    groups = series(np.sin(np.arange(120) / 7), 4)
    x = grid("text", 120.0, 1.0, 4, 5)
    y = method(groups, x, np.random.default_rng(0))
    assert y.shape == x.shape
    assert np.isfinite(y).all()


def test_what_the_main_job_compares_with_are_some_of_the_methods():
    assert "persistence" in COMPARED
    assert all(METHODS[name] is method for name, method in COMPARED.items())


def test_a_recipe_that_diverges_says_nothing_rather_than_anything():
    groups = series(100 * np.sin(np.arange(120) / 7), 4)
    y = windowed(ArticleRecipe(lr=10, epochs=9))(groups, grid("text", 120.0, 1.0, 4, 5), np.random.default_rng(0))
    assert np.isnan(y).all()
