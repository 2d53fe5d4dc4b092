"""Replay a series as if its data arrived day by day, under several policies of retraining.

Nothing here is a model of the flows: a day does what retraining and monitoring do on a real one, with the same gate,
the same drift test and the same serving. What is trained twice there is trained once here: the challenger of the day
when the data ended at an origin is also the gate's model for that origin, and policies share it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict

from rnn.arrays import Array
from rnn.errors import SeriesTooShort
from rnn.forecast import Forecast
from rnn.kept_results import NOTHING, KeptResults
from rnn.lifecycle.drift import watch
from rnn.lifecycle.folds import Contender, Terms, score_folds
from rnn.lifecycle.gate import Decision, judge
from rnn.lifecycle.outcomes import Scored, by_cycle, join, pending, score_pending, spread_before
from rnn.lifecycle.serving import serve
from rnn.lifecycle.trainings import Trainings, trained_ahead
from rnn.origins import fold_origins
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series

Policy: TypeAlias = Literal["never", "nightly", "weekly", "on drift"]
POLICIES: tuple[Policy, ...] = ("never", "weekly", "nightly", "on drift")
"""All of them train on day 0. Then: not again, every seventh day, every day, or when the monitor finds drift.

What is trained when drift is found has seen hardly anything of the new law. So that policy trains again when so many
horizons more have arrived, FOLLOW_UPS.
"""

FOLLOW_UPS = (0.5, 1.0, 2.0, 4.0)

PERSISTENCE = "persistence"
"""No policy, but what is served where nobody trains at all: the last value."""


class Plan(BaseModel):
    """How a series is replayed: `known` points are there on day 0, and each day `arrival` groups more arrive."""

    model_config = ConfigDict(frozen=True)

    terms: Terms
    known: int
    arrival: int
    days: int
    recipe: AutoregressiveRecipe
    seed: int

    @property
    def points_a_day(self) -> int:
        """Points that arrive each day."""
        return self.arrival * self.terms.group_size

    def end(self, day: int) -> int:
        """The points that are known on a day."""
        return self.known + day * self.points_a_day

    @property
    def points(self) -> int:
        """The points that all days together need; a horizon more, and the last day's forecast can be judged."""
        return self.end(self.days - 1)

    @property
    def follow_ups(self) -> set[int]:
        """Days after drift was found on which a policy that waits for it trains again."""
        return {max(1, round(horizons * self.terms.horizon / self.arrival)) for horizons in FOLLOW_UPS}

    def asked(self, day: int) -> list[int]:
        """Where the data of all trainings end that a retraining on this day asks for."""
        end = self.end(day)
        return [*fold_origins(end, self.terms.group_size, self.terms.horizon, self.terms.folds), end]


@dataclass(frozen=True)
class Day:
    """A day under a `policy`: its events, and the error of that day's forecast over the horizon.

    `error` is its RMSE, NaN where nothing of it has an outcome; `inside90` the share of the outcome within its 90 %
    interval. `decision` is the gate's where there was a training. `score` and `total` are the drift test's, NaN where
    the champion was promoted today or no error is known; `drift` says that it was found today.
    """

    policy: str
    day: int
    error: float
    inside90: float
    decision: Decision | None = None
    score: float = np.nan
    total: float = np.nan
    drift: bool = False

    @property
    def trained(self) -> bool:
        """Whether a challenger was trained."""
        return self.decision is not None


def replay(
    series: Series,
    plan: Plan,
    policies: Sequence[Policy],
    workers: int = 1,
    on_day: Callable[[int], None] = lambda d: None,
    kept: KeptResults = NOTHING,
) -> list[Day]:
    """Every day under every policy, and `PERSISTENCE` beside them; `on_day(days done)` as it goes.

    Each training is `kept` when it is done, and taken from there when it was.

    With several `workers`, processes train ahead what is known to be needed. Raises SeriesTooShort when the series has
    not enough points for all days, and what the gate raises on day 0.
    """
    if len(series) < plan.points:
        raise SeriesTooShort(
            f"{plan.days} days after {plan.known} points need {plan.points} points, and there are {len(series)}: "
            "replay fewer days, or begin with fewer points"
        )
    operators = [_Operator(policy, series, plan) for policy in policies]
    planned = [day for day in range(plan.days) if any(operator.is_due(day, False) for operator in operators)]
    expected = [end for day in planned for end in plan.asked(day)]
    plain = plan.terms.trainings(series, kept)
    done: list[Day] = []
    with trained_ahead(plain, expected, plan.recipe, plan.seed, workers) as trainings:
        for day in range(plan.days):
            done += [operator.live(day, trainings) for operator in operators]
            done.append(_naive_day(day, series, plan, trainings))
            _forget(trainings, min(plan.asked(day)))
            on_day(day + 1)
    return done


