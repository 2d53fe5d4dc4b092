"""Tables in and out: pandas objects as observations, and columns as a DataFrame. pandas is imported when needed."""

import warnings
from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar

if TYPE_CHECKING:
    from pandas import DataFrame as DataFrame  # noqa: PLC0414  for others to import from here
else:
    DataFrame: TypeAlias = Any

FEWEST_TIMES = 3
"""Fewer times have no spacing to speak of."""

Observed = tuple[str, Array, Array, float, "Calendar | None"]
"""What is wrong, if anything, then x, y, step and calendar."""

NOTHING = np.empty(0)


def observations(data: Any, time: str | None, value: str | None) -> Observed:
    """The observations in a pandas Series, or in the columns `time` and `value` of a DataFrame.

    Missing values stay NaN. The first item says in one line what is wrong, and is empty when nothing is.
    """
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        problem, time_from, value_from = _columns(data, time, value)
        if problem:
            return _wrong(problem)
        times = data.index if time_from is None else pd.Index(data[time_from])
        values = data[value_from]
    elif not isinstance(data, pd.Series):
        return _wrong(f"a pandas Series or DataFrame is wanted, not {type(data).__name__}: Series.of takes other data")
    elif time is not None:
        return _wrong(f"a pandas Series has its times in its index: leave out time={time!r}, or give the DataFrame")
    else:
        times, values = data.index, data
    if strange := _no_numbers(values):
        return _wrong(f"the values must be numbers, not {strange}")
    try:
        y = np.array(pd.to_numeric(values, errors="raise").to_numpy(dtype=float, na_value=np.nan))
    except (TypeError, ValueError, OverflowError) as error:
        return _wrong(f"the values must be numbers ({error})")
    return _spaced(times, y)


def _no_numbers(values: Any) -> str:
    """What pandas would make floats of: booleans, complex numbers, dates or durations; empty where there are none."""
    if values.dtype.kind in "bcMm":
        return str(values.dtype)
    if values.dtype != object:  # which booleans are, once some of them have been missing
        return ""
    strange = next((value for value in values if isinstance(value, (bool, np.bool_, complex))), None)
    return "" if strange is None else repr(strange)


def _columns(frame: DataFrame, time: str | None, value: str | None) -> tuple[str, Any, Any]:
    """What is wrong, if anything, then the columns of a DataFrame with the times (None: the index) and the values."""
    import pandas as pd

    columns = list(frame.columns)
    for name in (time, value):
        if name is not None and columns.count(name) != 1:
            several = f"there are {columns.count(name)} columns {name!r}: give each a name of its own"
            missing = f"there is no column {name!r}, but {', '.join(map(repr, columns))}"
            return several if name in columns else missing, None, None
    if time is not None and time == value:
        return f"column {time!r} cannot have both the times and the values: name another for one of them", None, None
    dated = [name for name, kind in zip(columns, frame.dtypes, strict=True) if kind.kind == "M"]
    if time is None and dated and isinstance(frame.index, pd.RangeIndex):
        return f"say which column has the times: time={' or '.join(map(repr, dated))}", None, None
    numeric = [name for name in frame.select_dtypes("number").columns if name != time]
    if value is None and len(numeric) > 1 and len(set(numeric)) == 1:
        return f"there are {len(numeric)} columns {numeric[0]!r}: give each a name of its own", None, None
    if value is None and len(numeric) != 1:
        return f"say which column has the values: value={' or '.join(map(repr, numeric)) or 'NAME'}", None, None
    return "", time, numeric[0] if value is None else value


