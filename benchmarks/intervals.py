"""Measure the intervals' coverage on generated series, beside the nominal one.

    python benchmarks/intervals.py [series, 200] [first seed, 5]

200 series take about 7 minutes on one slow core. For each of three methods, with the intervals that the library gives:
the share of points within the 50 % and 90 % intervals, by step (the worst of the first 20) and by kind of series; and
how wide the 90 % intervals are beside an oracle's, which knows the nine-tenths quantile of the errors that the very
forecast turns out to make. The truth is without measuring noise.
"""

import sys
from collections import defaultdict

import numpy as np

from rnn.arrays import Array
from rnn.datasets.synthetic import Example, example
from rnn.evaluation.methods import make
from rnn.intervals import Intervals
from rnn.series import ungroup

FORECASTERS = "autoregressive", "ridge autoregression", "persistence"


def forecast(name: str, one: Example, number: int) -> tuple[Array, Intervals]:
    """A method's forecast of an example, and the intervals that the library gives with it."""
    steps, size = one.truth.shape
    said = make(name, size, number).fit(ungroup(one.groups), one.truth.size).predict_groups(steps, size)
    if said.intervals is None:
        raise ValueError(f"example {number} is too short for intervals")
    return said.y, said.intervals


def main(count: int, seed: int) -> None:
    """Print the tables."""
    family = [example(number, seed) for number in range(count)]
    kinds = list(dict.fromkeys(one.kind for one in family))
    print(f"{count} generated series of seed {seed}:\n")
    print("| method | within 50 % | within 90 % | worst step | 90 % width to oracle's |", " | ".join(kinds), "|")
    print("|---|---|---|---|---|" + "---|" * len(kinds))
    steps_told = {}
    for name in FORECASTERS:
        within50, within90, wider = [], [], []
        by_step, by_kind = defaultdict(list), defaultdict(list)
        for number, one in enumerate(family):
            y, bounds = forecast(name, one, number)
            inside = (bounds.lower90 <= one.truth) & (one.truth <= bounds.upper90)
            within50.append(np.mean((bounds.lower50 <= one.truth) & (one.truth <= bounds.upper50)))
            within90.append(inside.mean())
            by_kind[one.kind].append(inside.mean())
            for step, row in enumerate(inside):
                by_step[step].append(row.mean())
            oracle = max(float(np.quantile(np.abs(one.truth - y), 0.9)), 1e-4 * float(np.std(one.groups.y)))
            wider.append(np.log(np.mean(bounds.upper90 - bounds.lower90) / 2 / oracle))
        steps_told[name] = [float(np.mean(by_step[step])) for step in range(20)]
        print(
            f"| {name} | {np.mean(within50):.1%} | {np.mean(within90):.1%} | {min(steps_told[name]):.1%} | "
            f"{np.exp(np.mean(wider)):.2f} | {' | '.join(f'{np.mean(by_kind[kind]):.0%}' for kind in kinds)} |",
            flush=True,
        )
    print("\nWithin the 90 % interval, by step:\n\n| step |", " | ".join(str(step) for step in range(1, 21)), "|")
    print("|---|" + "---|" * 20)
    for name, steps in steps_told.items():
        print(f"| {name} |", " | ".join(f"{share:.0%}" for share in steps), "|")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
