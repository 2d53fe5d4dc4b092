"""Tables in and out: pandas objects as observations, and columns as a DataFrame. pandas is imported when needed."""

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

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
        missing = [name for name in (time, value) if name is not None and name not in data.columns]
        if missing:
            return _wrong(f"there is no column {missing[0]!r}, but {', '.join(map(repr, data.columns))}")
        numeric = [name for name in data.select_dtypes("number").columns if name != time]
        if value is None and len(numeric) != 1:
            return _wrong(f"say which column has the values: value={' or '.join(map(repr, numeric)) or 'NAME'}")
        times = data.index if time is None else pd.Index(data[time])
        values = data[numeric[0] if value is None else value]
    else:
        times, values = data.index, data
    try:
        y = np.asarray(pd.to_numeric(values, errors="raise").to_numpy(dtype=float, na_value=np.nan))
    except (TypeError, ValueError) as error:
        return _wrong(f"the values must be numbers ({error})")
    return _spaced(times, y)


def _spaced(times: Any, y: Array) -> Observed:
    """x, step and calendar of `times`, a pandas Index."""
    import pandas as pd

    if isinstance(times, pd.RangeIndex):
        return "", np.arange(1.0, len(y) + 1), y, 1.0, None
    if pd.api.types.is_numeric_dtype(times):
        x = times.to_numpy(dtype=float)
        step = float(np.median(np.diff(x))) if len(x) > 1 else 1.0
        if len(x) > 1 and (step <= 0 or np.abs(np.diff(x) - step).max() > 1e-6 * step):
            return _wrong("the times must be in order and evenly spaced: sort them, and fill what is missing")
        return "", x, y, step, None
    if isinstance(times, pd.PeriodIndex):
        times = times.to_timestamp()
    try:
        dated = pd.DatetimeIndex(times)
    except (TypeError, ValueError):
        return _wrong("the times must be dates or numbers: pd.to_datetime makes dates of text")
    zone = "UTC" if dated.tz is None else str(dated.tz)
    clocks = dated.tz_localize(None)
    frequency = dated.freqstr or _frequency(clocks)
    if frequency is None:
        return _wrong("the times must be in order and evenly spaced, three at least: sort them, or use .asfreq(…)")
    calendar = Calendar(frequency, clocks[0].isoformat(), zone)
    return "", np.arange(float(len(y))), y, 1.0, calendar


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