def _forget(trainings: Trainings, before: int) -> None:
    """Drop what no later day asks for: an ensemble takes a megabyte or two."""
    for key in [key for key in trainings.known if key[0] < before]:
        del trainings.known[key]


def _naive_day(day: int, series: Series, plan: Plan, trainings: Trainings) -> Day:
    groups = trainings.groups(plan.end(day))
    said = serve(Contender(PERSISTENCE, plan.recipe, plan.seed), groups, plan.terms.horizon)
    error, _ = _judged(said, series, plan.end(day))
    return Day(PERSISTENCE, day, error, np.nan)


class _Operator:
    """Whoever follows one policy: its champion, since when, and its forecasts' outcomes since then."""

    def __init__(self, policy: Policy, series: Series, plan: Plan) -> None:
        self.policy, self.series, self.plan = policy, series, plan
        self.champion: Contender | None = None
        self.since = 0.0
        self.found: int | None = None
        self.promised = Scored.none()
        self.scored: list[Scored] = []

    def is_due(self, day: int, drift: bool) -> bool:
        """Whether the policy retrains on this day, on which `drift` was found or not."""
        again = self.found is not None and day - self.found in self.plan.follow_ups
        regular = {"never": False, "weekly": day % 7 == 0, "nightly": True, "on drift": drift or again}
        return day == 0 or regular[self.policy]

    def live(self, day: int, trainings: Trainings) -> Day:
        """One day: data arrive, past forecasts are scored, perhaps a challenger is judged, a forecast is served."""
        end = self.plan.end(day)
        score, total, drift = self._monitor(day) if day else (np.nan, np.nan, False)
        decision = self._retrain(day, trainings) if self.is_due(day, drift) else None
        self.found = day if drift else self.found
        assert self.champion is not None  # noqa: S101  there is one since day 0
        said = serve(self.champion, trainings.groups(end), self.plan.terms.horizon)
        until_tomorrow = np.arange(self.plan.points_a_day)  # the drift test looks at no more
        now = float(self.series.x[end - 1])
        self.promised = pending(f"day {day}", self.policy, said, now).of(until_tomorrow)
        error, inside = _judged(said, self.series, end)
        return Day(self.policy, day, error, inside, decision, score, total, drift)

    def _monitor(self, day: int) -> tuple[float, float, bool]:
        """Score what has arrived today, and feed the drift test with all cycles since the champion's promotion."""
        end, cycle = self.plan.end(day), self.plan.points_a_day
        x, y, step = self.series.x[:end], self.series.y[:end], self.series.step
        self.scored.append(score_pending(self.promised, x[-cycle:], y[-cycle:], step))
        spread = spread_before(self.since, x, y)
        found = watch(by_cycle(join(self.scored), self.since, cycle * step, float(x[-1]), spread))
        newest = len(found.score) - 1
        return float(found.score[newest]), float(found.total[newest]), newest in found.found

    def _retrain(self, day: int, trainings: Trainings) -> Decision:
        plan, champion, (*origins, end) = self.plan, self.champion, self.plan.asked(day)
        (ensemble,) = trainings.at([end], plan.recipe, plan.seed)
        challenger = Contender("autoregressive", plan.recipe, plan.seed, ensemble, end)
        folds = score_folds(trainings, challenger, champion, origins)
        verdict = judge(folds, champion.method if champion else None, plan.terms.horizon, plan.terms.margin)
        if verdict.decision == "promote":
            self._promote(challenger, end)
        elif verdict.decision == "serve naive" and (champion is None or champion.method != verdict.evidence.naive):
            self._promote(Contender(verdict.evidence.naive, plan.recipe, plan.seed), end)
        return verdict.decision

    def _promote(self, champion: Contender, end: int) -> None:
        self.champion, self.since = champion, float(self.series.x[end - 1])
        self.scored = []


def _judged(said: Forecast, series: Series, end: int) -> tuple[float, float]:
    """RMSE of a forecast and the share within its 90 % interval, over what the series holds of its outcome."""
    truth = series.y[end : end + said.y.size]
    if not len(truth):
        return np.nan, np.nan

    def there(values: Array) -> Array:
        return values.ravel()[: len(truth)]

    off = np.abs(truth - there(said.y))
    largest = float(off.max()) or 1.0
    error = largest * float(np.sqrt(np.mean((off / largest) ** 2)))
    if said.intervals is None:
        return error, np.nan
    inside = (there(said.intervals.lower90) <= truth) & (truth <= there(said.intervals.upper90))
    return error, float(np.mean(inside))


def by_policy(days: Sequence[Day]) -> Iterator[tuple[str, list[Day]]]:
    """The days of each policy, in order."""
    for policy in dict.fromkeys(day.policy for day in days):
        yield policy, [day for day in days if day.policy == policy]
