"""A look at a file without training: what is in it, what is wrong with it, and the settings that would suit it."""

import shlex
from dataclasses import dataclass

from rnn.errors import NoVerdict
from rnn.origins import FEWEST_GROUPS, fold_origins
from rnn.readers.files import named
from rnn.readers.options import Source
from rnn.readers.problems import sentences
from rnn.readers.read import Examination, examine
from rnn.readers.summary import FileSummary
from rnn.recipes import AutoregressiveRecipe

USUAL_GROUP, USUAL_HORIZON = 6, 20
"""The article's, which are the defaults."""

ROOMY = 40
"""So many groups leave several earlier origins to judge at."""

MANY = 100_000
"""Training on more points takes longer than a quarter of an hour."""

GATE_FOLDS = 5


@dataclass(frozen=True)
class Diagnosis:
    """What is said of a file, line by line, and whether a run of the last line would work."""

    lines: tuple[str, ...]
    usable: bool


@dataclass(frozen=True)
class Plan:
    """A task that suits a series: groups of so many points, so many groups ahead, and why."""

    group_size: int
    horizon: int
    why: tuple[str, str]


def diagnose(source: Source) -> Diagnosis:
    """Look at the file that `source` names; what `source` says beside that is taken as given.

    Raises BadSource when it cannot be read at all.
    """
    seen = examine(source)
    lines = [f"Wrong: {sentence}" for sentence in sentences(seen.problems, seen.places)]
    lines += [f"  {problem.remedy}" for problem in seen.problems if problem.remedy and not problem.repair]
    if seen.problems:
        source, seen = _with_repairs(source, seen)
    if seen.found is None:
        return Diagnosis((f"{named(source.data or '')}:", *lines, "Not usable until that is mended."), usable=False)
    found = seen.found
    lines = [*found.sentences()[:3], *lines]
    lines += [f"To be mended, if you agree: {what} {times}." for what, times in found.repairs.items()]
    plan = plan_for(found)
    if plan is None:
        needed = AutoregressiveRecipe().groups_needed
        short = f"Too few points: {found.points}, and at least {needed} are needed even in groups of 1."
        return Diagnosis((*lines, short), usable=False)
    lines += [*_season(found), *plan.why, *_enough(found, plan), command(source, found, plan)]
    return Diagnosis(tuple(lines), usable=True)


def _with_repairs(source: Source, seen: Examination) -> tuple[Source, Examination]:
    """The source with whatever repairs are on offer, and how the file looks then. Each repair may show another need."""
    for _ in range(4):
        needs = {problem.repair for problem in seen.problems}
        if not needs or "" in needs:
            break
        widest = max([source.fill_gaps, *(problem.widest for problem in seen.problems), 1 if "fill" in needs else 0])
        if widest > 1000:
            break
        repair = tuple(what for what in ("sort", "duplicates") if what in {*needs, *source.repair})
        source = source.model_copy(update={"repair": repair, "fill_gaps": widest})
        seen = examine(source)
    return source, seen


def plan_for(found: FileSummary) -> Plan | None:
    """A group size and a horizon for a series; None when it is too short for any."""
    points, season, needed = found.points, found.period, AutoregressiveRecipe().groups_needed
    if points < needed + 1:
        return None
    size = _group_size(season)
    why_size = "as in the article" if season == 1 or size == USUAL_GROUP else f"a season of {season} is whole groups"
    while size > 1 and points // size < ROOMY:
        size -= 1
        why_size = f"larger ones would be fewer than {ROOMY}, too few to judge at several earlier origins"
    groups = points // size
    most = max(1, min(groups - FEWEST_GROUPS, groups // 4))
    if season > 1:
        horizon, why = min(-(-season // size), most), "one season"
        why = why if horizon * size >= season else "a quarter of the series; a season is longer"
    else:
        horizon, why = min(USUAL_HORIZON, most), "as in the article"
        why = why if horizon == USUAL_HORIZON else "a quarter of the series"
    ahead = f"Horizon {horizon} {'group' if horizon == 1 else 'groups'}: {why}."
    return Plan(size, horizon, (f"Group size {size}: {why_size}.", ahead))


def _group_size(season: int) -> int:
    """The divisor of the season nearest to the usual size, if one is near."""
    divisors = [size for size in range(3, 13) if season % size == 0]
    return min(divisors, key=lambda size: abs(size - USUAL_GROUP), default=USUAL_GROUP)


def _season(found: FileSummary) -> list[str]:
    told = "No season is found." if found.period == 1 else f"A season of {found.period} points is found."
    return [told]


def _enough(found: FileSummary, plan: Plan) -> list[str]:
    groups = found.points // plan.group_size
    ahead = FEWEST_GROUPS + plan.horizon
    lines = [f"Enough data: {groups} groups; {AutoregressiveRecipe().groups_needed} are needed to train, {ahead} to say"
             " how good that would have been."]  # fmt: skip
    try:
        fold_origins(found.points, plan.group_size, plan.horizon, GATE_FOLDS)
    except NoVerdict as error:
        lines.append(f"Not enough to retrain on a schedule: {error}.")
    if found.points > MANY:
        lines.append(f"{found.points} points take long to train on: the newest {MANY} are hardly worse.")
    return lines


def command(source: Source, found: FileSummary, plan: Plan) -> str:
    """The command that does the main job so, ready to be copied."""
    flags: dict[str, list[str]] = {
        "--data": [named(source.data or "")],
        "--time-column": [found.time_column],
        "--value-column": [found.value_column],
        "--time-zone": [source.time_zone] if source.time_zone else [],
        "--time-format": [source.time_format] if source.time_format else [],
        "--repair": list(source.repair),
        "--fill-gaps": [str(source.fill_gaps)] if source.fill_gaps else [],
        "--group-size": [str(plan.group_size)],
        "--horizon": [str(plan.horizon)],
    }
    words = [word for flag, values in flags.items() if values for word in [flag, *values]]
    return f"wavecast run {shlex.join(words)}"
