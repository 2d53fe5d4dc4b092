"""Why a forecast moved: the chain's order, and parts that add up exactly, with a forecaster that is a formula."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from rnn.calendar import Calendar
from rnn.known_inputs import KnownInputs
from rnn.lifecycle.attribution import (
    CAUSES,
    ForecastInputs,
    Known,
    NoSharedMoment,
    Settings,
    Training,
    explain_change,
    links,
    moments,
    with_revisions,
)  # fmt: skip
from rnn.recipes import AutoregressiveRecipe
from rnn.seasonality import Seasons
from rnn.series import UNBOUNDED, Series


def known(y, first=0) -> Known:
    y = np.array(y, dtype=float)
    return Known(Series(np.arange(first, first + len(y), dtype=float), y, 1.0))


SETTINGS = Settings(AutoregressiveRecipe(), 2, 4, None, Seasons(), UNBOUNDED)
DATA = known([1.0, 2.0, 3.0])
OLD = ForecastInputs(DATA, Training("autoregressive", DATA), 0, SETTINGS)
LONGER, REVISED, BOTH = known([1, 2, 3, 7.0]), known([1, 2.5, 3]), known([1, 2.5, 3, 7])
SHORT_SIGHTED = replace(SETTINGS, newest=2)

CAUSED = {
    "revised points": {"known": REVISED},
    "new points": {"known": LONGER},
    "another champion": {"training": Training("autoregressive", REVISED)},
    "seed": {"seed": 1},
    "settings": {"settings": SHORT_SIGHTED},
}


class Formula:
    """A forecaster whose result depends on everything, with products, and which counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[ForecastInputs] = []

    def __call__(self, inputs: ForecastInputs) -> dict[int, float]:
        self.asked.append(inputs)
        training = inputs.training.known
        level = 0.1 if training is None else float(training.series.y.mean()) / 3
        level *= 1 + 0.01 * inputs.seed + 0.1 * (inputs.settings.newest or 0)
        end = int(inputs.known.at[-1])
        return {end + k: level * k + float(inputs.known.series.y.sum()) / 7 for k in range(1, 9)}


def moved(new: ForecastInputs, old: ForecastInputs = OLD, apart: tuple[float, float] = (0, 0)):
    """What explains the change, and what was asked; served was what is made here and as much more as `apart`."""
    forecast = Formula()
    served = [
        {at: value + by for at, value in forecast(one).items()} for one, by in zip((old, new), apart, strict=True)
    ]
    forecast.asked.clear()
    return explain_change((served[0], served[1]), (old, new), forecast), forecast.asked


@pytest.mark.parametrize("cause", CAUSED)
def test_a_change_that_is_alone_is_the_whole_change(cause):
    found, asked = moved(replace(OLD, **CAUSED[cause]))
    by_cause = {part.cause: part for part in found.contributions}
    assert tuple(by_cause) == CAUSES
    assert by_cause[cause].changes == found.total.changes
    assert by_cause[cause].mean != 0
    assert not any(any(part.changes) for part in found.contributions if part.cause != cause)
    assert len(asked) == 2, "one for the first link, and one for what changed"


def test_parts_add_up_exactly_when_everything_changed():
    new = ForecastInputs(BOTH, Training("autoregressive", LONGER), 3, SHORT_SIGHTED)
    found, asked = moved(new, old=replace(OLD, seed=1))
    assert all(any(part.changes) for part in found.contributions[1:-1])
    for k, total in enumerate(found.total.changes):
        assert sum((part.changes[k] for part in found.contributions), Fraction(0)) == total
    assert sum((part.mean for part in found.contributions), Fraction(0)) == found.total.mean
    assert (found.begins, found.ends) == (True, True)
    assert len(asked) == 6


