from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from artifacts.plots.axis import Axis
from artifacts.reports.anatomy import (
    GROUPS,
    _saturation,
    anatomy_sections,
    ensemble_sections,
    known_range,
    recent,
    recurrent,
    saturation,
    strongest,
    weight_sentences,
)
from artifacts.web.heatmap import HeatMap
from rnn.datasets.xsinx import generate
from rnn.inspection import Anatomy
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe
from rnn.series import group

SINGLE = AutoregressiveRecipe(iterations=3, memories=(3, 6), recurrent_memories=(6,), members=6, folds=2)


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
    assert "100% of the hidden units are beyond ±0.99" in saturation(still)
    assert "none changes" in saturation(still)
    assert "From step 1 of the forecast" in saturation(still)
    calm = Anatomy({}, np.zeros((5, 3)), np.zeros((5, 1)), np.zeros((5, 1)), 3)
    assert "0% of the hidden units" in saturation(calm)
    assert "stays within" in saturation(calm)


def test_the_member_that_is_shown_uses_its_state(run):
    ensemble = run.models["autoregressive"]
    member = strongest(ensemble)
    assert np.any(ensemble.z[member]) or not np.any(ensemble.z)


def weighing(ensemble, shares):
    """Three members of these weights: the first two go by their skips, the third reads its state."""
    z = np.zeros_like(ensemble.z[:3])
    z[2] = 0.1
    taken = {name: array[:3] for name, array in ensemble.arrays().items() if len(array) == len(ensemble.weight)}
    return replace(ensemble, **{**taken, "z": z, "weight": np.array(shares)})


@pytest.mark.parametrize(
    ("shares", "member", "told"),
    [
        ((0.4, 0.3, 0.3), 2, ["Of its weight 30.0% reads a recurrent state", "70.0% linear skips alone",
                              "member 3, which has the largest weight of those that read such a state."]),
        ((0.6, 0.36, 0.04), 2, ["Of its weight 4.0% reads", "96.0% linear", "hardly influence the ensemble's"]),
        ((0.6, 0.3996, 0.0004), 2, ["Of its weight less than 0.1% reads", "more than 99.9% linear"]),
        ((0.4, 0.6, 0.0), 1, ["No member with weight reads a recurrent state: all of the weight is on linear skips",
                              "member 2, which has the largest weight; its hidden units", "does not read them"]),
        ((0.0, 0.0, 1.0), 2, ["All of its weight reads a recurrent state."]),
    ],
)  # fmt: skip
def test_it_is_told_how_much_of_the_weight_reads_a_recurrent_state(run, shares, member, told):
    ensemble = weighing(run.models["autoregressive"], shares)
    assert recurrent(ensemble).tolist() == [False, False, True]
    assert strongest(ensemble) == member
    assert all(part in weight_sentences(ensemble, member) for part in told)
    if shares[2] >= 0.05 or not shares[2]:
        assert "hardly influence" not in weight_sentences(ensemble, member)


def test_an_ensemble_that_never_reads_its_state_is_shown_all_the_same(run):
    ensemble = weighing(run.models["autoregressive"], (0.4, 0.6, 0.0))
    inside, weights = ensemble_sections("plain", ensemble, group(run.series, 6), 5, Axis(), "This one. ")
    assert inside.text.startswith("This one. An ensemble of 3 members. No member with weight")
    assert all(block.html() for block in [*inside.blocks, *weights.blocks])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_mark_of_the_forecast_stands_above_the_line_of_saturated_units(share):
    inside = SimpleNamespace(saturated=np.full(8, share), seen=5)
    chart = _saturation("article", inside, np.arange(8.0))
    assert chart.y_axis.place(100 * share) < 0.9


def test_of_one_point_ahead_there_is_a_chart_too(make):
    trained = make({"autoregressive": SINGLE}, group_size=1, horizon=1, points=60)
    inside, _ = anatomy_sections(trained)
    assert [len(line.x) for line in inside.blocks[0].lines[:2]] == [2, 1]
    assert all(block.html() for block in inside.blocks)


@pytest.mark.parametrize("horizon", [1, 2])
def test_a_short_forecast_is_fine(make, horizon):
    for section in anatomy_sections(make({"article": ArticleRecipe(epochs=1)}, horizon=horizon)):
        assert all(block.html() for block in section.blocks)


def test_of_a_long_series_the_newest_groups_are_walked_over():
    groups = group(generate(GROUPS * 3 + 30, 0.01, 0.01, stream(0, "noise")), 3)
    assert len(recent(groups)) == GROUPS
    assert recent(groups).x[-1, -1] == groups.x[-1, -1]
    assert known_range(groups) == f"of the newest {GROUPS} groups"
    assert known_range(recent(groups)) == "that it was trained on"


def test_every_member_has_a_look_of_its_own(run):
    fan = anatomy_sections(run)[4].blocks[0]
    members = [line for line in fan.lines if line.name.startswith("member")]
    assert len({(line.colour, line.dashes) for line in members}) == len(members) > 1
    assert len({line.name for line in members}) == len(members)
