"""The ledger: every forecast that was served and whose outcome is known, beside that outcome. `<store>/ledger.parquet`.

It is replaced whole, under a lock, and a row that is in it never changes: scoring the same arrivals again adds nothing,
and data that are corrected later do not rewrite what was found out. Only runs that may still have something to score
are opened; the file's metadata names the others.
"""

import io
import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from artifacts.files.forecasts import BOUNDS, FORECAST
from artifacts.files.parquet import read_table, write_table
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from rnn.arrays import AnyArray, Array
from rnn.errors import WavecastError
from rnn.lifecycle.outcomes import Scored, join, score_pending

LEDGER = "ledger.parquet"
FLOW = "retrain"
"""Whose runs are scored: those that serve a forecast of what has not happened yet."""

FORMAT = 1

COLUMNS = {
    "run": "run", "method": "method", "model": "model", "origin": "origin", "step": "step", "at": "at", "y": "y_pred",
    "truth": "y_true", **{bound: bound for bound in BOUNDS},
}  # fmt: skip
"""The fields of Scored, and the ledger's columns."""


UNREADABLE = (OSError, KeyError, ValueError, TypeError, AttributeError, pa.ArrowException)
"""What reading a file that is not what it should be may raise."""


class CorruptLedger(WavecastError):
    """The ledger cannot be read."""


@dataclass(frozen=True)
class Ledger:
    """What has been scored, and the runs that need not be opened again."""

    scored: Scored
    closed: frozenset[str]


@dataclass(frozen=True)
class Update:
    """A ledger after scoring: rows that came in, runs that were opened, and those that cannot be read, and why."""

    ledger: Ledger
    added: int
    opened: int
    unreadable: dict[str, str]


def read_ledger(store: Store) -> Ledger:
    """What has been scored so far. Raises CorruptLedger."""
    content = store.read(LEDGER)
    if content is None:
        return Ledger(Scored.none(), frozenset())
    try:
        columns, made = read_table(content)
        if made["format"] != FORMAT:
            raise ValueError(f"its format is {made['format']}")
        scored = Scored(**{field: columns[column] for field, column in COLUMNS.items()})
        return Ledger(scored, frozenset(made["closed"]))
    except UNREADABLE as error:
        raise CorruptLedger(
            f"{store.place(LEDGER)} cannot be read as a ledger ({reason_of(error)}): move it away, and all that has "
            "arrived is scored anew"
        ) from error


def score_arrivals(store: Store, at: Array, y: Array, step: float) -> Update:
    """Score the forecasts of the store's retrain runs by the series `at`, `y` (points,), and put them in the ledger.

    `step` is the distance of neighbouring points, in what `at` counts. A run is closed when all its points are scored,
    or when the data reach a horizon beyond its last one: what arrives later than that is not waited for. Raises
    CorruptLedger and CannotWrite.
    """
    with store.changing(LEDGER):
        before = read_ledger(store)
        rows, closed, unreadable = [before.scored], set(before.closed), {}
        waiting = [run for run in store.runs() if run not in before.closed]
        known = set(_keys(before.scored.of(np.isin(before.scored.run.astype(str), waiting))))
        for run in waiting:
            try:
                promised = _promised(store, run)
            except UnreadableRun as error:
                unreadable[run] = f"it {error.reason}"
                continue
            except UNREADABLE as error:
                unreadable[run] = reason_of(error)
                continue
            if promised is not None:
                come = score_pending(promised, at, y, step)
                rows.append(come.of(np.array([key not in known for key in _keys(come)], dtype=bool)))
            if promised is None or _is_over(promised, len(come), at):
                closed.add(run)
        after = Ledger(_sorted(join(rows)), frozenset(closed))
        added = len(after.scored) - len(before.scored)
        if added or after.closed != before.closed:
            _write(store, after)
    return Update(after, added, len(waiting), unreadable)


def _promised(store: Store, run: str) -> Scored | None:
    """All that a run said of the future, its truth NaN; None when the run is not one that serves forecasts."""
    folder = store.run(run)
    if folder.flow != FLOW:
        return None
    serves = json.loads(folder.read(VERDICT))["serves"]
    columns, _ = read_table(folder.read(FORECAST))
    at = moments(columns["time"] if "time" in columns else columns["x"])
    method, step = columns["recipe"], columns["step"].astype(np.int64)
    first = at[method == method[0]][:2]
    if len(first) < 2:
        raise ValueError(f"{FORECAST} has fewer than two points of each method")
    origin = first[0] - (first[1] - first[0])
    rows = len(at)
    champion = f"{serves['run'] or run}/{serves['method']}"
    forecasts = Scored(
        run=np.full(rows, run, dtype=object),
        method=method,
        model=np.where(method == "served", champion, method),
        origin=np.full(rows, origin),
        step=step,
        at=at,
        y=columns["y_pred"],
        truth=np.full(rows, np.nan),
        **{bound: columns[bound] for bound in BOUNDS},
    )
    _, once = np.unique(_keys(forecasts), return_index=True)  # the grid of the article's program names points twice
    return forecasts.of(np.sort(once))


def moments(at: AnyArray) -> Array:
    """Times of a series as numbers: x as it is, dates as microseconds since 1970 (exact until the year 2255)."""
    if np.issubdtype(at.dtype, np.datetime64):
        return at.astype("datetime64[us]").astype(np.int64).astype(float)
    return at.astype(float)


def _is_over(promised: Scored, come: int, at: Array) -> bool:
    ends, begins = float(promised.at.max()), float(promised.origin[0])
    return come == len(promised) or bool(len(at) and float(at.max()) >= ends + (ends - begins))


def _keys(scored: Scored) -> list[str]:
    """What a row is known by: who said it, how, and of which moment."""
    rows = zip(scored.run.tolist(), scored.method.tolist(), scored.at.tolist(), strict=True)
    return [f"{run}|{method}|{at!r}" for run, method, at in rows]


def _sorted(scored: Scored) -> Scored:
    """By run, method and moment: the same rows give the same file, in whatever order they came."""
    return scored.of(np.lexsort((scored.at, scored.method.astype(str), scored.run.astype(str))))


def _write(store: Store, ledger: Ledger) -> None:
    columns = {column: getattr(ledger.scored, field) for field, column in COLUMNS.items()}
    buffer = io.BytesIO()
    write_table(buffer, columns, {"format": FORMAT, "closed": sorted(ledger.closed)})
    store.replace(LEDGER, buffer.getvalue())


def reason_of(error: Exception) -> str:
    """An error of somebody else's in one line."""
    return " ".join(str(error).split()) or type(error).__name__
