"""Labels of periods as times: quarters such as 2020Q1 and ISO weeks such as 2024-W05 or 2024-W05-3."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rnn.arrays import AnyArray

NOT_A_TIME = np.iinfo(np.int64).min
"""The value that stands for no time among microseconds, as in NumPy."""

QUARTER = r"^(?P<year>[0-9]{4})[- /]?[Qq](?P<part>[1-4])$"
QUARTER_FIRST = r"^[Qq](?P<part>[1-4])[- /]?(?P<year>[0-9]{4})$"
WEEK = r"^(?P<year>[0-9]{4})-?[Ww](?P<part>[0-9]{2})(?:-?(?P<day>[1-7]))?$"

LABELS = {"quarter": QUARTER, "quarter first": QUARTER_FIRST, "week": WEEK}
"""Ways of writing a period, as regular expressions."""


def label_times(cells: pa.Array, way: str) -> AnyArray:
    """The beginnings of labelled periods (rows,) in microseconds since 1970, NOT_A_TIME for other cells.

    A quarter begins with its first month; a week of ISO 8601 with its Monday, unless a day of it is named.
    """
    parts = pc.extract_regex(cells, LABELS[way])
    fits = np.asarray(pc.is_valid(parts).to_numpy(zero_copy_only=False), dtype=bool)
    year, part = _whole(parts, "year", 1970), _whole(parts, "part", 1)
    fits &= year >= 1
    year = np.where(fits, year, 1970)
    if way == "week":
        monday = _first_monday(year)
        fits &= (part >= 1) & (monday + 7 * (part - 1) < _first_monday(year + 1))
        days = monday + 7 * (part - 1) + _whole(parts, "day", 1) - 1
    else:
        days = ((year - 1970) * 12 + 3 * (part - 1)).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.where(fits, days * 86_400_000_000, NOT_A_TIME)


def _whole(parts: pa.Array, name: str, otherwise: int) -> AnyArray:
    text = pc.fill_null(pc.struct_field(parts, name), "")
    given = pc.if_else(pc.equal(text, ""), str(otherwise), text)
    return np.asarray(pc.cast(given, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _first_monday(year: AnyArray) -> AnyArray:
    """The Monday of a year's first ISO week, the one with its 4th of January, in days since 1970."""
    fourth = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 3
    return np.asarray(fourth - (fourth + 3) % 7)  # 1970 began on a Thursday
