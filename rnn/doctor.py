"""Diagnose a file without training: its contents, its faults, and the settings that suit it."""

import re
import shlex
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn.ensemble.combination import are_counts
from rnn.errors import NoVerdict
from rnn.experiment import AskedTask, Task
from rnn.origins import FEWEST_GROUPS, fold_origins
from rnn.readers.files import named
from rnn.readers.number_times import epoch_of
from rnn.readers.options import Source
from rnn.readers.problems import BadSource, Problem, sentences
from rnn.readers.read import Examination, examine
from rnn.readers.repairs import FILLED
from rnn.readers.spacing import MOST_INVENTED
from rnn.readers.summary import FileSummary
from rnn.readers.time_names import speaks_of_time
from rnn.readers.urls import redacted
from rnn.series import Series
from rnn.task_choice import FEWEST_POINTS, choose, plan_for

REPAIRS = ("extra-rows", "sort", "duplicates", "trim-ends", "round-times")
"""The words of --repair, in the order in which they are said."""

MOST_FILLED = 1000
"""The largest --fill-gaps there is."""

MANY = 100_000
"""Training on more points takes longer than a quarter of an hour."""

GATE_FOLDS = 5

NOT_USABLE = "Not usable until that is mended."


@dataclass(frozen=True)
class Diagnosis:
    """The report on a file, line by line, and whether a run of the last line would work."""

    lines: tuple[str, ...]
    usable: bool


def diagnose(source: Source, asked: AskedTask | None = None) -> Diagnosis:
    """Look at the file that `source` names; what it says beside that, and the task `asked` for, are taken as given.

    Raises BadSource when it cannot be read at all, with no known setting; HorizonTooLong and BadHorizon.
    """
    lines: list[str] = []
    while True:
        try:
            seen = examine(source)
            break
        except BadSource as error:
            changes = any(getattr(source, name) != value for name, value in error.cure.items())
            if not changes and not lines:
                raise
            lines.append(f"Wrong: {error}.")
            if not changes:
                return Diagnosis((f"{named(source.data or '')}:", *lines, NOT_USABLE), usable=False)
            source = source.model_copy(update=error.cure)
    lines += [f"Wrong: {sentence}" for sentence in sentences(seen.problems, seen.places)]
    lines += list(dict.fromkeys(f"  {p.remedy}" for p in seen.problems if p.remedy and _must_be_said(p)))
    if seen.problems:
        source, seen = _with_repairs(source, seen)
    source, seen, epoch = _with_epoch(source, seen)
    if seen.summary is None or seen.series is None:
        lines += [line for line in _still_wrong(seen) if line not in lines]
        return Diagnosis((f"{named(source.data or '')}:", *lines, NOT_USABLE), usable=False)
    summary = seen.summary
    lines = [*summary.sentences()[: 3 if summary.ahead is None else 4], *lines, *epoch, *summary.doubts]
    lines += [f"To be mended, if you agree: {what} {times}." for what, times in summary.repairs.items()]
    lines += _invented(summary)
    plan = plan_for(summary)
    if plan is None:
        few = f"Too few points: {summary.points}, and at least {FEWEST_POINTS} are needed."
        return Diagnosis((*lines, few), usable=False)
    task, why = Task(group_size=plan.group_size, horizon=plan.horizon), " ".join(plan.why)
    if asked is not None:
        task, why = choose(summary, asked, calendar=seen.calendar)
    lines += [*_season(summary), *_bounds(source, seen.series), *re.split(r"(?<=\.) ", why), *_enough(summary, task)]
    lines.append(command(source, summary, task))
    return Diagnosis(tuple(line for line in lines if line), usable=True)


def _must_be_said(problem: Problem) -> bool:
    """Whether the remedy is not a repair that the last line's command would make anyway."""
    return not problem.repair or problem.repair == "cure"


def _still_wrong(seen: Examination) -> list[str]:
    """The problems of a file after all repairs on offer, as lines."""
    lines = [f"Wrong: {sentence}" for sentence in sentences(seen.problems, seen.places)]
    return lines + list(dict.fromkeys(f"  {problem.remedy}" for problem in seen.problems if problem.remedy))


MOST_REPAIRS = 8
"""Each repair may show another need: so many times a file is looked at again."""


def _with_repairs(source: Source, seen: Examination) -> tuple[Source, Examination]:
    """The source with whatever repairs are on offer, and how the file looks then; as it was, if they do not suffice.

    Gaps are not filled where that would invent more than a tenth of the points, unless the user asked for it.
    """
    asked, first = source, seen
    for _ in range(MOST_REPAIRS):
        if not seen.problems:
            break
        update = _repaired(source, seen)
        if not update:
            return (source, seen) if source is not asked else (asked, first)
        source = source.model_copy(update=update)
        seen = examine(source)
    if (
        seen.summary is not None
        and source.fill_gaps > asked.fill_gaps
        and _share_invented(seen.summary) > MOST_INVENTED
    ):
        return asked, first
    return source, seen


