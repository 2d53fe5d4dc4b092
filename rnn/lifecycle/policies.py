"""Compare policies of retraining by the days of a replay."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.lifecycle.bootstrap import Difference, block_interval
from rnn.lifecycle.replay import PERSISTENCE, Day, Plan, by_policy
from rnn.random_streams import stream

NEVER = "never"

FEWEST_BLOCKS = 4
"""Fewer stretches of days that share no outcome say nothing about a difference."""


@dataclass(frozen=True)
class PolicyResult:
    """A policy's result: `before` and `after` the change are mean errors of a day's forecast, in the unit of y.

    `relative` is the logarithm of its daily error relative to that of the policy `beside`, with its interval; None for
    that one, and where there are too few days to tell. `false_alarms` counts drift found before the change, or at all
    in a quiet year; `delay` how many cycles of the new law had arrived when drift was first found, None when never.
    """

    policy: str
    error: float
    before: float
    after: float
    inside90: float
    relative: Difference | None
    trained: int
    promoted: int
    kept: int
    naive: int
    false_alarms: int
    delay: int | None


def beside(days: Sequence[Day]) -> str:
    """The policy that others are compared with: never to retrain, or where that was not replayed, persistence."""
    return NEVER if any(day.policy == NEVER for day in days) else PERSISTENCE


def policy_results(days: Sequence[Day], plan: Plan, change: int | None) -> list[PolicyResult]:
    """Every policy's standing; from day `change` on what arrived was of the new law."""
    other = np.array([day.error for day in days if day.policy == beside(days)])
    return [_standing(policy, mine, other, plan, change) for policy, mine in by_policy(days)]


def _standing(policy: str, mine: Sequence[Day], other: Array, plan: Plan, change: int | None) -> PolicyResult:
    error = np.array([day.error for day in mine])
    old = np.array([change is None or day.day < change for day in mine])
    decisions = [day.decision for day in mine]
    alarms = [day.day for day in mine if day.drift]
    found = [day for day in alarms if change is not None and day >= change]
    return PolicyResult(
        policy,
        _mean(error),
        _mean(error[old]),
        _mean(error[~old]),
        _mean(np.array([day.inside90 for day in mine])),
        _relative(error, other, plan),
        sum(day.trained for day in mine),
        decisions.count("promote"),
        decisions.count("keep"),
        decisions.count("serve naive"),
        len(alarms) - len(found),
        found[0] - change + 1 if found and change is not None else None,
    )


def _relative(error: Array, other: Array, plan: Plan) -> Difference | None:
    known = np.isfinite(error) & np.isfinite(other)
    # Forecasts of neighbouring days share their outcomes for as long as a horizon lasts.
    block = -(-plan.terms.horizon // plan.arrival)
    if np.array_equal(error[known], other[known]) or known.sum() < FEWEST_BLOCKS * block:
        return None
    tiny = 1e-9 * float(other[known].max()) or 1e-300  # an error may be 0
    logs = np.log(error[known] + tiny) - np.log(other[known] + tiny)
    return block_interval(logs, block, stream(0, "gate"))


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan
