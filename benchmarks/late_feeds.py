"""How many silences of a feed are told in years with faults, and how often a feed is called late that is not.

    python benchmarks/late_feeds.py [years, 20] [first seed, 0]

Each year has the faults of `wavecast replay --faults` with its seed, but for the models: only the feed is looked at,
every night that would get so far. A look is due to call it late from the second night without news. Then feeds without
any rhythm, whose waits are exponentially distributed: what the rule costs where it suits least.
"""

import sys
from datetime import UTC, datetime, timedelta

import numpy as np

from artifacts.lifecycle.feed import Feed, arrivals_at
from rnn.lifecycle.faults import Fault, draw_faults
from rnn.lifecycle.feed_health import DAY, stale
from rnn.lifecycle.waits import a_week_before, waits
from rnn.random_streams import stream

JUMPS = (timedelta(days=-3), timedelta(hours=-1), timedelta(hours=2), timedelta(days=3), timedelta(days=400))
FIRST = datetime(2024, 7, 29, 3, 15, tzinfo=UTC)
REFUSED = ("shifted", "half-written", "duplicated", "all x1000")
"""Data that are refused before the feed is looked at."""


def looks(fault: Fault | None, now: datetime, rng: np.random.Generator) -> list[datetime]:
    """When the feed is looked at on a night: after a broken one once more, two hours later."""
    kind = fault.kind if fault else ""
    if kind in REFUSED:
        return []
    if kind == "clock jumps":
        return [now + JUMPS[int(rng.integers(len(JUMPS)))]]
    if kind in ("killed", "disk full"):
        return ([now] if rng.random() < 0.5 else []) + [now + timedelta(hours=2)]
    return [now]


def year(seed: int) -> tuple[int, int, int]:
    """Silences that were due to be told, those that were, and nights called late that were not, of 365 nights."""
    _, drawing, _ = stream(seed, "faults").spawn(3)
    rng, feed, due, told, false = np.random.default_rng(seed), Feed(when="", newest=""), 0, 0, 0
    for night, fault in enumerate(draw_faults(365, 0.25, drawing)):
        silent = fault.night + 1 if fault and fault.kind == "stale" else 0
        late = False
        for now in looks(fault, FIRST + timedelta(days=night), rng):
            arrivals = arrivals_at(feed, float(night - 1 - silent), now)
            seen = [each.seen for each in arrivals]
            gaps = waits(seen, [each.unwatched for each in arrivals])
            late = stale(now.timestamp() - seen[-1], gaps, DAY, "", a_week_before(seen, gaps)) is not None
            feed = Feed(when=now.isoformat(timespec="seconds"), newest="", arrivals=arrivals)
        due, told, false = due + (silent > 1), told + (silent > 1 and late), false + (silent < 2 and late)
    return due, told, false


def without_rhythm(seed: int, count: int = 600, known: int = 199) -> tuple[int, int]:
    """How many arrivals were looked at, and how many of them were called late, with waits of any length."""
    gaps = np.random.default_rng(seed).exponential(DAY, count)
    late = [stale(gaps[k], gaps[k - known : k], None, "") is not None for k in range(known, count)]
    return len(late), sum(late)


def main(years: int = 20, first: int = 0) -> None:
    """Print both."""
    due, told, false = np.sum([year(seed) for seed in range(first, first + years)], axis=0)
    print(f"{years} years with faults: of {due} silences {told} told; {false} nights called late that were not")
    arrivals, late = np.sum([without_rhythm(seed) for seed in range(first, first + 2 * years)], axis=0)
    print(f"without a rhythm: {late} of {arrivals} arrivals called late")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
