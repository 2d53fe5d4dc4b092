import numpy as np
import pytest

from artifacts.gallery.anatomy_sections import GROUPS, anatomy_sections, recent, strongest, verdict
from artifacts.gallery.heatmap import HeatMap
from rnn.anatomy import Anatomy
from rnn.recipes import ArticleRecipe
from rnn.series import generate, group
from rnn.streams import stream


def test_every_recipe_is_shown_from_within(run):
    titles = [section.title for section in anatomy_sections(run)]
    assert titles == [
        f"{what} {recipe}" for recipe in ("untuned", "article", "autoregressive")
        for what in ("Inside", "The weights of")
    ]  # fmt: skip


def test_the_weights_are_shown_before_and_after_training(run):
    first, last = anatomy_sections(run)[3].blocks
    for beside, weights in ((first, run.models["article"].initial), (last, run.models["article"].final)):
        shown = [block.values for block in beside.blocks]
        assert all(np.array_equal(one, weights[letter]) for one, letter in zip(shown, "wvz", strict=True))


def test_hidden_units_are_shown_over_series_and_forecast(run):
    units = anatomy_sections(run)[2].blocks[0]
    assert isinstance(units, HeatMap)
    assert units.values.shape == (4, 20 + 5)
    assert units.mark == (20, "forecast →")


def test_saturation_is_told_in_a_sentence():
    still = Anatomy({}, np.ones((5, 3)), np.arange(5.0)[:, np.newaxis], np.zeros((5, 1)), 3)
    assert "100% of the hidden units sit beyond ±0.99" in verdict(still)
    assert "none moves" in verdict(still)
    assert "From step 1 of the forecast" in verdict(still)
    calm = Anatomy({}, np.zeros((5, 3)), np.zeros((5, 1)), np.zeros((5, 1)), 3)
    assert "0% of the hidden units" in verdict(calm)
    assert "stays within" in verdict(calm)


def test_the_member_that_is_shown_uses_its_state(run):
    ensemble = run.models["autoregressive"]
    member = strongest(ensemble)
    assert np.any(ensemble.z[member]) or not np.any(ensemble.z)


@pytest.mark.parametrize("horizon", [1, 2])
def test_a_short_forecast_is_fine(make, horizon):
    for section in anatomy_sections(make({"article": ArticleRecipe(epochs=1)}, horizon=horizon)):
        assert all(block.html() for block in section.blocks)


def test_of_a_long_series_the_newest_groups_are_walked_over():
    groups = group(generate(GROUPS * 3 + 30, 0.01, 0.01, stream(0, "noise")), 3)
    assert len(recent(groups)) == GROUPS
    assert recent(groups).x[-1, -1] == groups.x[-1, -1]
