"""Policies compared, by hand-made days."""

import numpy as np
import pytest

from rnn.lifecycle.folds import Terms
from rnn.lifecycle.policies import beside, policy_results
from rnn.lifecycle.replay import PERSISTENCE, Day, Plan
from rnn.recipes import AutoregressiveRecipe

PLAN = Plan(
    terms=Terms(group_size=4, horizon=3, newest=None, folds=4, margin=0.05), known=200, arrival=1, days=20,
    recipe=AutoregressiveRecipe(), seed=0,
)  # fmt: skip


def days(policy: str, errors, drift=(), **decisions) -> list[Day]:
    by_day = {int(name.removeprefix("day")): decision for name, decision in decisions.items()}
    return [Day(policy, k, error, 0.9, by_day.get(k), drift=k in drift) for k, error in enumerate(errors)]


EVERY = [
    *days("never", [1.0] * 10 + [4.0] * 10, drift=(3, 11, 14), day0="promote"),
    *days("nightly", [1.0] * 10 + [2.0] * 10, day0="promote", day1="keep", day2="serve naive"),
    *days(PERSISTENCE, [5.0] * 20),
]


def test_standings_by_hand():
    never, nightly, naive = policy_results(EVERY, PLAN, 10)
    assert (never.error, never.before, never.after) == (2.5, 1.0, 4.0)
    assert (never.false_alarms, never.delay, never.relative) == (1, 2, None)
    assert (nightly.trained, nightly.promoted, nightly.kept, nightly.naive) == (3, 1, 1, 1)
    assert (nightly.false_alarms, nightly.delay) == (0, None)
    assert np.exp(nightly.relative.mean) == pytest.approx(0.5**0.5)
    assert nightly.relative.lower < nightly.relative.mean < nightly.relative.upper
    assert naive.inside90 == pytest.approx(0.9)


def test_in_a_quiet_year_every_alarm_is_false():
    never = policy_results(EVERY, PLAN, None)[0]
    assert (never.false_alarms, never.delay) == (3, None)
    assert np.isnan(never.after)


def test_days_without_outcome_are_left_out():
    known = [*days("never", [1.0] * 19 + [np.nan]), *days("nightly", [0.5] * 19 + [np.nan])]
    never, nightly = policy_results(known, PLAN, None)
    assert never.error == 1.0
    assert np.exp(nightly.relative.mean) == pytest.approx(0.5)


def test_too_few_days_say_nothing():
    _, other = policy_results([*days("never", [1.0] * 9), *days("nightly", [0.5] * 9)], PLAN, None)
    assert other.relative is None


def test_what_others_are_compared_with():
    assert beside(EVERY) == "never"
    assert beside(EVERY[20:]) == PERSISTENCE
