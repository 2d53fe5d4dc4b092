"""The report of an evaluation on a suite: every method beside every other, by group, and what can be told apart."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from artifacts.reports.evaluate_suite_pictures import suite_pictures
from artifacts.reports.report import Report, Table, figure, percent, times_as
from artifacts.web.pages import markdown_table
from rnn.arrays import Array
from rnn.evaluation.suite_forecasts import FALLBACK, OURS
from rnn.evaluation.suite_scores import Bounded, SuiteScores, ranks, relative
from rnn.evaluation.suites import SUITES, SuiteName, ordered

ALL = "all"

FEW = 30
"""So many series have a table of their own."""

Failures = Mapping[str, Sequence[str]]


def report(suite: SuiteName, scores: SuiteScores, failures: Failures, config: Mapping[str, Any]) -> Report:
    """The evaluation's report: sentences, tables, pictures."""
    return Report(
        flow="evaluate",
        title=f"How well it forecasts: {SUITES[suite].title}",
        sentences=sentences(suite, scores, failures),
        tables=tables(suite, scores, failures),
        pictures=suite_pictures(suite, scores),
        config=config,
    )


def comparison(suite: SuiteName, scores: SuiteScores, failures: Failures) -> str:
    """The sentences and tables as Markdown without pictures, as shown in docs/evaluation.md."""
    parts = ["\n".join(f"- {sentence}" for sentence in sentences(suite, scores, failures))]
    shown = (table for table in tables(suite, scores, failures) if table.rows)
    parts += [f"**{table.caption}**\n\n{markdown_table(table.rows)}" for table in shown]
    return "\n\n".join(parts) + "\n"


def references(suite: SuiteName, scores: SuiteScores) -> list[str]:
    """The methods that the others are set beside, of those that take part."""
    return [name for name in (SUITES[suite].reference, FALLBACK) if name in scores.methods]


def by_group(scores: SuiteScores) -> dict[str, SuiteScores]:
    """The scores of each group, and of all series where there are several groups."""
    groups = ordered(scores.group.tolist())
    parts = {group: scores.within(group) for group in groups}
    return parts if len(groups) == 1 else {**parts, ALL: scores}


def sentences(suite: SuiteName, scores: SuiteScores, failures: Failures) -> list[str]:
    """Sentences on how good our recipe is, what its intervals hold, and which methods failed."""
    lines = [f"{len(scores.series)} series of {SUITES[suite].title}: {_counted(scores)}."]
    if OURS in scores.methods:
        lines += [_beside(scores, reference) for reference in references(suite, scores)]
        lines.append(
            f"Of the truth, {percent(_mean(scores.of(OURS, 'inside90')))} lies within its 90 % intervals and "
            f"{percent(_mean(scores.of(OURS, 'inside50')))} within its 50 % ones."
        )
        lines.append(f"It takes {figure(_mean(scores.of(OURS, 'seconds')))} CPU seconds a series.")
    for method, reasons in failures.items():
        lines.append(
            f"{method} gave no forecast of {len(reasons)} windows; the {FALLBACK} forecast is scored in its place."
        )
    return lines


def _counted(scores: SuiteScores) -> str:
    counts = Counter(scores.group.tolist())
    return ", ".join(f"{counts[group]} {group}" for group in ordered(counts))


def _beside(scores: SuiteScores, reference: str) -> str:
    """How good our recipe is beside a reference, and in which groups it is credibly worse."""
    ratio = relative(scores, OURS, reference)
    how = "no better or worse that could be told"
    if ratio.of_means.credible:
        how = "credibly better" if ratio.of_means.value < 1 else "credibly worse"
    parts = {group: relative(part, OURS, reference).of_means for group, part in by_group(scores).items()}
    worse = [f"{group} ({times_as(one.value)})" for group, one in parts.items() if one.credible and one.value > 1]
    where = f" It is credibly worse on {', '.join(worse)}." if worse and set(parts) != {ALL} else ""
    return (
        f"The MASE of the {OURS} recipe is {bounded(ratio.of_means)} times that of {reference} (90 % bounds), {how}; "
        f"as a geometric mean {bounded(ratio.geometric)}.{where}"
    )


