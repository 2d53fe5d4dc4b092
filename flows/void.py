"""Take back scores that were made in error. Try `wavecast void --help`."""

from datetime import UTC, datetime

import numpy as np
from pydantic import ConfigDict, Field

from artifacts.lifecycle.identity import read_identity
from artifacts.lifecycle.ledger import read_ledger
from artifacts.lifecycle.ledger import void as void_lines
from artifacts.store.existing import existing_store
from artifacts.store.store import Store
from flows.command_line.command import run_from_command_line
from flows.promote import gallery_warning
from flows.settings.base import StoreSettings
from rnn.calendar import DAY, to_utc
from rnn.errors import WavecastError
from rnn.readers.problems import short


class NothingToVoid(WavecastError):
    """No line of the ledger is in the time that was given, or the time cannot be read."""


class VoidSettings(StoreSettings):
    """Which scores are taken back, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    first: str | None = Field(
        None,
        alias="from",
        min_length=1,
        description="The first time whose scores are taken back: a day, a time, or a number.",
    )
    last: str | None = Field(
        None, alias="to", min_length=1, description="The last one, a day with all its hours. By default the first."
    )
    why: str | None = Field(None, min_length=1, description="The reason, kept with every line.")
    undo: bool = Field(False, description="Let lines that were voided count again.")


def void(settings: VoidSettings) -> str:
    """Take back the scores of a time. Their lines stay in the ledger, with the reason, and count nowhere."""
    if settings.first is None:
        raise NothingToVoid("--from: name the first time whose scores are taken back")
    store, end = existing_store(settings.store), settings.last or settings.first
    first, last = _moments(store, settings.first, end)
    if first > last:
        raise NothingToVoid(f"--from {settings.first} is after --to {end}: give the earlier one first")
    if settings.why is None and not settings.undo:
        raise NothingToVoid("--why: say what was wrong; it is kept with every line")
    why = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {' '.join((settings.why or '').split())}"
    count = void_lines(store, first, last, "" if settings.undo else why)
    span = settings.first if settings.last is None else f"{settings.first} to {settings.last}"
    if not count:
        what = "voided line" if settings.undo else "line that counts"
        raise NothingToVoid(f"{store.url} has no {what} of the time {span}: {_range(store)}")
    lines = "1 line" if count == 1 else f"{count} lines"
    done = f"{lines} of {span} count again" if settings.undo else f"{lines} of {span} are voided"
    return f"{done}; `wavecast monitor` computes the figures without what is voided{gallery_warning(store)}"


def _moments(store: Store, first: str, last: str) -> tuple[float, float]:
    """The first and the last moment that are meant, as the ledger has them; of a day, its end by the series' clock."""
    identity = read_identity(store)
    dated = identity is None or identity.calendar is not None
    zone = str((identity.calendar or {}).get("zone", "UTC")) if identity else "UTC"
    return _moment(store, first, dated, zone, False), _moment(store, last, dated, zone, True)


def _moment(store: Store, said: str, dated: bool, zone: str, end: bool) -> float:
    try:
        if not dated:
            return float(said)
        clock = np.datetime64(datetime.fromisoformat(said), "us")
    except ValueError:
        what = "a day or time such as 2026-01-03 or '2026-01-03 14:00'" if dated else "a number"
        raise NothingToVoid(f"{short(said)!r} is no time of the series: give {what}; {_range(store)}") from None
    whole_day = end and len(said.strip()) <= len("2026-01-03")
    if whole_day:
        clock = clock + np.timedelta64(DAY - 1, "us")
    return float(to_utc(np.array([clock]), zone).astype(np.int64)[0])


def _range(store: Store) -> str:
    at = read_ledger(store).scored.at
    if not len(at):
        return "its ledger is empty"
    if at.max() < 1e12:  # plain numbers, not microseconds since 1970
        return f"its lines are of {at.min():g} to {at.max():g}"
    days = at[[at.argmin(), at.argmax()]].astype(np.int64).astype("datetime64[us]").astype("datetime64[m]")
    return f"its lines are of {days[0]} to {days[1]} UTC"


if __name__ == "__main__":
    run_from_command_line(void, VoidSettings)