def test_each_link_changes_one_thing_in_the_order_that_is_told():
    new = ForecastInputs(BOTH, Training("autoregressive", LONGER), 3, SHORT_SIGHTED)
    chain = links(OLD, new)
    assert [cause for cause, _ in chain] == list(CAUSES[:-1])
    first, revised, arrived, taught, seeded, last = (inputs for _, inputs in chain)
    assert first is OLD
    assert revised.known.series.y.tolist() == [1, 2.5, 3]
    assert arrived.known.series.y.tolist() == [1, 2.5, 3, 7]
    assert (taught.training, taught.seed, taught.settings) == (new.training, 0, SETTINGS)
    assert (seeded.seed, seeded.settings) == (3, SETTINGS)
    assert last is new


def test_what_was_said_of_the_values_is_a_setting_and_not_a_new_point():
    bounded = replace(SETTINGS, bounds=(0.0, np.inf))
    new = replace(OLD, known=Known(bounded.of(LONGER.series)), settings=bounded)
    by_cause = dict(links(OLD, new))
    assert by_cause["new points"].known.series.bounds == UNBOUNDED
    assert by_cause["settings"].known.series.bounds == (0.0, np.inf)


def test_another_method_brings_its_seed_and_settings():
    naive = ForecastInputs(LONGER, Training("persistence"), 0, SHORT_SIGHTED)
    found, _ = moved(naive, old=replace(OLD, seed=5))
    changed = [part.cause for part in found.contributions if any(part.changes)]
    assert changed == ["new points", "another champion"]


def test_the_seed_of_a_naive_method_is_nothing():
    one, two = (ForecastInputs(DATA, Training("persistence"), seed, SETTINGS) for seed in (0, 1))
    assert one.is_same(two)
    assert not OLD.is_same(replace(OLD, seed=1))


@pytest.mark.parametrize(("apart", "cause"), [((0.25, 0), "code and machine"), ((0, 0.25), "what remains")])
def test_what_cannot_be_made_again_is_told_as_such(apart, cause):
    found, _ = moved(replace(OLD, known=LONGER), apart=apart)
    by_cause = {part.cause: part for part in found.contributions}
    assert any(by_cause[cause].changes)
    assert (found.begins, found.ends) == (not apart[0], not apart[1])
    assert sum((part.mean for part in found.contributions), Fraction(0)) == found.total.mean


def test_only_moments_of_which_both_speak_are_compared():
    found, _ = moved(replace(OLD, known=LONGER))
    assert found.at == tuple(range(4, 11))
    with pytest.raises(NoSharedMoment, match="no moment together"):
        moved(replace(OLD, known=known(np.ones(30))))
    with pytest.raises(NoSharedMoment, match="not finite"):
        moved(replace(OLD, known=LONGER), apart=(0, np.nan))


def test_revisions_replace_values_at_the_same_moments_and_add_none():
    shifted = known([20.0, 30.0, 40.0], first=1)
    assert with_revisions(DATA, shifted).series.y.tolist() == [1, 20, 30]
    assert DATA.series.y.tolist() == [1, 2, 3]
    gap = Known(replace(DATA.series, filled=np.array([False, True, False])))
    assert with_revisions(gap, DATA).series.filled is None
    assert with_revisions(DATA, gap).series.filled.tolist() == [False, True, False]


def test_inputs_known_ahead_are_part_of_the_data():
    def with_price(price):
        return replace(OLD, known=Known(replace(DATA.series, known=KnownInputs(("price",), np.full((9, 1), price)))))

    assert with_price(1.0).is_same(with_price(1.0))
    assert not with_price(1.0).is_same(with_price(2.0))
    assert not with_price(1.0).is_same(OLD)


def test_moments_are_times_where_there_is_a_calendar():
    one, other = Calendar("D", "2026-01-01"), Calendar("D", "2025-12-31")
    assert moments(np.array([1.0]), one, 1.0) == moments(np.array([2.0]), other, 1.0)
    assert moments(np.array([0.1 + 0.2, 0.4]), None, 0.1).tolist() == [3, 4]
