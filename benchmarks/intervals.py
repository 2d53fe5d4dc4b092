"""How often the intervals hold what they promise, on generated series: nominal beside measured.

    python benchmarks/intervals.py [series, 200] [first seed, 5]

200 series take about 7 minutes on one slow core. For each of three methods, with the intervals that the library gives:
the share of points within the 50 % and 90 % intervals, by step (the worst of the first 20) and by kind of series; and
how wide the 90 % intervals are beside an oracle's, which knows the nine-tenths quantile of the errors that the very
forecast turns out to make. The truth is without measuring noise.
"""

import sys
from collections import defaultdict
from collections.abc import Callable

import numpy as np

from rnn.arrays import Array
from rnn.datasets.synthetic import Example, example
from rnn.ensemble.training import train
from rnn.evaluation.backtest import backtest
from rnn.evaluation.baselines import persistence, ridge_autoregression
from rnn.evaluation.methods import Method
from rnn.intervals import Intervals, conformal
from rnn.recipes import AutoregressiveRecipe


def network(one: Example, number: int) -> tuple[Array, Intervals]:
    """The autoregressive recipe, with intervals from its own rehearsals."""
    horizon = len(one.truth)
    trained = train(one.groups, AutoregressiveRecipe(), np.random.default_rng(number), horizon=horizon)
    y = trained.forecast(horizon)
    return y, conformal(y, trained.rehearsed, (trained.rehearsed_spread, trained.spread(horizon)))


def by_backtest(method: Method) -> Callable[[Example, int], tuple[Array, Intervals]]:
    """Any other method, with intervals from a backtest of five folds."""

    def forecast(one: Example, number: int) -> tuple[Array, Intervals]:
        x = np.zeros(one.truth.shape)
        y = method(one.groups, x, np.random.default_rng(number))
        errors = backtest(one.groups, {"it": method}, len(x), 5, lambda name: np.random.default_rng(0))["it"].errors
        return y, conformal(y, errors)

    return forecast


FORECASTERS = {
    "autoregressive": network,
    "ridge autoregression": by_backtest(ridge_autoregression),
    "persistence": by_backtest(persistence),
}


def main(count: int, seed: int) -> None:
    """Print the tables."""
    family = [example(number, seed) for number in range(count)]
    kinds = list(dict.fromkeys(one.kind for one in family))
    print(f"{count} generated series of seed {seed}:\n")
    print("| method | within 50 % | within 90 % | worst step | 90 % width to oracle's |", " | ".join(kinds), "|")
    print("|---|---|---|---|---|" + "---|" * len(kinds))
    steps_told = {}
    for name, forecaster in FORECASTERS.items():
        within50, within90, wider = [], [], []
        by_step, by_kind = defaultdict(list), defaultdict(list)
        for number, one in enumerate(family):
            y, bounds = forecaster(one, number)
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
