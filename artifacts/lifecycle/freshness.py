"""How old the data of the served forecast are, and whether the times that it forecasts have passed.

The front page and the service's /health both go by this, so that they say the same.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from artifacts.files.forecast_table import from_parquet
from artifacts.lifecycle.latest import NoForecast, read_latest
from artifacts.store.store import Store
from rnn.lifecycle.feed_health import DAY, in_words

MONTH, YEAR = 365.25 * DAY / 12, 365.25 * DAY


@dataclass(frozen=True)
class Freshness:
    """What a forecast knew and how far it reaches: its `newest` observation and its `last` time, moments in UTC.

    `steps`: how many times are forecast, the last one among them.
    """

    newest: datetime
    last: datetime
    steps: int

    def is_over(self, now: datetime) -> bool:
        """Whether all times that it forecasts have passed."""
        return self.last < now

    def age_in_steps(self, now: datetime) -> int:
        """The age of the newest observation in whole steps of the series, as long as those ahead are on the average."""
        return int((now - self.newest) * self.steps / max(self.last - self.newest, self.last.resolution))

    def age_in_words(self, now: datetime) -> str:
        """The age of the newest observation: "5 months (150 steps) old"."""
        age = (now - self.newest).total_seconds()
        long = next(((size, word) for size, word in ((YEAR, "years"), (MONTH, "months")) if age >= 2 * size), None)
        steps = self.age_in_steps(now)
        said = in_words(age) if long is None else f"{round(age / long[0])} {long[1]}"
        return f"{said} ({steps:,} step{'' if steps == 1 else 's'}) old"


def freshness_in(store: Store) -> Freshness | None:
    """The freshness of what `latest/` holds; None where times are numbers, and where there is no forecast."""
    try:
        told, content = read_latest(store)
        return freshness_of(told, from_parquet(content))
    except (NoForecast, KeyError, TypeError, ValueError, pa.ArrowException):
        return None


def freshness_of(told: dict[str, Any], table: pa.Table) -> Freshness | None:
    """The freshness of a forecast of `latest/`: what forecast.json `told`, and its table. None where x are numbers."""
    times = [time for time in table.column("ds_utc").to_pylist() if time is not None]
    newest = newest_observation(told, table)
    if not times or newest is None:
        return None
    return Freshness(newest, max(times).replace(tzinfo=UTC), len(times))


def newest_observation(told: dict[str, Any], table: pa.Table) -> datetime | None:
    """The moment of the newest observation that the forecast knew; None where times are numbers.

    A forecast.json of earlier versions has it by the series' clock alone; that clock's distance from UTC is then taken
    from the first forecast time, which is an hour off where clocks change between the two.
    """
    moment = told["data"].get("last_utc")
    if moment is not None:
        return datetime.fromisoformat(str(moment)).astimezone(UTC)
    rows = table.slice(0, 1).select(["ds", "ds_utc", "cutoff"]).to_pylist()
    if not rows or not isinstance(rows[0]["cutoff"], datetime) or rows[0]["ds_utc"] is None:
        return None
    by_clock: datetime = rows[0]["cutoff"] - (rows[0]["ds"] - rows[0]["ds_utc"])
    return by_clock.replace(tzinfo=UTC)
