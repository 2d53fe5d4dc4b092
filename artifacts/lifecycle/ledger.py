"""The ledger: every forecast that was served and whose outcome is known, with the outcome. `<store>/ledger.parquet`.

The file is replaced whole, under a lock, and no row ever goes: scoring the same arrivals again adds nothing. A later
correction of the data alters a past score only within the time in which values are revised; beyond it the row is marked
as restated. Rows that were scored in error are voided, with the reason, and count no longer. The file's metadata names
the runs that are closed, so that only those with outcomes still to come are opened.
"""

import io
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from artifacts.files.forecasts import FORECAST
from artifacts.files.parquet import read_table, write_table
from artifacts.lifecycle.served import FLOWS, model_of
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from rnn.arrays import AnyArray, Array
from rnn.errors import WavecastError
from rnn.intervals import BOUNDS
from rnn.lifecycle.outcomes import Scored, join, match, score_pending, unmarked
from rnn.lifecycle.restatement import changed

LEDGER = "ledger.parquet"
FORMAT = 1

COLUMNS = {
    "run": "run", "method": "method", "model": "model", "origin": "origin", "step": "step", "at": "at", "y": "y_pred",
    "truth": "y_true", **{bound: bound for bound in BOUNDS},
}  # fmt: skip
"""The fields of Scored, each with its column in the ledger."""

MARKS = ("unique_id", "restated", "voided")
"""Columns that older ledgers do not have."""

UNREADABLE = (UnreadableRun, OSError, KeyError, ValueError, TypeError, AttributeError, pa.ArrowException)
"""The errors that reading a damaged or foreign file may raise."""


class CorruptLedger(WavecastError):
    """The ledger cannot be read."""


@dataclass(frozen=True)
class Ledger:
    """The scored forecasts, and the runs that are `closed`: none of their outcomes is still to come."""

    scored: Scored
    closed: frozenset[str]

    def counted(self, begun: str = "") -> Scored:
        """The rows that count: not voided, and of runs from the name `begun` on."""
        return self.scored.of((self.scored.voided == "") & (self.scored.run.astype(str) >= begun))


@dataclass(frozen=True)
class Update:
    """A ledger after scoring: rows added, rows revised, runs opened, and the unreadable runs with the reason."""

    ledger: Ledger
    added: int
    opened: int
    unreadable: dict[str, str]
    revised: int = 0


@dataclass(frozen=True)
class Scoring:
    """How arrivals are scored. Runs before the name `begun` were about other values, and are closed unscored.

    `restated`: forecasts of runs before this name were made of values most of which have changed since. `revise`: so
    long before the newest moment, in the unit of `at`, a score follows a value that changes.
    """

    unique_id: str = ""
    begun: str = ""
    restated: str = ""
    revise: float = 0.0


AS_EVER = Scoring()


def read_ledger(store: Store) -> Ledger:
    """Read the ledger; an empty one where there is no file. Raises CorruptLedger."""
    try:
        content = store.read(LEDGER)
        if content is None:
            return Ledger(Scored.none(), frozenset())
        columns, made = read_table(content)
        if made["format"] != FORMAT:
            raise ValueError(f"its format is {made['format']}")
        marks = {**unmarked(len(columns["at"])), **{name: columns[name] for name in MARKS if name in columns}}
        scored = Scored(**{field: columns[column] for field, column in COLUMNS.items()}, **marks)
        return Ledger(scored, frozenset(made["closed"]))
    except UNREADABLE as error:
        raise CorruptLedger(
            f"{store.place(LEDGER)} cannot be read as a ledger ({reason_of(error)}): move it away, and all forecasts "
            "are scored again"
        ) from error


def score_arrivals(store: Store, at: Array, y: Array, step: float, how: Scoring = AS_EVER) -> Update:
    """Score the forecasts that the store's runs served against the series `at`, `y` (points,); update the ledger.

    `step`: the distance of neighbouring points, in the unit of `at`. A run is closed when all its points are scored, or
    when the data reach a horizon beyond its last point: later arrivals are not waited for. Raises CorruptLedger and
    CannotWrite.
    """
    with store.changing(LEDGER):
        before = read_ledger(store)
        revised, count = _revised(before.scored, at, y, step, how.revise)
        rows, closed, unreadable = [revised], set(before.closed), {}
        closed |= {run for run in store.runs() if run < how.begun}
        waiting = [run for run in store.runs() if run not in closed]
        known = set(_keys(before.scored.of(np.isin(before.scored.run.astype(str), waiting))))
        for run in waiting:
            try:
                forecasts = _forecasts(store, run)
            except UNREADABLE as error:
                unreadable[run] = reason_of(error)
                continue
            if forecasts is None:
                closed.add(run)
                continue
            scored = score_pending(_of_series(forecasts, how, run < how.restated), at, y, step)
            rows.append(scored.of(np.array([key not in known for key in _keys(scored)], dtype=bool)))
            if _is_over(forecasts, len(scored), at):
                closed.add(run)
        after = Ledger(_sorted(join(rows)), frozenset(closed))
        added = len(after.scored) - len(before.scored)
        if added or count or after.closed != before.closed:
            _write(store, after)
    return Update(after, added, len(waiting), unreadable, count)