def tables(suite: SuiteName, scores: SuiteScores, failures: Failures) -> list[Table]:
    """All tables, first the methods on all series together."""
    parts, beside = by_group(scores), references(suite, scores)
    found = [
        Table("All series: means over them", [_overview(scores, method, beside) for method in scores.methods]),
        Table("sMAPE in % and MASE", _grid(parts, _smape_and_mase)),
        *(
            Table(
                f"MASE as so many times that of {one}: ratio of means; geometric mean of the ratios (90 % bounds)",
                _grid(parts, partial(_ratios, reference=one)),
            )
            for one in beside
        ),
        Table("MSIS of the 90 % intervals; in brackets on how many series, where not on all", _grid(parts, _msis)),
        *(
            Table(
                f"MSIS as so many times that of {one}, ratio of means (90 % bounds)",
                _grid(parts, partial(_ratio, reference=one, figure="msis")),
            )
            for one in beside[:1]
        ),
        Table("Share of the truth within the 50 % and the 90 % intervals", _grid(parts, _coverage)),
        Table("CPU seconds a series, one core, warm, fitting included", _grid(parts, _seconds)),
        Table("Mean ranks by MASE, 1 is the best (90 % bounds)", _rank_rows(scores)),
        Table("Methods that gave no forecast of some windows", [_failed(*one) for one in failures.items()]),
    ]
    if len(scores.series) <= FEW:
        found.append(Table("MASE on each series", [_series(scores, place) for place in range(len(scores.series))]))
    return found


def _grid(parts: Mapping[str, SuiteScores], cell: Callable[[SuiteScores, str], str]) -> list[dict[str, str]]:
    """A row a method, a column a group."""
    methods = next(iter(parts.values())).methods
    return [
        {
            "method": method,
            **{f"{name} ({len(part.series)})": cell(part, method) for name, part in parts.items()},
        }
        for method in methods
    ]


def _overview(scores: SuiteScores, method: str, beside: Sequence[str]) -> dict[str, str]:
    return {
        "method": method,
        "sMAPE, MASE": _smape_and_mase(scores, method),
        **{f"MASE relative to {one}": _ratio(scores, method, one, "mase") for one in beside},
        "MSIS": _msis(scores, method),
        "within 50, 90 %": _coverage(scores, method),
        "CPU s": _seconds(scores, method),
    }


def _smape_and_mase(scores: SuiteScores, method: str) -> str:
    return f"{_mean(scores.of(method, 'smape')):.2f}, {_mean(scores.of(method, 'mase')):.3f}"


def _ratios(scores: SuiteScores, method: str, reference: str) -> str:
    if method == reference:
        return "1"
    ratio = relative(scores, method, reference)
    return f"{bounded(ratio.of_means)}; {bounded(ratio.geometric)}"


def _ratio(scores: SuiteScores, method: str, reference: str, figure: str) -> str:
    return "1" if method == reference else bounded(relative(scores, method, reference, figure).of_means)


def _msis(scores: SuiteScores, method: str) -> str:
    values = scores.of(method, "msis")
    known = int(np.isfinite(values).sum())
    return figure(_mean(values)) + (f" ({known})" if 0 < known < len(values) else "")


def _coverage(scores: SuiteScores, method: str) -> str:
    return f"{percent(_mean(scores.of(method, 'inside50')))}, {percent(_mean(scores.of(method, 'inside90')))}"


def _seconds(scores: SuiteScores, method: str) -> str:
    return figure(_mean(scores.of(method, "seconds")))


def _rank_rows(scores: SuiteScores) -> list[dict[str, str]]:
    """A row a method, the best first."""
    found = ranks(scores)
    order = sorted(scores.methods, key=lambda method: found.mean[method].value)
    return [
        {
            "method": method,
            "mean rank": bounded(found.mean[method]),
            "credibly better than": ", ".join(
                other for other in order if found.better[scores.methods.index(method), scores.methods.index(other)]
            )
            or "–",
        }
        for method in order
    ]


def _failed(method: str, reasons: Sequence[str]) -> dict[str, str]:
    (why, times), *others = Counter(reasons).most_common()
    more = f", and {len(others)} other reasons" if others else ""
    return {"method": method, "windows": str(len(reasons)), "most often": f"{why} ({times}){more}"}


def _series(scores: SuiteScores, place: int) -> dict[str, str]:
    row = {method: figure(float(scores.mase[k, place])) for k, method in enumerate(scores.methods)}
    return {"series": scores.series[place], **row}


def bounded(one: Bounded) -> str:
    """A ratio or rank with its bounds, where it has some: "0.98 (0.95 to 1.02)"."""
    around = f" ({times_as(one.lower)} to {times_as(one.upper)})" if np.isfinite(one.lower) else ""
    return f"{times_as(one.value)}{around}"


def _mean(values: Array) -> float:
    """The mean of what is known; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan
