"""Convert times of a place's clocks to UTC, also around changes of the clocks."""

from typing import Any

import numpy as np
import pandas as pd

from rnn.arrays import AnyArray
from rnn.readers.observations import Observations
from rnn.readers.problems import Problem, Problems
from rnn.readers.spacing import Uneven, missing_share, of_moments

COMMON_ZONES = (
    "Europe/Berlin", "Europe/London", "Europe/Athens", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Sao_Paulo", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
"""One of each rule by which many people's clocks change."""

MOST_TRIED = 2**18
"""In longer series no zone is looked for: the newest times alone would tell as much, and nobody waits for it."""


def fitting_zone(observed: Observations, in_utc: bool, missing: float) -> str | None:
    """A common time zone in which times that are uneven become even, with less than the share `missing` left out.

    `in_utc`: the times are moments, which came with their offsets; else clock times. None when no zone fits.
    """
    if not 3 <= len(observed) <= MOST_TRIED:
        return None
    for zone in COMMON_ZONES:
        problems = Problems()
        placed = observed if in_utc else located(observed, zone, "", problems)
        if problems or (np.diff(placed.t) <= 0).any():
            continue
        spacing = of_moments(placed.t, zone)
        if not isinstance(spacing, Uneven) and missing_share(spacing) < missing:
            return zone
    return None


def located(observed: Observations, zone: str, column: str, problems: Problems) -> Observations:
    """The same with times in UTC. An hour that comes twice is told apart by the order of the rows.

    A time that clocks in `zone` never show is a problem, and left out; so is one that comes twice where no order tells.
    Of dates alone neither is: a day whose midnight is left out, as in Chile and Egypt, begins when its clocks do.
    """
    clocks: Any = pd.DatetimeIndex(observed.t.astype("datetime64[us]"))
    days = bool((clocks.normalize() == clocks).all())
    never = _never_shown(clocks, zone, days)
    if never.any():
        what = f"clocks in {zone} never show this time: summer time begins in that hour"
        at = observed.record(int(np.argmax(never)))
        problems.add(Problem("never", what, int(never.sum()), at, column, "give times in UTC or with their offset"))
        observed, clocks = observed.some(~never), clocks[~never]
    try:
        placed = clocks.tz_localize(zone, ambiguous="infer", nonexistent="shift_forward")
    except ValueError:  # an hour that could be the one or the other, once
        placed = clocks.tz_localize(zone, ambiguous=_first(clocks), nonexistent="shift_forward")
        again = _comes_twice(clocks, zone)
        if again.any() and not days:
            what = f"clocks in {zone} show this time twice, and the order of the rows does not tell which is meant"
            at = observed.record(int(np.argmax(again)))
            problems.add(Problem("twice", what, int(again.sum()), at, column, "give times in UTC or with their offset"))
    utc = placed.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]").view(np.int64)
    return Observations(np.asarray(utc), observed.y, observed.records)


def _never_shown(clocks: Any, zone: str, days: bool) -> AnyArray:
    """Which clock times (points,) are left out in `zone`; of `days` those that are left out as a whole."""
    if days:
        begins = clocks.tz_localize(zone, ambiguous=_first(clocks), nonexistent="shift_forward")
        return np.asarray(begins.tz_localize(None).normalize() != clocks)
    return np.asarray(clocks.tz_localize(zone, ambiguous=_first(clocks), nonexistent="NaT").isna())


def _comes_twice(clocks: Any, zone: str) -> AnyArray:
    return np.asarray(clocks.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").isna())


def _first(clocks: Any) -> AnyArray:
    """Of a time that comes twice, the first."""
    return np.ones(len(clocks), dtype=bool)
