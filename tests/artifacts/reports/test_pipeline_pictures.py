import dataclasses
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from artifacts.plots import figures
from artifacts.reports import pipeline_pictures as pictures_module
from artifacts.reports.pipeline_pictures import ZOOM, pictures, some_epochs
from rnn.elman.training import KEPT_FITS, fit_epochs
from rnn.recipes import ArticleRecipe, UntunedRecipe

OF_ALL = [
    "forecast.png", "forecast-zoom.png", "intervals.png", "error-by-step.png", "fit-untuned.png",
    "fit-by-epoch-untuned.png", "training-untuned.gif", "fit-article.png", "fit-by-epoch-article.png",
    "training-article.gif", "loss.png", "loss-ensemble.png",
]  # fmt: skip


@pytest.fixture
def drawn(monkeypatch) -> dict[str, tuple]:
    """The arguments that each drawing gets, by its file's name, in place of the drawing."""
    calls = {}
    monkeypatch.setattr(pictures_module, "draw_training", lambda path, *arguments: calls.update({path: arguments}))
    for name in ("fit", "fit_by_epoch", "loss", "forecast", "intervals", "error_by_step"):
        monkeypatch.setattr(figures, f"draw_{name}", lambda path, *arguments, **_: calls.update({path: arguments}))
    return calls


def test_a_run_gets_every_picture_of_the_article_once(run, plots):
    names = [picture.name for picture in pictures(run)]
    assert names == OF_ALL
    assert {path.name for path in plots.iterdir()} == set(OF_ALL)


def test_every_picture_says_in_words_what_it_shows(run):
    made = pictures(run)
    assert all(picture.alt.endswith(".") and "\n" not in picture.alt for picture in made)
    assert len({picture.alt for picture in made if "epoch-" not in picture.name}) == len(made) - 2


def test_without_the_truth_there_is_no_error_to_draw(make, tmp_path):
    made = pictures(make(known=False))
    assert [picture.name for picture in made] == [name for name in OF_ALL if name != "error-by-step.png"]
    made[0].draw(tmp_path / "forecast.png")
    assert "RMSE" not in made[0].alt