def _of_series(forecasts: Scored, how: Scoring, restated: bool) -> Scored:
    """The same rows with the series' name, marked where what they were made of has changed since."""
    rows = len(forecasts)
    return replace(forecasts, unique_id=np.full(rows, how.unique_id, object), restated=np.full(rows, restated))


def _revised(scored: Scored, at: Array, y: Array, step: float, revise: float) -> tuple[Scored, int]:
    """The rows with the values of now, so long before the newest moment, and how many have changed by that."""
    if not revise or not len(at) or not len(scored):
        return scored, 0
    place = match(scored.at, at, step)
    young = (place >= 0) & (scored.at > at.max() - revise) & (scored.voided == "")
    truth = np.where(young, y[place], scored.truth)
    return replace(scored, truth=truth), int(changed(scored.truth, truth).sum())


def mark_restated(store: Store, at: Array, step: float) -> int:
    """Mark the rows whose moments are among `at` (points,), whose values have changed; returns how many of them."""
    with store.changing(LEDGER):
        ledger = read_ledger(store)
        touched = match(ledger.scored.at, at, step) >= 0
        if touched.any():
            marked = replace(ledger.scored, restated=ledger.scored.restated | touched)
            _write(store, Ledger(marked, ledger.closed))
    return int(touched.sum())


def void(store: Store, first: float, last: float, why: str) -> int:
    """Void the rows whose moments are from `first` to `last`; returns how many. Raises CorruptLedger.

    They stay in the ledger with the reason and count no longer. An empty reason makes them count again.
    """
    with store.changing(LEDGER):
        ledger = read_ledger(store)
        scored = ledger.scored
        meant = (scored.at >= first) & (scored.at <= last) & ((scored.voided == "") == bool(why))
        if meant.any():
            voided = np.where(meant, why, scored.voided).astype(object)
            _write(store, Ledger(replace(scored, voided=voided), ledger.closed))
    return int(meant.sum())


def drop_doubles(store: Store) -> int:
    """Let every line be in the ledger once; returns how many were there again. Raises CorruptLedger."""
    with store.changing(LEDGER):
        ledger = read_ledger(store)
        _, once = np.unique(_keys(ledger.scored), return_index=True)
        doubles = len(ledger.scored) - len(once)
        if doubles:
            _write(store, replace(ledger, scored=ledger.scored.of(np.sort(once))))
    return doubles


def doubles_in(ledger: Ledger) -> int:
    """Count the lines that repeat another one's run, method and moment."""
    keys = _keys(ledger.scored)
    return len(keys) - len(set(keys))


def _forecasts(store: Store, run: str) -> Scored | None:
    """All forecasts of a run, their truth NaN; None for a run of another flow, which serves none."""
    folder = store.run(run)
    if folder.flow not in FLOWS:
        return None
    columns, _ = read_table(folder.read(FORECAST))
    at = moments(columns["time"] if "time" in columns else columns["x"])
    method, step = columns["recipe"], columns["step"].astype(np.int64)
    first = at[method == method[0]][:2]
    if len(first) < 2:
        raise ValueError(f"{FORECAST} has fewer than two points of each method")
    origin = first[0] - (first[1] - first[0])
    rows = len(at)
    champion = "/".join(model_of(folder))
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
        **unmarked(rows),
    )
    _, once = np.unique(_keys(forecasts), return_index=True)  # the grid of the article's program names points twice
    return forecasts.of(np.sort(once))


def moments(at: AnyArray) -> Array:
    """Times of a series as numbers: x unchanged, dates as microseconds since 1970 (exact until the year 2255)."""
    if np.issubdtype(at.dtype, np.datetime64):
        return at.astype("datetime64[us]").astype(np.int64).astype(float)
    return at.astype(float)


def _is_over(forecasts: Scored, scored: int, at: Array) -> bool:
    """Whether all of a run's points are scored, or the data at `at` reach a horizon beyond the last of them."""
    ends, begins = float(forecasts.at.max()), float(forecasts.origin[0])
    return scored == len(forecasts) or bool(len(at) and float(at.max()) >= ends + (ends - begins))


def _keys(scored: Scored) -> list[str]:
    """The key of each row: its run, method and moment."""
    rows = zip(scored.run.tolist(), scored.method.tolist(), scored.at.tolist(), strict=True)
    return [f"{run}|{method}|{at!r}" for run, method, at in rows]


def _sorted(scored: Scored) -> Scored:
    """The rows sorted by run, method and moment, so that the file does not depend on the order of arrivals."""
    return scored.of(np.lexsort((scored.at, scored.method.astype(str), scored.run.astype(str))))


def _write(store: Store, ledger: Ledger) -> None:
    columns = {column: getattr(ledger.scored, field) for field, column in COLUMNS.items()}
    columns |= {name: getattr(ledger.scored, name) for name in MARKS}
    buffer = io.BytesIO()
    write_table(buffer, columns, {"format": FORMAT, "closed": sorted(ledger.closed)})
    store.replace(LEDGER, buffer.getvalue())


def reason_of(error: Exception) -> str:
    """The text of an error in one line; of an unreadable run, without its place."""
    if isinstance(error, UnreadableRun):
        return f"it {error.reason}"
    return " ".join(str(error).split()) or type(error).__name__
