"""Choose the task for a file: what the user asks, else the champion's, else what suits the series."""

from dataclasses import dataclass

from rnn.calendar import Calendar
from rnn.errors import SeriesTooShort
from rnn.experiment import AskedTask, HorizonTooLong, Task
from rnn.horizon import Horizon
from rnn.known_inputs import NotKnownAhead
from rnn.origins import FEWEST_GROUPS
from rnn.readers.summary import FileSummary

USUAL_GROUP, USUAL_HORIZON = 6, 20
"""The article's, which are the defaults."""

FEWEST_POINTS = 7
"""Of fewer points nothing can be learned."""

ROOMY = 40
"""So many groups leave several earlier origins to judge at."""


@dataclass(frozen=True)
class Plan:
    """A task that suits a series: groups of so many points, so many groups ahead, and why."""

    group_size: int
    horizon: int
    why: tuple[str, str]

    @property
    def points(self) -> int:
        """The horizon in points."""
        return self.group_size * self.horizon


def choose(
    found: FileSummary, asked: AskedTask, champions: Task | None = None, calendar: Calendar | None = None
) -> tuple[Task, str]:
    """The task for the series that `found` sums up, and the reason in a sentence; empty where all was asked for.

    `asked`: fields that are not None win; its horizon in observations or time is rounded up to whole groups, by the
    series' `calendar`. `champions`: the task of the store's champion, which is kept. Raises HorizonTooLong when more
    points would be forecast than are known, BadHorizon for a time where there is no calendar, NotKnownAhead when
    inputs end before that, SeriesTooShort when no task suits the series.
    """
    size, said = asked.group_size, asked.said
    if said is not None:
        size, of_size = _size(found, champions) if size is None else (size, "")
        task, of_horizon = _reaching(said, size, found.points, calendar)
        why = " ".join(filter(None, (of_size, of_horizon)))
    elif asked.is_settled:
        task, why = asked.task, ""
    elif champions is not None:
        task = Task(group_size=size or champions.group_size, horizon=_groups(asked) or champions.horizon)
        ahead = task.horizon * task.group_size
        why = f"Group size {task.group_size} and horizon {ahead} points, as the champion has them."
    else:
        task, why = _proposed(found, size, _groups(asked))
    task.check_horizon(found.points, said)
    _check_known(found, task)
    return task, why


def _check_known(found: FileSummary, task: Task) -> None:
    """Raise NotKnownAhead where the inputs of a file end before what is to be forecast does."""
    ahead = task.horizon * task.group_size
    if found.ahead is None or ahead <= found.ahead:
        return
    ends = " and ".join(f"column '{column}' at {end}" for column, end in found.ends.items()) or "holidays"
    most = found.ahead // task.group_size * task.group_size
    remedy = f"give at most --horizon {most}" if most else f"give --group-size {found.ahead} --horizon {found.ahead}"
    raise NotKnownAhead(
        f"{found.file}: {task.horizon} groups of {task.group_size} are {ahead} points ahead, and what is known ahead "
        f"ends {found.ahead} points after the last value ({ends}): complete the file, or {remedy}"
    )


def _groups(asked: AskedTask) -> int | None:
    return asked.horizon if isinstance(asked.horizon, int) else None


def _size(found: FileSummary, champions: Task | None) -> tuple[int, str]:
    """The champion's group size, or else the one that suits the series, and why."""
    if champions is not None:
        return champions.group_size, f"Group size {champions.group_size}, as the champion has it."
    plan = _plan(found)
    return plan.group_size, plan.why[0]


def _reaching(said: Horizon, size: int, points: int, calendar: Calendar | None) -> tuple[Task, str]:
    """The whole groups that reach as far as was said, and a sentence on that where it needs one."""
    ahead = said.points(size, points, calendar)
    groups = -(-ahead // size)
    if ahead > points:
        raise HorizonTooLong(str(said), points, size)
    task = Task(group_size=size, horizon=groups)
    counted = f"Horizon {said}" if said.unit == "points" else f"Horizon {said}: {ahead} {_plural('point', ahead)}"
    if groups * size != ahead:
        return task, f"{counted}, rounded up to {groups} {_plural('group', groups)} of {size}, {groups * size} points."
    return task, "" if said.unit == "points" else f"{counted}."


def _plan(found: FileSummary) -> Plan:
    """The plan for a series. Raises SeriesTooShort."""
    plan = plan_for(found)
    if plan is None:
        raise SeriesTooShort(f"{found.file}: {found.points} points are too few to learn from: give a longer series")
    return plan


def _proposed(found: FileSummary, size: int | None, horizon: int | None) -> tuple[Task, str]:
    """The plan with the `size` or the `horizon` that is given; its horizon keeps its length in points."""
    plan = _plan(found)
    if size is not None:
        most = round(plan.points / size) if found.ahead is None else min(round(plan.points / size), found.ahead // size)
        task = Task(group_size=size, horizon=max(1, most))
        return task, f"Horizon {task.horizon} in groups of {size}, since {plan.points} points suit the file."
    if horizon is not None:
        return Task(group_size=plan.group_size, horizon=horizon), plan.why[0]
    return Task(group_size=plan.group_size, horizon=plan.horizon), " ".join(plan.why)


def plan_for(summary: FileSummary) -> Plan | None:
    """A group size and a horizon for a series; None when it is too short for any."""
    points, season = summary.points, summary.period
    if points < FEWEST_POINTS:
        return None
    size = _group_size(season)
    why_size = "as in the article" if season == 1 or size == USUAL_GROUP else f"a season of {season} is whole groups"
    while size > 1 and points // size < ROOMY:
        size -= 1
        why_size = f"of larger ones there would be fewer than {ROOMY}, too few to judge at several earlier origins"
    groups = points // size
    judged = groups - FEWEST_GROUPS  # of fewer groups no earlier forecast is judged, however short
    most = max(1, groups // 4) if judged < 4 else min(judged, groups // 4)
    if season > 1:
        horizon, why = min(-(-season // size), most), "one season"
        if horizon * size > season:
            why = f"a season of {season} in whole groups"
        elif horizon * size < season:
            why = "a quarter of the series; a season is longer"
    else:
        horizon, why = min(USUAL_HORIZON, most), "as in the article"
        why = why if horizon == USUAL_HORIZON else "a quarter of the series"
    if summary.ahead is not None and horizon * size > summary.ahead >= 1:
        if size > summary.ahead:
            size, why_size = summary.ahead, "more points are not known ahead"
        horizon, why = summary.ahead // size, "more is not known ahead"
    ahead = f"Horizon {horizon * size} {_plural('point', horizon * size)}: {why}."
    return Plan(size, horizon, (f"Group size {size}: {why_size}.", ahead))


def _group_size(season: int) -> int:
    """The divisor of the season nearest to the usual size, if one is near."""
    divisors = [size for size in range(3, 13) if season % size == 0]
    return min(divisors, key=lambda size: abs(size - USUAL_GROUP), default=USUAL_GROUP)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