SHAPES = {
    "a horizon of 1": {"horizon": 1},
    "a group size of 1": {"group_size": 1, "points": 30},
    "a window of 1": {"recipes": {"article": ArticleRecipe(epochs=2, window=1)}},
    "a window of all groups": {"recipes": {"article": ArticleRecipe(epochs=2, window=20)}},
    "one epoch": {"recipes": {"untuned": UntunedRecipe(epochs=1)}},
    "a length that does not divide": {"points": 125},
    "a constant series": {"y": np.ones_like, "known": False},
    "a huge series": {"y": lambda x: 1e6 * np.sin(x), "recipes": {"article": ArticleRecipe(epochs=2, lr=1e-9)}},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_runs_of_every_shape_are_drawn_without_a_warning(make, tmp_path, shape):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for picture in pictures(make(**{"recipes": {"article": ArticleRecipe(epochs=2)}, **SHAPES[shape]})):
            picture.draw(tmp_path / picture.name)
            Image.open(tmp_path / picture.name).verify()


def test_the_forecasts_are_drawn_with_their_error_in_the_legend_and_the_horizon_in_the_title(run, drawn):
    for picture in pictures(run):
        picture.draw(picture.name)
    _, _, truth, forecasts, title = drawn["forecast.png"]
    assert truth is run.truth
    assert [forecast.method for forecast in forecasts.values()] == [forecast.method for forecast in run.forecasts]
    for label, forecast in forecasts.items():
        assert label == f"{forecast.method}, RMSE {run.scores[forecast.method].rmse:.3g}"
    assert "5 groups" in title
    assert drawn["forecast-zoom.png"][-1] == ZOOM
    assert f"{ZOOM} groups" in drawn["forecast-zoom.png"][-2]


def test_the_zoom_of_a_short_forecast_shows_what_there_is(make, drawn):
    for picture in pictures(make(horizon=2)):
        picture.draw(picture.name)
    assert drawn["forecast-zoom.png"][-1] == 2


def test_errors_and_losses_are_drawn_for_every_method_and_recipe(run, drawn):
    for picture in pictures(run):
        picture.draw(picture.name)
    errors, losses = drawn["error-by-step.png"][0], drawn["loss.png"][0]
    assert list(errors) == [forecast.method for forecast in run.forecasts]
    assert all(np.array_equal(errors[method], run.scores[method].by_step) for method in errors)
    assert {recipe: list(loss) for recipe, loss in losses.items()} == {
        recipe: list(trained.epoch_loss) for recipe, trained in run.trained.items()
    }


def test_each_fit_is_drawn_with_its_own_recipes_setting_and_figure(run, drawn):
    for picture in pictures(run):
        picture.draw(picture.name)
    for recipe, lr in (("untuned", "0.0005"), ("article", "0.023")):
        x, y, fitted, first, title, colour_of = drawn[f"fit-{recipe}.png"]
        assert np.array_equal(fitted, run.trained[recipe].fitted.ravel())
        assert np.array_equal(x, run.series.x)
        assert np.array_equal(y, run.series.y)
        assert (first, colour_of) == (4 * 6, recipe)
        assert f"learning rate {lr}" in title
        assert f"RMSE {run.fits[recipe]:.2f}" in title
        fits = drawn[f"fit-by-epoch-{recipe}.png"][2]
        assert next(iter(fits)) == 1
        assert list(fits)[-1] == run.recipes[recipe].epochs


def test_the_error_in_a_fits_title_is_the_error_of_what_is_drawn(run, drawn):
    for picture in pictures(run):
        picture.draw(picture.name)
    _, y, fitted, first, title, _ = drawn["fit-article.png"]
    assert f"RMSE {np.sqrt(np.mean((fitted - y)[first:] ** 2)):.2f}" in title


def test_points_that_fill_no_group_are_left_out_of_the_fit(make, drawn):
    run = make(points=125)
    for picture in pictures(run):
        picture.draw(picture.name)
    x, y, fitted, *_ = drawn["fit-article.png"]
    assert len(x) == len(y) == len(fitted) == 120
    assert np.array_equal(x, run.series.x[5:])


@given(st.integers(1, 5000), st.integers(2, 9))
def test_some_epochs_are_few_of_the_kept_ones_the_first_and_last_among_them(epochs, count):
    kept = tuple(sorted(fit_epochs(epochs)))
    some = some_epochs(kept, count)
    assert some == sorted(set(some))
    assert set(some) <= set(kept)
    assert {some[0], some[-1]} == {1, epochs}
    assert min(2, epochs) <= len(some) <= count


@pytest.mark.parametrize(("epochs", "some"), [(1, [1]), (2, [1, 2]), (50, [1, 2, 5, 10, 23, 50])])
def test_some_epochs_are_spread_on_a_logarithmic_scale(epochs, some):
    assert some_epochs(tuple(range(1, epochs + 1))) == some


def test_some_epochs_are_found_although_not_all_were_kept():
    assert KEPT_FITS < 300
    some = some_epochs(tuple(sorted(fit_epochs(300))))
    assert len(some) == 6
    ratios = [after / before for before, after in pairwise(some)]
    assert max(ratios) / min(ratios) < 1.5


def test_a_recipe_that_was_not_trained_is_not_drawn(run):
    one = dataclasses.replace(run, models={"article": run.models["article"]})
    assert not any("untuned" in picture.name or "ensemble" in picture.name for picture in pictures(one))


def test_without_intervals_there_are_none_to_draw(run):
    bare = [dataclasses.replace(forecast, intervals=None) for forecast in run.forecasts]
    assert "intervals.png" not in {picture.name for picture in pictures(dataclasses.replace(run, forecasts=bare))}


def test_the_ensembles_loss_is_drawn_apart_from_that_of_windows(run, drawn):
    for picture in pictures(run):
        picture.draw(picture.name)
    assert list(drawn["loss-ensemble.png"][0]) == ["autoregressive"]
    assert list(drawn["loss.png"][0]) == ["untuned", "article"]
    assert drawn["loss.png"][3] != drawn["loss-ensemble.png"][3]
