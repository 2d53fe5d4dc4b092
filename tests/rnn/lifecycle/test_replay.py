"""The time machine: days lived in order, nobody knowing what is still to come, and policies that do as they say."""

import numpy as np
import pytest

from rnn.datasets.drifting import year
from rnn.errors import SeriesTooShort
from rnn.lifecycle.folds import Terms
from rnn.lifecycle.replay import PERSISTENCE, POLICIES, Plan, by_policy, replay
from rnn.recipes import AutoregressiveRecipe

TINY = AutoregressiveRecipe(
    iterations=2, gains=(0.3,), hidden=4, memories=(24,), recurrent_memories=(12,), ranks=(), members=6, folds=2
)
PLAN = Plan(
    terms=Terms(group_size=4, horizon=3, newest=200, folds=4, margin=0.05), known=200, arrival=1, days=16, recipe=TINY,
    seed=0,
)  # fmt: skip
CHANGE = 8
SERIES = year("season", "frequency", PLAN.end(CHANGE - 1), PLAN.points + 12, 0.02, np.random.default_rng(4)).series


@pytest.fixture(scope="module")
def days():
    return replay(SERIES, PLAN, POLICIES)


def of(days, policy):
    return dict(by_policy(days))[policy]


def test_every_policy_lives_every_day(days):
    assert [policy for policy, _ in by_policy(days)] == [*POLICIES, PERSISTENCE]
    assert all([day.day for day in mine] == list(range(16)) for _, mine in by_policy(days))
    assert np.isfinite([day.error for day in days]).all()


def test_policies_train_when_they_say(days):
    assert [day.day for day in of(days, "never") if day.trained] == [0]
    assert [day.day for day in of(days, "weekly") if day.trained] == [0, 7, 14]
    assert all(day.trained for day in of(days, "nightly"))
    found, expected = None, [0]
    for day in of(days, "on drift"):
        if day.drift or (found is not None and day.day - found in {2, 3, 6, 12}):
            expected.append(day.day)
        found = day.day if day.drift else found
    assert [day.day for day in of(days, "on drift") if day.trained] == expected
    assert len(expected) > 2
    assert not any(day.trained for day in of(days, PERSISTENCE))


def test_the_change_is_found_and_not_before_it(days):
    for policy in ("never", "on drift"):
        found = [day.day for day in of(days, policy) if day.drift]
        assert found
        assert CHANGE <= found[0] <= CHANGE + 3


def test_until_the_first_difference_policies_are_one(days):
    first = [[day.error for day in of(days, policy)][:7] for policy in ("never", "weekly", "on drift")]
    assert first[0] == first[1] == first[2]


def test_nobody_knows_what_is_still_to_come(days):
    """With another future every day has the same decisions, drift and, as far as its outcome is old, errors."""
    y = SERIES.y.copy()
    y[PLAN.end(10) :] += 100
    other = replay(type(SERIES)(SERIES.x, y, SERIES.step), PLAN, POLICIES)
    for one, another in zip(days, other, strict=True):
        if one.day <= 10:
            assert (one.decision, one.drift) == (another.decision, another.drift)
            np.testing.assert_array_equal([one.score, one.total], [another.score, another.total])
        if one.day <= 7:
            assert one.error == another.error


def test_two_processes_find_the_same(days):
    two = replay(SERIES, PLAN, POLICIES, workers=2)
    np.testing.assert_array_equal([day.error for day in days], [day.error for day in two])


def test_without_an_outcome_there_is_no_error():
    known = type(SERIES)(SERIES.x[: PLAN.points], SERIES.y[: PLAN.points], SERIES.step)
    last = replay(known, PLAN, ("never",))[-2]
    assert np.isnan(last.error)


def test_too_few_points_for_all_days():
    short = type(SERIES)(SERIES.x[:250], SERIES.y[:250], SERIES.step)
    with pytest.raises(SeriesTooShort, match=r"16 days after 200 points need 260 points.*250"):
        replay(short, PLAN, ("never",))


def test_each_day_is_told():
    told = []
    replay(SERIES, PLAN.model_copy(update={"days": 3}), ("never",), on_day=told.append)
    assert told == [1, 2, 3]
