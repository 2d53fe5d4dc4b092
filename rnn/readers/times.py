"""What the cells of the time column say: numbers as they are, dates and timestamps as microseconds since 1970.

One way of writing is chosen for a column, by its type or its first cells. A cell written in another way is no time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from rnn.arrays import AnyArray
from rnn.readers.columns import MOST
from rnn.readers.problems import BadSource, short
from rnn.readers.values import is_missing, is_number, is_text, numbers

NOT_A_TIME = np.iinfo(np.int64).min
"""What stands for no time among microseconds, as in NumPy."""

ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?$"
ISO_IN_ZONE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})$"

_CLOCKS = ("", " %H:%M", " %H:%M:%S")
FORMATS = (
    *(
        day + clock
        for day in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%b-%Y", "%d %b %Y")
        for clock in _CLOCKS
    ),
    "%Y-%m",
    "%Y/%m",
)


@dataclass(frozen=True)
class Writing:
    """How a column's times are written. `way`: "number", "iso", "iso in zone", "typed", or else a format of strptime.

    `zone`: the time zone of a typed column, None where times have none; those of text that has offsets are UTC.
    """

    way: str
    zone: str | None = None

    @property
    def in_zone(self) -> bool:
        """Whether the times say themselves where on earth they are meant."""
        return self.way == "iso in zone" or self.zone is not None or "%z" in self.way


def writing(name: str, column: str, cells: Any, decimal: str, given: str | None) -> Writing:
    """How the times in `cells`, the first of a column, are written; `given` is the user's format. Raises BadSource."""
    kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return Writing("typed", getattr(kind, "tz", None))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Writing("number")
    if not is_text(kind):
        what = "booleans" if pa.types.is_boolean(kind) else f"values of type {short(str(kind), 60)}"
        raise BadSource(f"{name}: column '{short(column)}' holds {what}, no times: name another with --time-column")
    first = [cell for cell in cells.to_pylist() if cell is not None and not is_missing(cell)]
    if given is not None:
        return Writing(given)
    if not first or sum(is_number(cell, decimal) for cell in first) >= MOST * len(first):
        return Writing("number")
    fits = [way for way in ("iso", "iso in zone", *FORMATS) if _share(way, first) >= MOST]
    if not fits:
        raise BadSource(
            f"{name}: column '{short(column)}' holds no times that are understood, such as {short(first[0])!r}: write "
            "them as 2026-03-01 or 2026-03-01T12:00:00Z, say how they are written with --time-format, or name another "
            "column"
        )
    best = max(fits, key=lambda way: _share(way, first))  # the first of equals
    swapped = best.replace("%d/%m", "%m/%d")
    if swapped != best and _share(swapped, first) == _share(best, first):
        raise BadSource(
            f"{name}: column '{short(column)}': in {short(first[0])!r} day and month cannot be told apart: give "
            f"--time-format '{best}' or '{swapped}'"
        )
    return Writing(best)


def _share(way: str, first: list[str]) -> float:
    return float(np.mean(moments(pa.array(first, pa.string()), Writing(way)) != NOT_A_TIME))


def read_times(cells: Any, how: Writing, decimal: str) -> AnyArray:
    """The cells (rows,) as float64, NaN for what is no number, or as int64 microseconds, NOT_A_TIME for no time."""
    return numbers(cells, decimal) if how.way == "number" else moments(cells, how)


def moments(cells: Any, how: Writing) -> AnyArray:
    """Dates or timestamps (rows,) as int64 microseconds since 1970, in UTC where they have a zone."""
    if how.way == "typed":
        return _microseconds(_to_microseconds(cells))
    plain = pc.utf8_trim_whitespace(cells)
    if not how.way.startswith("iso"):
        read = pd.to_datetime(plain.to_pandas(), format=how.way, errors="coerce", utc="%z" in how.way)
        return np.asarray(read.to_numpy().astype("datetime64[us]").view(np.int64))
    plain = pc.replace_substring_regex(plain, r"([.][0-9]{6})0+", r"\1")
    zone = "UTC" if how.way == "iso in zone" else None
    if zone:
        plain = pc.replace_substring_regex(plain, r" ?UTC$", "Z")
        plain = pc.replace_substring_regex(plain, r" +([+-][0-9]{2}:?[0-9]{2})$", r"\1")
    strict = pc.match_substring_regex(plain, ISO_IN_ZONE if zone else ISO)
    try:
        return _microseconds(pc.cast(pc.if_else(strict, plain, None), pa.timestamp("us", zone)))
    except pa.ArrowInvalid:  # such as the 30th of February
        kept = pc.if_else(strict, plain, None).to_pandas()
        read = pd.to_datetime(kept, format="ISO8601", errors="coerce", utc=True)
        return np.asarray(read.dt.tz_localize(None).to_numpy().astype("datetime64[us]").view(np.int64))


def _to_microseconds(cells: Any) -> Any:
    kind = pa.timestamp("us", getattr(cells.type, "tz", None))
    try:
        return pc.cast(cells, kind)
    except pa.ArrowInvalid:  # finer than that, or beyond what it can hold
        back = pc.cast(pc.cast(cells, kind, safe=False), cells.type, safe=False)
        return pc.cast(pc.if_else(pc.equal(back, cells), cells, None), kind)


def _microseconds(times: Any) -> AnyArray:
    whole = pc.cast(times, pa.int64()) if not pa.types.is_date(times.type) else times
    return np.asarray(pc.fill_null(whole, NOT_A_TIME).to_numpy(zero_copy_only=False), dtype=np.int64)
