"""The monitor's status: the errors of the forecasts that were served, and the drift test. `<store>/monitor.json`.

The file is small and replaced whole: it is the first to read to learn whether a forecast is fresh and good.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from artifacts.files.parquet import NotAFile
from artifacts.lifecycle.ledger import reason_of
from artifacts.lifecycle.registry import Promotion
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from rnn.arrays import Array
from rnn.errors import WavecastError
from rnn.lifecycle.drift import LIMIT, watch
from rnn.lifecycle.feed_health import Finding
from rnn.lifecycle.folds import NAIVE
from rnn.lifecycle.outcomes import Live, Scored, by_cycle, live, spread_before

MONITOR = "monitor.json"
FORMAT = 1
SERVED = "served"
KEPT = 100
"""The number of announced findings that the file remembers."""


class CorruptStatus(WavecastError):
    """The status cannot be computed from the store's files."""


@dataclass(frozen=True)
class ChampionPeriod:
    """The period of one champion, in x of today's series: the input of the drift test.

    It begins at `since`, by the clock at `when`, the time of the promotion. `cycle`: the length in x of what usually
    arrives at a time. `served`: the champion's served forecasts with their outcomes.
    """

    champion: str
    when: str
    since: float
    cycle: float
    served: Scored


@dataclass(frozen=True)
class Drift:
    """The drift test over a champion's period of so many `cycles`; drift was `found` in those, counted from 1.

    `total`: the test's sum now; drift is found when it exceeds `limit`. `times_usual`: the errors when drift was last
    found over those before. `last`: the x at which that cycle ended.
    """

    champion: str
    when: str
    cycles: int
    found: tuple[int, ...]
    total: float
    limit: float
    times_usual: float
    last: float | None

    @property
    def findings(self) -> list[str]:
        """A name for each finding, by which it is announced only once."""
        return [f"{self.champion} since {self.when}, cycle {cycle}" for cycle in self.found]

    @property
    def now(self) -> bool:
        """Whether drift was found in one of the newest RECENT cycles."""
        return bool(self.found) and self.found[-1] > self.cycles - RECENT


RECENT = 3
"""Drift that was found in one of the newest cycles, so many of them, counts as present."""


def champion_period(
    scored: Scored, champion: Promotion | None, store: Store, cycle: int, step: float
) -> ChampionPeriod | None:
    """The champion's period; None without a champion or an outcome of its forecasts.

    `scored`: in x of today's series, whose points are `step` apart. `cycle`: its length in groups. After a rollback or
    a promotion by hand only forecasts made since then count.
    """
    if champion is None:
        return None
    name = f"{champion.run}/{champion.method}"
    when = f"{champion.when[:19]}".replace("-", "").replace(":", "") + "Z"
    since_promotion = (scored.run.astype(str) >= when) | ((scored.run == champion.run) & (champion.how == "gate"))
    served = scored.of((scored.model == name) & (scored.method == SERVED) & since_promotion)
    if not len(served):
        return None
    length = cycle * group_size(store, champion.run) * step
    return ChampionPeriod(name, champion.when, float(served.origin.min()), length, served)


def group_size(store: Store, run: str) -> int:
    """The points of a group in a run's forecasts. Raises CorruptStatus when its manifest does not record them."""
    try:
        return int(store.run(run).config["group_size"])
    except (UnreadableRun, ValueError, KeyError, TypeError) as error:
        raise CorruptStatus(
            f"the group size of {store.place(run)} cannot be read ({reason_of(error)}): put the folder back, or choose "
            f"another champion with {store.command('promote RUN')}"
        ) from None


def in_x(scored: Scored, times: Array, x: Array) -> Scored:
    """Convert moments to x of today's series, whose points have the moments `times` (points,) and `x` (points,)."""
    return replace(scored, at=np.interp(scored.at, times, x), origin=np.interp(scored.origin, times, x))


def drift(period: ChampionPeriod, x: Array, y: Array) -> Drift:
    """Run the drift test over all whole cycles of a champion's period, on the series `x`, `y` (points,)."""
    cycles = by_cycle(period.served, period.since, period.cycle, float(x[-1]), spread_before(period.since, x, y))
    test = watch(cycles)
    return Drift(
        champion=period.champion,
        when=period.when,
        cycles=len(cycles),
        found=tuple(cycle + 1 for cycle in test.found),
        total=float(test.total[-1]) if len(cycles) else 0.0,
        limit=LIMIT,
        times_usual=test.times_usual,
        last=period.since + (test.found[-1] + 1) * period.cycle if test.found else None,
    )


@dataclass(frozen=True)
class Status:
    """The result of the last monitoring. Times are those of the data, except `when` (UTC, ISO), which is the clock's.

    `feed`: what is wrong with what has arrived; its sentences come first in `sentence`.
    `added`: rows added to the ledger, which then holds `points` outcomes. `unreadable`: runs that were left out, with
    the reason. `drift_ended`: the last time of the cycle in which drift was last found. `announced`: the findings for
    which an event was emitted on a server where something waits for it. `unique_id`: the series. `revised`: scores that
    followed their values; `restated` and `voided`: lines of the ledger with these marks. `anomaly`: absurd outcomes, in
    a sentence, if there are any lately.
    """

    when: str
    newest: str
    champion: str | None
    sentence: str
    added: int
    points: int
    unreadable: dict[str, str]
    drifts: bool
    drift: Drift | None
    drift_ended: str | None
    live: tuple[Live, ...]
    announced: tuple[str, ...] = ()
    feed: tuple[Finding, ...] = ()
    unique_id: str = ""
    revised: int = 0
    restated: int = 0
    voided: int = 0
    anomaly: str | None = None


def judge_live(counted: Scored) -> tuple[Live, ...]:
    """The errors so far of the served forecasts and of the naive ones, each method that has an outcome that counts."""
    methods = (live(counted, method) for method in (SERVED, *NAIVE))
    return tuple(method for method in methods if method is not None)


def served_live(methods: Sequence[Live]) -> Live | None:
    """The served forecasts' errors; None while none of them has an outcome."""
    return next((method for method in methods if method.method == SERVED), None)


def best_naive(methods: Sequence[Live]) -> Live | None:
    """The naive method with the least error."""
    return min((one for one in methods if one.method in NAIVE), key=lambda one: one.error, default=None)


def write_status(store: Store, status: Status) -> None:
    """Write `monitor.json`, whole; NaN as null."""
    content = {"format": FORMAT, **asdict(status), "live": [_plain(method) for method in status.live]}
    store.replace(MONITOR, (json.dumps(content, indent=2) + "\n").encode())


def read_announced(store: Store) -> tuple[str, ...]:
    """Read the findings that have been announced; none from a damaged file, which the next status replaces."""
    try:
        return tuple(json.loads(store.read(MONITOR) or b"{}").get("announced", ()))
    except (NotAFile, ValueError, AttributeError, TypeError, RecursionError):
        return ()


def _plain(method: Live) -> dict[str, object]:
    """The fields as JSON holds them: lists for arrays, None for NaN."""
    values = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(method).items()}
    return {
        name: [_known(v) for v in value] if isinstance(value, list) else _known(value) for name, value in values.items()
    }


def _known(value: object) -> object:
    return None if isinstance(value, float) and np.isnan(value) else value
