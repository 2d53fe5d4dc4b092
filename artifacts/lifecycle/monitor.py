"""What the monitor knows of a store: how good its served forecasts have been, and whether they drift. `monitor.json`.

The file is small and replaced whole: whoever wants to know whether a forecast is fresh and good reads it first.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from artifacts.lifecycle.ledger import Ledger, reason_of
from artifacts.lifecycle.registry import Promotion
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from artifacts.web.pages import markdown_table
from rnn.arrays import AnyArray, Array
from rnn.errors import WavecastError
from rnn.lifecycle.drift import LIMIT, watch
from rnn.lifecycle.folds import NAIVE
from rnn.lifecycle.outcomes import Live, Scored, by_cycle, live, spread_before

MONITOR = "monitor.json"
FORMAT = 1
SERVED = "served"
KEPT = 100
"""So many findings are remembered as announced."""


class CorruptStatus(WavecastError):
    """The monitor's file cannot be read."""


@dataclass(frozen=True)
class ChampionPeriod:
    """The champion's time in office as the drift test sees it, in x of today's series.

    It began at `since`, when it was promoted by the clock at `when`; `cycle` is as long as what usually arrives at a
    time. `served` are its forecasts' outcomes.
    """

    champion: str
    when: str
    since: float
    cycle: float
    served: Scored


@dataclass(frozen=True)
class Drift:
    """What the drift test says of a reign of so many `cycles`: those, from 1, in which drift was `found`.

    `total` is the test's sum now, found is what exceeds `limit`; `times_usual` how large errors were when it was last
    found, as so many times those before; `last` the x at which that cycle ended.
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
        """What each finding is known by, so that it is announced once."""
        return [f"{self.champion} since {self.when}, cycle {cycle}" for cycle in self.found]

    @property
    def now(self) -> bool:
        """Whether the newest cycle but two, or a later one, found it: it is not long past."""
        return bool(self.found) and self.found[-1] > self.cycles - RECENT


RECENT = 3
"""Drift found so many cycles ago or less is told as the present state."""


def champion_period(
    scored: Scored, champion: Promotion | None, store: Store, cycle: int, step: float
) -> ChampionPeriod | None:
    """The champion's time in office, or None when there is no champion or no outcome of its forecasts yet.

    `scored` by x of today's series, whose points are `step` apart; a `cycle` has so many groups. After a rollback, or a
    promotion by hand, only forecasts that were made since then count.
    """
    if champion is None:
        return None
    name = f"{champion.run}/{champion.method}"
    when = f"{champion.when[:19]}".replace("-", "").replace(":", "") + "Z"
    in_office = (scored.run.astype(str) >= when) | ((scored.run == champion.run) & (champion.how == "gate"))
    mine = scored.of((scored.model == name) & (scored.method == SERVED) & in_office)
    if not len(mine):
        return None
    return ChampionPeriod(
        name, champion.when, float(mine.origin.min()), cycle * group_size(store, champion.run) * step, mine
    )


def group_size(store: Store, run: str) -> int:
    """The points of a group in a run's forecasts. Raises CorruptStatus when its manifest does not tell."""
    try:
        return int(store.run(run).config["group_size"])
    except (UnreadableRun, ValueError, KeyError, TypeError) as error:
        raise CorruptStatus(
            f"{store.place(run)} does not tell its group size ({reason_of(error)}): put the folder back, or choose "
            "another champion with `wavecast promote`"
        ) from None


def in_x(scored: Scored, times: Array, x: Array) -> Scored:
    """The same rows with moments as x of today's series, whose points are at the moments `times` and at `x`."""
    return replace(scored, at=np.interp(scored.at, times, x), origin=np.interp(scored.origin, times, x))


def drift(found: ChampionPeriod, x: Array, y: Array) -> Drift:
    """Feed the drift test with all whole cycles of a reign, on the series `x`, `y` (points,)."""
    cycles = by_cycle(found.served, found.since, found.cycle, float(x[-1]), spread_before(found.since, x, y))
    seen = watch(cycles)
    return Drift(
        champion=found.champion,
        when=found.when,
        cycles=len(cycles),
        found=tuple(cycle + 1 for cycle in seen.found),
        total=float(seen.total[-1]) if len(cycles) else 0.0,
        limit=LIMIT,
        times_usual=seen.times_usual,
        last=found.since + (seen.found[-1] + 1) * found.cycle if seen.found else None,
    )


