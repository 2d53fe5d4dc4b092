"""Parse the parameters of a request for a forecast: series, levels, times, format. A mistake is one line."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa

from artifacts.files.forecast_table import LEVELS, NAME
from rnn.arrays import AnyArray
from rnn.errors import WavecastError

ROWS = 100_000
"""An answer has at most so many rows."""

SHOWN = 40
"""Letters of a value that a message repeats at most."""

Media: TypeAlias = Literal["json", "csv"]
TYPES: dict[str, Media] = {"application/json": "json", "text/csv": "csv"}


class BadQuestion(WavecastError):
    """A parameter of a request has no meaning here."""


class NoSuchSeries(WavecastError):
    """The store does not serve a series of that name."""


class NotAcceptable(WavecastError):
    """The client takes neither JSON nor CSV."""


@dataclass(frozen=True)
class Question:
    """The rows and columns that are asked for; all of them where nothing is said.

    `levels`: such as "90", "50,90" or "none". `begins`, `ends`: the first and the last time, both included, as text: as
    the series' own clock shows it; a moment where it has a zone; a number where times are numbers. A day without a time
    ends with the day.
    """

    series: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    begins: str | None = None
    ends: str | None = None


def chosen(table: pa.Table, question: Question) -> pa.Table:
    """The rows and columns of a forecast's table that a question asks for. Raises BadQuestion and NoSuchSeries."""
    levels = _levels(question.levels)
    rows = np.ones(len(table), dtype=bool)
    if question.series:
        rows &= _of_series(table, question.series)
    first, last = _bound(table, "from", question.begins), _bound(table, "to", question.ends)
    if first is not None:
        rows &= first.values >= first.bound
    if last is not None:
        rows &= ~last.is_before(last.values)
    if first is not None and last is not None and first.column == last.column and last.is_before(first.bound):
        raise BadQuestion(f"from={short(question.begins)} is after to={short(question.ends)}: swap them")
    if rows.sum() > ROWS:
        raise BadQuestion(f"that is {rows.sum()} rows, and an answer has {ROWS} at most: ask for less with from and to")
    without = [f"{NAME}-{side}-{level}" for level in LEVELS if level not in levels for side in ("lo", "hi")]
    kept = table if rows.all() else table.filter(pa.array(rows))
    return kept.drop_columns(without) if without else kept


def wanted_media(asked: str | None, accept: str | None) -> Media:
    """JSON or CSV, by `?format=` or else by the header Accept. Raises BadQuestion and NotAcceptable."""
    if asked is not None:
        if asked not in TYPES.values():
            raise BadQuestion(f"there is no format {short(asked)}: json or csv")
        return "json" if asked == "json" else "csv"
    weights: dict[Media, float] = {"json": 0.0, "csv": 0.0}
    for part in (accept or "*/*").split(","):
        kind, _, parameters = part.strip().lower().partition(";")
        weight = _weight(parameters)
        for name, media in TYPES.items():
            if kind.strip() in {name, "*/*", f"{name.partition('/')[0]}/*"}:
                weights[media] = max(weights[media], weight)
    if not any(weights.values()):
        raise NotAcceptable("the forecast is application/json or text/csv: accept one of them")
    exact = "text/csv" in (accept or "")  # a tie is JSON's, unless CSV is named and JSON is not
    named = "application/json" in (accept or "")
    csv = weights["csv"] > weights["json"] or (weights["csv"] == weights["json"] and exact and not named)
    return "csv" if csv else "json"


def short(text: str | None) -> str:
    """A value as a message repeats it: quoted, and its beginning alone where it is long."""
    text = text or ""
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def _weight(parameters: str) -> float:
    found = re.search(r"\bq\s*=\s*([01](?:\.\d{0,3})?)", parameters)
    return float(found[1]) if found else 1.0


def _levels(asked: Sequence[str]) -> set[int]:
    """The levels whose bounds are wanted."""
    words = [word.strip() for text in asked for word in text.split(",")]
    if not words:
        return set(LEVELS)
    if words == ["none"]:
        return set()
    known = {str(level): level for level in LEVELS}
    strange = next((word for word in words if word not in known), None)
    if strange is not None:
        raise BadQuestion(f"there is no level {short(strange)}: {', '.join(known)}, or none")
    return {known[word] for word in words}


def _of_series(table: pa.Table, series: Sequence[str]) -> AnyArray:
    names = np.asarray(table.column("unique_id").to_pylist(), dtype=object)
    known = list(dict.fromkeys(names.tolist()))
    strange = next((name for name in series if name not in known), None)
    if strange is not None:
        raise NoSuchSeries(f"there is no series {short(strange)}: this store serves {', '.join(map(short, known[:3]))}")
    return np.isin(names, list(series))


@dataclass(frozen=True)
class _Bound:
    """A first or last time, and the column that it is compared with, which has the `values` (rows,)."""

    column: str
    values: AnyArray
    bound: np.datetime64 | float
    excluded: bool = False

    def is_before(self, times: AnyArray | np.datetime64 | float) -> Any:
        """Which of the times come after it, where it is the last; `excluded`: the bound itself does."""
        return times >= self.bound if self.excluded else times > self.bound


def _bound(table: pa.Table, name: str, text: str | None) -> _Bound | None:
    if text is None:
        return None
    if not pa.types.is_timestamp(table.schema.field("ds").type):
        return _Bound("ds", table.column("ds").to_numpy(), _number(name, text))
    time, days = _time(name, text)
    column = "ds" if time.tzinfo is None else "ds_utc"
    values = table.column(column).to_numpy().astype("datetime64[us]")
    try:
        plain = time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise BadQuestion(f"{name}={short(text)} is beyond all calendars") from None
    # NumPy's calendar does not end with the year 9999, which is how many programs say "no end".
    return _Bound(column, values, np.datetime64(plain, "us") + np.timedelta64(days, "D"), excluded=days > 0)


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BadQuestion(f"{name}={short(text)} is no number, and the times of this series are numbers")
    return number


def _time(name: str, text: str) -> tuple[datetime, int]:
    """A time, and how many days from there a last one counts to its end: a day alone, or an ISO week."""
    # An unescaped + of a zone arrives as a space.
    text = re.sub(r"(?<=T)([\d:.]+) (\d\d:?\d\d)$", r"\1+\2", text)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass
    else:
        days = 7 if re.fullmatch(r"\d{4}-?W\d\d", text) else 1
        return datetime(day.year, day.month, day.day), days if name == "to" else 0
    try:
        return datetime.fromisoformat(re.sub("z$", "Z", text)), 0
    except ValueError:
        raise BadQuestion(
            f"{name}={short(text)} is no date: write it as 2026-01-31, 2026-01-31T18:00 or 2026-01-31T18:00Z"
        ) from None
