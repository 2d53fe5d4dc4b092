"""Measure the drift test's delay and its false alarms on generated years.

    python benchmarks/drift.py [years, 100] [first seed, 1000] [processes, 1]

A year is 365 arrivals of one group of 6 points after a past of 600 points, of each kind in `rnn.datasets.drifting` in
turn and with noise of 0, 1, 3, 10 and 20 % of its spread in turn. The champion is trained once, on the past, by the
default recipe; every day it forecasts 20 groups from the newest data, as it is served, and the test is fed with what
the day before said of today. The same year then changes its law on a day drawn between 15 and 330. Seeds below 1000
were looked at when the test's constants were chosen. A year takes some 6 seconds of processor time.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.datasets.drifting import CHANGES, KINDS, year
from rnn.lifecycle import drift
from rnn.lifecycle.drift import watch
from rnn.lifecycle.folds import Contender
from rnn.lifecycle.outcomes import scaled
from rnn.lifecycle.serving import serve
from rnn.lifecycle.trainings import Trainings
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series

SIZE, HORIZON, KNOWN, DAYS, WATCHED = 6, 20, 600, 365, 15
NOISES = (0.0, 0.01, 0.03, 0.1, 0.2)
LIMITS = (2.5, 3.2, 4.0, 5.5)


@dataclass(frozen=True)
class Measured:
    """One year's scaled errors by cycle, quiet and from day `day` on for each change."""

    kind: str
    noise: float
    day: int
    quiet: list[np.ndarray]
    changed: dict[str, list[np.ndarray]]


def measure(number: int) -> Measured:
    """Live one year, and the first WATCHED days of each change."""
    kind, noise = list(KINDS)[number % len(KINDS)], NOISES[number // len(KINDS) % len(NOISES)]
    day, recipe = int(np.random.default_rng([number, 1]).integers(15, 330)), AutoregressiveRecipe()

    def made(change: str) -> Series:
        rng = np.random.default_rng(number)
        return year(kind, change, KNOWN + day * SIZE, KNOWN + DAYS * SIZE, noise, rng).series

    quiet = made("none")
    with threadpool_limits(1):
        (ensemble,) = Trainings(quiet, SIZE, HORIZON, KNOWN).at([KNOWN], recipe, number)
        champion, spread = Contender("autoregressive", recipe, number, ensemble, KNOWN), float(np.std(quiet.y[:KNOWN]))
        changed = {change: list(errors(made(change), champion, spread, day, day + WATCHED)) for change in CHANGES[1:]}
        return Measured(kind, noise, day, list(errors(quiet, champion, spread, 0, DAYS)), changed)


def errors(series: Series, champion: Contender, spread: float, first: int, last: int) -> Iterator[np.ndarray]:
    """The scaled errors of each arrival, by the forecast of the day before."""
    trainings = Trainings(series, SIZE, HORIZON, KNOWN)
    for day in range(first, last):
        end = KNOWN + day * SIZE
        said = serve(champion, trainings.groups(end), HORIZON)
        off, bounds = series.y[end : end + SIZE] - said.y[0], said.intervals
        if bounds is not None:
            yield scaled(off, bounds.lower90[0], bounds.upper90[0], spread)


def delay(one: Measured, change: str) -> int:
    """Cycles of the new law until drift is found; 99 when it is not found among those that were watched."""
    found = watch([*one.quiet[: one.day], *one.changed[change]]).found
    return next((cycle - one.day + 1 for cycle in found if cycle >= one.day), 99)


def alarms(one: Measured) -> int:
    """How often drift is found in the quiet year."""
    return len(watch(one.quiet).found)


def share(values: list[int], most: int) -> str:
    """The share of delays that are not longer."""
    return f"{np.mean(np.array(values) <= most):.0%}"


def young(every: list[Measured], days: int = 20) -> float:
    """How often drift is found in the first days of a new reign, begun at many days of the quiet years."""
    begun = [one.quiet[start : start + days] for one in every for start in range(0, DAYS - days, days)]
    return float(np.mean([len(watch(reign).found) > 0 for reign in begun]))


def report(every: list[Measured]) -> None:
    """Print the tables."""
    false = [alarms(one) for one in every]
    print(f"**Quiet years** ({len(every)}): {np.mean(false):.2f} false alarms a year; none in "
          f"{np.mean(np.array(false) == 0):.0%}, at most one in {np.mean(np.array(false) <= 1):.0%} of the years, most "
          f"{max(false)}. Of reigns of 20 days, {young(every):.1%} see one.\n")  # fmt: skip
    off = np.abs(np.concatenate([errors for one in every for errors in one.quiet]))
    print(f"Of {len(off)} outcomes so many are beyond k times what the interval reaches: "
          f"{', '.join(f'k = {k}: {(off > k).sum()}' for k in (2, 3, 4, 5, 10))}.\n")  # fmt: skip
    names = ["by", "quiet: alarms a year", "within 90 %", "frequency: ≤ 3 cycles", "≤ 10", "median"]
    names += [f"{change}: ≤ 3" for change in CHANGES[2:]]
    print(f"| {' | '.join(names)} |\n|{'---|' * len(names)}")
    rows = {"all": every, "all but 'chance'": [one for one in every if one.kind != "chance"]}
    rows |= {kind: [one for one in every if one.kind == kind] for kind in KINDS}
    rows |= {f"noise {noise:.0%}, all but 'chance'": [one for one in rows["all but 'chance'"] if one.noise == noise]
             for noise in NOISES}  # fmt: skip
    for name, some in rows.items():
        if not some:
            continue
        delays = [delay(one, "frequency") for one in some]
        inside = np.mean([np.mean(np.abs(np.concatenate(one.quiet)) <= 1) for one in some])
        median = f"{np.median(delays):.0f}" if np.median(delays) <= WATCHED else "–"
        others = "".join(f" {share([delay(one, change) for one in some], 3)} |" for change in CHANGES[2:])
        print(f"| {name} | {np.mean([alarms(one) for one in some]):.2f} | {inside:.0%} | {share(delays, 3)} | "
              f"{share(delays, 10)} | {median} |{others}")  # fmt: skip
    print("\n| limit | alarms a year | at most one | frequency: ≤ 3 cycles, all but 'chance' |\n|---|---|---|---|")
    for limit in LIMITS:
        drift.LIMIT = limit
        false = [alarms(one) for one in every]
        delays = [delay(one, "frequency") for one in rows["all but 'chance'"]]
        print(f"| {limit} | {np.mean(false):.2f} | {np.mean(np.array(false) <= 1):.0%} | {share(delays, 3)} |")


def main(years: int, first: int, processes: int) -> None:
    """Measure and report."""
    numbers = range(first, first + years)
    if processes < 2:
        report([measure(number) for number in numbers])
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        report(list(pool.map(measure, numbers)))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [100, 1000, 1][len(given) :]))
