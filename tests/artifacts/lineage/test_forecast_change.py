"""Why the served forecast moved, in small stores: each cause provoked alone, and what cannot be compared."""

from fractions import Fraction

import numpy as np
import pytest

from artifacts.lineage.forecast_change import CannotExplain, place_of, two_served
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.lifecycle.attribution import NoSharedMoment
from rnn.recipes import AutoregressiveRecipe

OTHER = AutoregressiveRecipe(iterations=3, hidden=3, folds=2)
A, B, C = (f"2026010{day}T000000Z-{letter * 6}" for day, letter in ((1, "a"), (2, "b"), (3, "c")))
WAVE = np.sin(np.arange(200) / 5) + np.random.default_rng(3).normal(0, 0.02, 200)


def revised(y, place=-3, by=0.5):
    y = y.copy()
    y[place] += by
    return y


def causes(change):
    """The causes whose part is not nothing."""
    return [part.cause for part in change.attribution.contributions if any(part.changes)]


def adds_up(change):
    attribution = change.attribution
    return all(
        sum((part.changes[k] for part in attribution.contributions), Fraction(0))
        == Fraction(attribution.new[k]) - Fraction(attribution.old[k])
        for k in range(len(attribution.at))
    )


@pytest.mark.parametrize(
    ("second", "cause", "says", "trainings"),
    [
        ({"y": WAVE[:128], "by": A}, ["new points"], "8 more points", 0),
        ({"y": revised(WAVE[:120]), "by": A}, ["revised points"], "1 of 120 known values have changed", 0),
        ({"y": WAVE[:120], "seed": 1}, ["seed"], "0 → 1", 0),
        ({"y": WAVE[:120], "recipe": OTHER}, ["settings"], "autoregressive.iterations 2 → 3", 0),
        ({"y": WAVE[:120], "newest_": 100}, ["settings"], "newest None → 100", 0),
        ({"y": WAVE[:120], "method": "persistence"}, ["another champion"], "→ 'persistence'", 0),
        ({"y": WAVE[:120]}, [], "", 0),
        ({"y": WAVE[:128]}, ["new points", "another champion"], f"{A} → {B}: what it learned from", 0),
        (  # networks have no share in a forecast of so rough a series, so that neither seed nor recipe does
            {"y": revised(WAVE[:128], 100), "seed": 1, "recipe": OTHER},
            ["revised points", "new points", "another champion"], "0 → 1", 2,
        ),
    ],
)  # fmt: skip
def test_each_cause_is_told_and_the_parts_add_up(operator, second, cause, says, trainings):
    operator.serve(B, **second)
    change = operator.change()
    assert (change.old, change.new) == (A, B)
    assert causes(change) == cause
    assert adds_up(change)
    assert (change.attribution.begins, change.attribution.ends) == (True, True)
    assert change.trainings == trainings
    assert says in " ".join(change.notes.values())


def test_a_champion_promoted_by_hand(operator):
    operator.serve(B, WAVE[:100])
    operator.serve(C, WAVE[:120], by=B)
    change = operator.change(A, C)
    assert causes(change) == ["another champion"]
    assert change.notes["another champion"] == f"{A} → {B}: what it learned from"
    assert (change.attribution.begins, change.attribution.ends, adds_up(change)) == (True, True, True)


def test_other_code_is_told_as_such_and_the_old_model_trained_again(operator, tamper):
    operator.serve(B, WAVE[:120], seed=1)
    tamper(operator.folder / A, {"code/rnn": "0" * 64})
    change = operator.change()
    assert change.trainings == 1
    assert (causes(change), change.attribution.begins) == (["seed"], True), "this code makes the same of it"
    tamper(operator.folder / A, {"config/autoregressive/ridge": 0.5})
    tamper(operator.folder / B, {"config/autoregressive/ridge": 0.5})
    change = operator.change()
    assert causes(change)[0] == "code and machine"
    assert not change.attribution.begins
    assert "package rnn" in change.notes["code and machine"]
    assert adds_up(change)


def test_dates_are_compared_as_dates(operator):
    for name, y, start in ((B, WAVE[:120], "2026-01-01"), (C, WAVE[4:124], "2026-01-05")):
        operator.serve(name, y, calendar=Calendar("D", start))
    change = operator.change()
    assert len(change.shown) == 20
    assert change.shown[0] == "2026-05-05"
    assert change.notes["revised points"] == "none"
    assert change.notes["new points"] == "4 more points, 4 no longer there"
    assert place_of(change, "2026-05-06") == 1
    assert place_of(change, "2026-05-06 00:00") == 1
    for wrong in ("2026-05-04", "soon", "3"):
        with pytest.raises(CannotExplain, match="2026-05-05 to 2026-05-24"):
            place_of(change, wrong)


def test_which_two_are_compared(operator):
    operator.serve(B, WAVE[:122])
    operator.serve(C, WAVE[:124])
    store = Store(str(operator.folder))

    def names(*given):
        return tuple(each.run.name for each in two_served(store, given))

    assert names() == names("latest") == (B, C)
    assert names(B[:12]) == (A, B)
    assert names(C, A) == names(A, C) == (A, C)
    for given, says in (((A,), "no forecast before"), ((A, A), "named twice")):
        with pytest.raises(CannotExplain, match=says):
            names(*given)


def test_forecasts_that_share_no_moment_are_one_line(operator):
    operator.serve(B, WAVE[:160])
    with pytest.raises(NoSharedMoment, match="no moment together"):
        operator.change()