def _spaced(times: Any, y: Array) -> Observed:
    """x, step and calendar of `times`, a pandas Index."""
    import pandas as pd

    if isinstance(times, pd.RangeIndex) and times.step == 1:
        return "", np.arange(1.0, len(y) + 1), y, 1.0, None
    if pd.api.types.is_any_real_numeric_dtype(times):
        x = times.to_numpy(dtype=float, na_value=np.nan)
        step = float(np.median(np.diff(x))) if len(x) > 1 else 1.0
        if len(x) > 1 and not (step > 0 and np.abs(np.diff(x) - step).max() <= 1e-6 * step):
            return _wrong("the times must be in order and evenly spaced: sort them, and fill what is missing")
        return "", x, y, step, None
    if isinstance(times, pd.PeriodIndex):
        times = times.to_timestamp()
    try:
        text = pd.api.types.is_string_dtype(times)
        dated = pd.DatetimeIndex(pd.to_datetime(times, format="ISO8601") if text else times)
    except (TypeError, ValueError):
        return _wrong(
            "the times must be dates or numbers: pd.to_datetime makes dates of text (utc=True where offsets differ)"
        )
    problem = _disorder(dated)
    calendar = None if problem else _calendar(dated)
    if calendar is None and _zone(dated.tz) is None:
        problem = (
            problem or f"the time zone {dated.tz} has no name to go by: use .tz_convert('Europe/Berlin') or another"
        )
    if calendar is None:
        return _wrong(problem or "the times must be evenly spaced: use .asfreq(…) or .resample(…) to make them so")
    return "", np.arange(float(len(y))), y, 1.0, calendar


def _disorder(dated: Any) -> str:
    """Why no calendar can be found for times; empty when nothing speaks against it."""
    if dated.hasnans:
        return f"the time at position {int(np.argmax(dated.isna()))} is missing: drop or fill it"
    if not len(dated) or (len(dated) < FEWEST_TIMES and dated.freq is None):
        return f"{len(dated)} times are too few to tell their spacing: give {FEWEST_TIMES} at least"
    if dated.has_duplicates:
        return f"the time {dated[dated.duplicated()][0]} comes twice: keep one value for each time"
    if not dated.is_monotonic_increasing:
        return "the times must be in order, the oldest first: use .sort_index()"
    return ""


def _calendar(dated: Any) -> Calendar | None:
    """The calendar that gives back exactly these times; None when there is none.

    By clocks of their zone first, then from the same day of each month, then by steps as long everywhere.
    """
    import pandas as pd

    clocks, zone = dated.tz_localize(None), _zone(dated.tz) or "nameless"
    utc = clocks if dated.tz is None else dated.tz_convert("UTC").tz_localize(None)
    start, shift = clocks[0].isoformat(), int(clocks[0].day) - 1
    frequency = dated.freqstr or _frequency(clocks)
    tried = [(frequency, start, zone, 0), (_frequency(clocks - pd.Timedelta(days=shift)), start, zone, shift)]
    even = _frequency(utc)
    tried += [(even, start, zone, 0), (even, utc[0].isoformat(), "UTC", 0)]
    days = clocks.normalize()  # where clocks leave out a midnight, a day begins later
    tried += [(_frequency(days), days[0].isoformat(), zone, 0)]
    wanted = utc.to_numpy()
    for name, *rest in tried:
        if name is not None and _gives(calendar := Calendar(name, *rest), wanted):
            return calendar
    return None


def _zone(zone: tzinfo | None) -> str | None:
    """The name of a time zone, the same on every machine; None where it has none, as this machine's own has none."""
    offset = None if zone is None else zone.utcoffset(None)
    if zone is None or offset == timedelta(0):
        return "UTC"
    if offset is not None:  # as long from UTC always, whatever it is called
        minutes = round(offset / timedelta(minutes=1))
        return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    name = getattr(zone, "_filename", None) or str(zone)  # dateutil knows its zones by their files
    name = str(name).rpartition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):  # no such zone; no name of one
        return None


def _gives(calendar: Calendar, wanted: AnyArray) -> bool:
    """Whether a calendar's times are those `wanted` (points,), in UTC."""
    try:
        return np.array_equal(calendar.times(np.arange(float(len(wanted)))), wanted)
    except (ValueError, KeyError, TypeError):  # a zone, or steps, that a calendar does not know
        return False


def _frequency(clocks: Any) -> str | None:
    """The frequency of evenly spaced times, as pandas names it; None for others."""
    import pandas as pd

    if len(clocks) < FEWEST_TIMES:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas announces that it will return an offset, which is taken as well
        inferred: Any = pd.infer_freq(clocks)
    return None if inferred is None else str(getattr(inferred, "freqstr", inferred))


def _wrong(problem: str) -> Observed:
    return problem, NOTHING, NOTHING, 1.0, None


def table(columns: Mapping[str, AnyArray]) -> DataFrame:
    """A DataFrame of columns by name."""
    import pandas as pd

    return pd.DataFrame(dict(columns))