def _repaired(source: Source, seen: Examination) -> dict[str, Any]:
    """The settings that mend the file's problems as far as is known; none when one of them has no remedy."""
    needs = {problem.repair for problem in seen.problems}
    update: dict[str, Any] = {}
    for problem in seen.problems:
        update |= problem.cure
    marks = [mark for problem in seen.problems for mark in problem.cure.get("missing", ())]
    if marks:
        update["missing"] = tuple(dict.fromkeys((*source.missing, *marks)))
    words = tuple(word for word in REPAIRS if word in {*needs, *source.repair})
    if words != source.repair:
        update["repair"] = words
    if "fill" in needs:
        widest = max([source.fill_gaps, 1, *(problem.widest for problem in seen.problems)])
        if widest > MOST_FILLED:
            return {}
        update["fill_gaps"] = widest
    changes = any(getattr(source, name) != value for name, value in update.items())
    return update if changes and ("" not in needs or "cure" in needs) else {}


def _with_epoch(source: Source, seen: Examination) -> tuple[Source, Examination, list[str]]:
    """The file read with dates, where its times are numbers that count from 1970; and what is said of that."""
    if seen.series is None or seen.calendar is not None or source.time_format is not None:
        return source, seen, []
    epoch = epoch_of(seen.series.x, speaks_of_time(seen.chosen.time))
    if epoch is None:
        return source, seen, []
    said = f"Times {epoch.sentence}: with --time-format {epoch.name} they are read as such, else as plain numbers."
    dated = source.model_copy(update={"time_format": epoch.name})
    again = examine(dated)
    return (dated, again, [said]) if again.summary is not None else (source, seen, [said])


def _share_invented(summary: FileSummary) -> float:
    return summary.repairs.get(FILLED, 0) / summary.points


def _invented(summary: FileSummary) -> list[str]:
    if _share_invented(summary) <= MOST_INVENTED:
        return []
    return [
        f"{summary.repairs[FILLED]} of {summary.points} points are invented by filling: too many to trust a forecast."
    ]


def _bounds(source: Source, series: Series) -> list[str]:
    """The bound that all values keep, which forecasts will keep too."""
    if source.lower is not None or not len(series) or float(series.y.min()) < 0:
        return []
    counts = "counts" if bool((series.y == np.rint(series.y)).all()) else "values"
    whole = "; being few at a time, intervals end at whole numbers" if are_counts(series.observed) else ""
    return [f"All {counts} are 0 or more, so forecasts and intervals will be; --lower says otherwise{whole}."]


def _season(summary: FileSummary) -> list[str]:
    if summary.period == 1:
        return ["No season is found; --season says otherwise."]
    return [f"A season of {summary.period} points is found; --season says otherwise."]


def _enough(summary: FileSummary, task: Task) -> list[str]:
    groups = summary.points // task.group_size
    ahead = FEWEST_GROUPS + task.horizon
    enough = "Enough" if groups >= ahead else "Little"
    lines = [f"{enough} data: {groups} groups; {FEWEST_POINTS} points are needed to forecast, {ahead} groups to say how"
             " good that would have been."]  # fmt: skip
    try:
        fold_origins(summary.points, task.group_size, task.horizon, GATE_FOLDS)
    except NoVerdict as error:
        lines.append(f"Not enough to retrain on a schedule: {error}.")
    if summary.points > MANY:
        lines.append(f"{summary.points} points take long to train on: the newest {MANY} are hardly worse.")
    return lines


def command(source: Source, summary: FileSummary, task: Task) -> str:
    """The command that does the main job so, ready to be copied."""
    file = redacted(source.data or "")
    flags: dict[str, list[str]] = {
        "--data": [file] if file.startswith("-") else [],
        "--query": [source.query] if source.query else [],
        "--table": [source.table] if source.table else [],
        "--time-column": list(source.time_column) or [summary.time_column],
        "--value-column": [summary.value_column],
        "--time-zone": [source.time_zone] if source.time_zone else [],
        "--time-format": [source.time_format] if source.time_format else [],
        "--where": list(source.where),
        "--decimal": [source.decimal] if source.decimal else [],
        "--thousands": [source.thousands] if source.thousands else [],
        "--missing": list(source.missing),
        "--encoding": [source.encoding] if source.encoding else [],
        "--skip-rows": [str(source.skip_rows)] if source.skip_rows else [],
        "--sheet": [source.sheet] if source.sheet else [],
        "--repair": list(source.repair),
        "--hold-back": [str(source.hold_back)] if source.hold_back else [],
        "--fill-gaps": [str(source.fill_gaps)] if source.fill_gaps else [],
        "--known": list(source.known_ahead),
        "--holidays": [source.holidays] if source.holidays else [],
        "--season": [str(length) for length in source.season],
        "--lower": [] if source.lower is None else [repr(source.lower)],
        "--upper": [] if source.upper is None else [repr(source.upper)],
        "--group-size": [str(task.group_size)],
        "--horizon": [str(task.horizon * task.group_size)],
    }
    words = [word for flag, values in flags.items() if values for word in _flagged(flag, values)]
    return f"wavecast run {shlex.join(words if file.startswith('-') else [file, *words])}"


def _flagged(flag: str, values: list[str]) -> list[str]:
    """A flag and its values as words; a value that begins like a flag is tied to it, else it would be taken for one."""
    if any(value.startswith("-") for value in values):
        return [f"{flag}={value}" for value in values]
    return [flag, *values]
