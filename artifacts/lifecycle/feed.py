"""The state of a store's feed: when something new arrived, and whether it looks healthy. `<store>/feed.json`.

What has arrived is compared with the data of the forecast that is served, which were found healthy then. The file is
small and replaced whole; it may be lost: then the usual wait for something new is learned again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from artifacts.files.parquet import NotAFile, read_table
from artifacts.files.series import CALENDAR, DATASET, FOUND, read_calendar, read_made, read_series, read_times
from artifacts.lifecycle.ledger import moments
from artifacts.lifecycle.served import newest_served
from artifacts.store.digests import digest_file
from artifacts.store.store import Store
from rnn.arrays import AnyArray, Array
from rnn.calendar import UNITS, Calendar
from rnn.lifecycle.feed_health import Delivery, Finding, doubt, findings, older_than, stale
from rnn.lifecycle.outcomes import match
from rnn.lifecycle.quiet_days import usual_rest, usually_empty
from rnn.lifecycle.waits import a_week_before, waits
from rnn.series import Series

FEED = "feed.json"
FORMAT = 1
KEPT = 200
"""So many arrivals, and announced findings, are remembered."""

RECENT_STEPS = 400
"""The longest of so many steps, the newest, is what must be waited for: over weekends, where days are working days."""

AT_FIRST = 24
"""A twentieth of a series, this many points at most, counts as new at the first look."""


@dataclass(frozen=True)
class Arrival:
    """Something new was `seen` (seconds since 1970): points up to the moment `newest` (see `ledger.moments`).

    `unwatched`: seconds since the look before, of which nobody knows when in them it came.
    """

    seen: float
    newest: float
    unwatched: float = 0.0


@dataclass(frozen=True)
class Feed:
    """The feed at the last look, `when` (UTC, ISO): what is wrong, what of that was announced, what has arrived.

    `doubt`: why the newest values may be wrong, though it is too early to say so; empty without such a reason.
    """

    when: str
    newest: str
    findings: tuple[Finding, ...] = ()
    announced: tuple[str, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    doubt: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong with the values that arrived; data that are only old are right."""
        return any(finding.kind != "stale" for finding in self.findings)

    @property
    def is_fed(self) -> bool:
        """Whether something new has ever come; a file of the past that was looked at once may have nobody feed it."""
        return len(self.arrivals) > 1

    @property
    def not_to_learn(self) -> str:
        """The reason not to learn from what arrived, nor to score by it; empty for values as good as any."""
        return self.sentence if self.is_wrong else self.doubt

    @property
    def new(self) -> tuple[Finding, ...]:
        """What has not been announced yet."""
        return tuple(finding for finding in self.findings if finding.name not in self.announced)

    @property
    def sentence(self) -> str:
        """All findings; empty for a healthy feed."""
        return " ".join(finding.sentence for finding in self.findings)