@dataclass(frozen=True)
class Status:
    """What the monitor found when it last looked. Times are as the data have them, `when` (UTC, ISO) is the clock's.

    `added` rows came into the ledger, `points` outcomes are in it; `unreadable` runs were left out. `drift_ended` is
    the last time of the cycle in which drift was last found. `announced`: the findings that an event was emitted for.
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


def judge_live(ledger: Ledger) -> tuple[Live, ...]:
    """How the served forecasts, and the naive ones beside them, have turned out."""
    return tuple(one for method in (SERVED, *NAIVE) if (one := live(ledger.scored, method)) is not None)


def best_naive(every: Sequence[Live]) -> Live | None:
    """The naive method with the least error."""
    return min((one for one in every if one.method in NAIVE), key=lambda one: one.error, default=None)


def sentence(every: Sequence[Live], found: Drift | None, ended: str | None) -> str:
    """In one plain sentence: drift or quiet, and how the served forecasts compare with a naive one."""
    served, naive = next((one for one in every if one.method == SERVED), None), best_naive(every)
    if served is None:
        return "Nothing that was forecast has an outcome yet."
    beside = "" if naive is None else f", {_times(served.error, naive.error)} that of '{naive.method}'"
    holds = "" if np.isnan(served.coverage90) else f", and {served.coverage90:.0%} lay within its 90 % intervals"
    so_far = f"over {int(served.points.sum())} forecast points the error was {served.error:.3g}{beside}{holds}"
    if found is None:
        return f"The champion's forecasts have no outcome yet; {so_far}."
    if found.now:
        return (
            f"Drift: up to {ended} the champion's errors were {found.times_usual:.1f} times what they usually are, "
            f"beside what it promises; {so_far}."
        )
    quiet = f"Quiet: no drift in the last {_cycles(found)}"
    return f"{quiet}; {so_far}."


def _cycles(found: Drift) -> str:
    count = found.cycles - (found.found[-1] if found.found else 0)
    return "cycle" if count == 1 else f"{count} cycles"


def _times(error: float, other: float) -> str:
    return f"{error / other:.2g} times" if other else "beside none at all of"


SHOWN = 12
"""So many steps of a horizon are shown at the most."""


def error_table(every: Sequence[Live]) -> list[dict[str, str]]:
    """One row a step ahead: the error of the served forecasts, of the naive ones, and what the intervals held."""
    served = next((one for one in every if one.method == SERVED), None)
    if served is None:
        return []
    naive = [one for one in every if one.method in NAIVE]
    places = np.unique(np.linspace(0, len(served.step) - 1, min(SHOWN, len(served.step))).round().astype(int))
    return [
        {
            "groups ahead": str(served.step[i]),
            "points": str(served.points[i]),
            "served": f"{served.rmse[i]:.3g}",
            **{one.method: _at(one, served.step[i]) for one in naive},
            "within 50 %": _share(served.inside50[i]),
            "within 90 %": _share(served.inside90[i]),
        }
        for i in places.tolist()
    ]


def _at(one: Live, step: AnyArray) -> str:
    rmse = one.rmse[one.step == step]
    return f"{rmse[0]:.3g}" if len(rmse) else "–"


def _share(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.0%}"


def markdown(status: Status) -> str:
    """The status as Markdown, for a Prefect artifact."""
    table = markdown_table(error_table(status.live))
    left_out = "".join(f"- {run} was left out: {why}\n" for run, why in status.unreadable.items())
    return (
        f"# {'Drift' if status.drifts else 'Quiet'}\n\n{status.sentence}\n\n"
        f"Newest data: {status.newest}. Champion: {status.champion or 'nobody yet'}. "
        f"{status.added} outcomes came in, {status.points} are in the ledger.\n\n{left_out}\n{table}\n"
    )


def write_status(store: Store, status: Status) -> None:
    """Write `monitor.json`, whole; NaN as null."""
    held = {"format": FORMAT, **asdict(status), "live": [_plain(one) for one in status.live]}
    store.replace(MONITOR, (json.dumps(held, indent=2) + "\n").encode())


def read_announced(store: Store) -> tuple[str, ...]:
    """The findings that have been announced. A file that is no status is as none: it is written anew."""
    try:
        return tuple(json.loads(store.read(MONITOR) or b"{}").get("announced", ()))
    except (ValueError, AttributeError, TypeError):
        return ()


def _plain(one: Live) -> dict[str, object]:
    held = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(one).items()}

    def known(value: object) -> object:
        return None if isinstance(value, float) and np.isnan(value) else value

    return {
        name: [known(v) for v in value] if isinstance(value, list) else known(value) for name, value in held.items()
    }
