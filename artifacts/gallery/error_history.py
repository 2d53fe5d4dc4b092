"""Charts of errors over time: of each run, with the promotions, and of past forecasts whose outcome is known."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

import numpy as np

from artifacts.files.parquet import Columns
from artifacts.gallery.summary import Summary
from artifacts.lifecycle.registry import Promotion
from artifacts.web.chart import Chart, Line, Mark
from artifacts.web.pages import short
from artifacts.web.phrases import moment, parse

FLOWS = ("pipeline", "retrain")
"""The flows whose errors are in the history: a sweep's error is that of many settings."""

MARKS = 8
"""Promotions that are marked at most, the newest: the labels of more would overlap."""


def history(runs: Iterable[Summary], promotions: Sequence[Promotion]) -> Chart | None:
    """A chart of each run's error over the best naive forecast's, by time; None with fewer than two runs."""
    known = [run for run in runs if run.flow in FLOWS and run.ratio is not None and parse(run.when) is not None]
    if len({run.when for run in known}) < 2:
        return None
    lines = []
    for method in dict.fromkeys(run.method for run in known):
        mine = sorted((run for run in known if run.method == method), key=lambda run: run.when)
        x, y = np.array([(_at(run.when), run.ratio) for run in mine], dtype=float).T
        lines.append(Line.of_method(method, x, y, dots=True))
    first = min(_at(run.when) for run in known)
    timed = [promotion for promotion in promotions[-MARKS:] if parse(promotion.when)]
    marks = [Mark(_at(each.when), _role(each)) for each in timed if _at(each.when) >= first]
    ratios = [run.ratio for run in known if run.ratio is not None]
    better = sum(ratio < 1 for ratio in ratios)
    alt = (
        f"{len(known)} runs, of which {better} are better than the best naive forecast: from {short(min(ratios))} to "
        f"{short(max(ratios))} times its error. Vertical lines are promotions."
    )
    names = {_at(run.when): moment(run.when) for run in known}
    links = {_at(run.when): f"{quote(run.name)}/report.html" for run in known if run.report}
    unit = "times the best naive forecast's error; below 1 is better"
    return Chart(
        title="Error of each run",
        alt=alt,
        lines=lines,
        x_label="",
        y_label=unit,
        marks=marks,
        log_y=True,
        names=names,
        links=links,
        table=False,
    )


def realised(ledger: Columns, runs: Iterable[Summary]) -> Chart | None:
    """A chart of the errors of past forecasts with known outcomes, by run and method; None with fewer than two runs."""
    when = {run.name: run.when for run in runs if parse(run.when) is not None}
    errors: dict[str, list[tuple[float, float]]] = {}
    for method, name, error in _errors(ledger):
        if name in when:
            errors.setdefault(method, []).append((_at(when[name]), error))
    if not errors or max(map(len, errors.values())) < 2:
        return None
    served_first = sorted(errors, key=lambda method: method != "served")
    lines = [Line.of_method(method, *np.array(sorted(errors[method])).T) for method in served_first]
    names = {at: moment(datetime.fromtimestamp(at, UTC).isoformat()) for line in lines for at in line.x.tolist()}
    ends = "; ".join(f"{line.name} {short(float(np.median(line.y)))}" for line in lines)
    alt = f"RMSE of past forecasts whose outcome is known, by the run that made them; the medians: {ends}."
    return Chart(
        title="Errors of past forecasts, now that the outcome is known",
        alt=alt,
        lines=lines,
        x_label="",
        y_label="RMSE",
        log_y=True,
        names=names,
        table=False,
    )


def _errors(ledger: Columns) -> Iterator[tuple[str, str, float]]:
    keys = list(zip(ledger["method"].tolist(), ledger["run"].tolist(), strict=True))
    squares = (ledger["y_pred"] - ledger["y_true"]) ** 2
    sums: dict[tuple[str, str], list[float]] = {}
    for key, square in zip(keys, squares.tolist(), strict=True):
        if np.isfinite(square):
            each = sums.setdefault(key, [0.0, 0])
            each[0] += square
            each[1] += 1
    for (method, run), (total, count) in sums.items():
        yield method, run, float(np.sqrt(total / count))


def _role(promotion: Promotion) -> str:
    return {"gate": "promoted", "promote": "by hand", "rollback": "rolled back"}[promotion.how]


def _at(when: str) -> float:
    """Seconds since 1970."""
    parsed = parse(when)
    assert parsed is not None  # noqa: S101  the callers have checked it
    return float(int(parsed.timestamp()))