def read_feed(store: Store) -> Feed | None:
    """The feed at the last look; None before the first, and where the file is damaged, which the next look replaces."""
    try:
        data = store.read(FEED)
        content = json.loads(data) if data is not None else None
        if content is None or content["format"] > FORMAT:
            return None
        return Feed(
            when=str(content["when"]),
            newest=str(content["newest"]),
            findings=tuple(Finding(**each) for each in content["findings"]),
            announced=tuple(map(str, content["announced"])),
            arrivals=tuple(Arrival(**each) for each in content["arrivals"]),
            doubt=str(content.get("doubt", "")),
        )
    except (NotAFile, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def write_feed(store: Store, feed: Feed) -> None:
    """Write the file, whole. Raises CannotWrite."""
    content = {"format": FORMAT, **asdict(feed)}
    store.replace(FEED, (json.dumps(content, indent=1) + "\n").encode())


def look_at_feed(store: Store, dataset: Path, now: datetime, stale_after: timedelta | None = None) -> Feed:
    """Look at what has arrived, the series in `dataset`, before anything is forecast from it; keeps what was found.

    `stale_after`: how old the newest value may be; by default what is usual is learned. Raises CannotWrite.
    """
    with store.changing(FEED):
        before = read_feed(store) or Feed(when="", newest="")
        series, calendar, at = read_series(dataset), read_calendar(dataset), moments(read_times(dataset))
        arrivals = arrivals_at(before, float(at[-1]), now)
        late = _stale(arrivals, series, at, now, calendar, stale_after)
        delivery = _delivery(store, dataset, series, at, calendar)
        found = (*findings(delivery), *([late] if late else []))
        feed = Feed(
            when=now.astimezone(UTC).isoformat(timespec="seconds"),
            newest=_shown(at, calendar, len(at) - 1),
            findings=found,
            announced=before.announced,
            arrivals=arrivals,
            doubt=doubt(delivery),
        )
        write_feed(store, feed)
    return feed


def mark_announced(store: Store, new: Sequence[Finding]) -> None:
    """Remember that these findings have been announced. Raises CannotWrite."""
    with store.changing(FEED):
        feed = read_feed(store)
        if feed is not None:
            announced = dict.fromkeys([*feed.announced, *(finding.name for finding in new)])
            write_feed(store, replace(feed, announced=tuple(announced)[-KEPT:]))


def arrivals_at(before: Feed, newest: float, now: datetime) -> tuple[Arrival, ...]:
    """The arrivals, and one more if points up to the moment `newest` are something new after the look `before`."""
    arrivals = _not_ahead(before.arrivals, now)
    if arrivals and newest <= arrivals[-1].newest:
        return arrivals
    return (*arrivals, Arrival(now.timestamp(), newest, _unwatched(before, now)))[-KEPT:]


def _stale(
    arrivals: tuple[Arrival, ...],
    series: Series,
    at: Array,
    now: datetime,
    calendar: Calendar | None,
    allowed: timedelta | None,
) -> Finding | None:
    newest, waited = _shown(at, calendar, len(at) - 1), now.timestamp() - arrivals[-1].seen
    if allowed is not None:
        age = waited if calendar is None else now.timestamp() - float(at[-1]) / 1e6
        return older_than(age, allowed.total_seconds(), newest)
    seen = [arrival.seen for arrival in arrivals]
    gaps = waits(seen, [arrival.unwatched for arrival in arrivals])
    step = None if calendar is None else float(np.diff(at[-RECENT_STEPS:]).max()) / 1e6
    rest = 0.0 if calendar is None else usual_rest(series, calendar, at / 1e6)
    return stale(waited, gaps, step, newest, a_week_before(seen, gaps), rest)


def _unwatched(before: Feed, now: datetime) -> float:
    """Seconds since the look `before`; 0 where there was none, and where the clock has been set back since."""
    return max(0.0, (now - datetime.fromisoformat(before.when)).total_seconds()) if before.when else 0.0


def _not_ahead(arrivals: tuple[Arrival, ...], now: datetime) -> tuple[Arrival, ...]:
    """The arrivals; what was seen in the future, by a clock that was wrong then, came a usual wait after the others."""
    sane = [arrival for arrival in arrivals if arrival.seen <= now.timestamp()]
    if len(sane) == len(arrivals):
        return arrivals
    seen = [arrival.seen for arrival in sane]
    usual = float(np.median(np.diff(seen))) if len(seen) > 1 else 0.0
    came = min(seen[-1] + usual, now.timestamp()) if seen else now.timestamp()
    return tuple(a if a.seen <= now.timestamp() else replace(a, seen=came, unwatched=0.0) for a in arrivals)


def _delivery(store: Store, dataset: Path, series: Series, at: Array, calendar: Calendar | None) -> Delivery:
    """What has arrived, of which what is new since the served forecast was made is told apart."""
    good, y = _last_good(store, dataset), series.y
    hour, day = (0, 0) if calendar is None else _steps_in(calendar)

    def shown(place: int) -> str:
        return _shown(at, calendar, place)

    if good is None:
        new = int(np.clip(len(y) // 20, 1, AT_FIRST))
        return Delivery(y=y, new=new, shown=shown, per_hour=hour, per_day=day)
    good_at, good_y, filled_before = good
    step = float((at[-1] - at[0]) / max(1, len(at) - 1))
    known = int(np.searchsorted(at, good_at[-1] + step / 2))
    place = match(at[:known], good_at, step)
    filled = _filled(read_made(dataset)) - filled_before
    if filled and calendar is not None:
        filled -= usually_empty(series, calendar, at / 1e6, len(y) - known)
    return Delivery(
        y=y,
        new=len(y) - known,
        shown=shown,
        before=np.where(place >= 0, good_y[place], np.nan),
        per_hour=hour,
        per_day=day,
        filled=max(0, filled),
        missing=int((good_at > at[-1] + step / 2).sum()),
    )


def _last_good(store: Store, dataset: Path) -> tuple[Array, Array, int] | None:
    """The moments and values of the data that the served forecast was made from, and how many of these were filled."""
    served = newest_served(store)
    if served is None:
        return None
    try:
        columns, made = read_table(served.run.read(DATASET))
        at = moments(columns["time"] if "time" in columns else columns["x"])
        same_kind = bool(made.get(CALENDAR)) == (read_calendar(dataset) is not None)
        return (at, columns["y"], _filled(made)) if same_kind and len(at) else None
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None


def _filled(made: Mapping[str, Any]) -> int:
    """How many points of a data set that was `made` so were filled, as nothing was there."""
    from rnn.readers.repairs import FILLED  # which imports pandas: the front page needs this module too

    return int(made.get(FOUND, {}).get("repairs", {}).get(FILLED, 0))


def is_served(store: Store, dataset: Path) -> bool:
    """Whether the forecast that is served was made from the very same data."""
    served = newest_served(store)
    return served is not None and served.run.data == digest_file(dataset)


def _steps_in(calendar: Calendar) -> tuple[int, int]:
    """The steps of a calendar in an hour and a day; 0 where they are no whole number."""
    if calendar.step is None:
        return 0, int(calendar.frequency == "D")
    hour, day = (0 if span % calendar.step else span // calendar.step for span in (UNITS["h"], 24 * UNITS["h"]))
    return hour, day


def _shown(at: AnyArray, calendar: Calendar | None, place: int) -> str:
    """The time of a point as text."""
    if calendar is None:
        return f"{at[place]:g}"
    return calendar.shown(at[place : place + 1].astype(np.int64).astype("datetime64[us]"))[0]
