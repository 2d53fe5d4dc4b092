"""Compare settings of the `autoregressive` recipe on generated series, to choose its defaults.

    python benchmarks/defaults.py [series, 60] [first seed, 1]

60 series, as in docs/defaults.md, take 15 to 20 minutes on one slow core, 20 about 6. Prints a Markdown table, one line
as each row is done. An error is the RMSE against what truly comes next, as so many times that of the best of four
simple methods *on that series* (persistence, seasonal naive, the line, ridge autoregression), chosen knowing the
outcome; so 1 is hard to reach. Errors below a thousandth of the series' spread count as that.
"""

import sys
import time
from collections import defaultdict

import numpy as np

from rnn.datasets.synthetic import Example, example
from rnn.ensemble.training import train
from rnn.evaluation.methods import make
from rnn.metrics import rmse
from rnn.recipes import AutoregressiveRecipe
from rnn.series import ungroup

SIMPLE = "persistence", "seasonal naive", "linear", "ridge autoregression"

START = AutoregressiveRecipe(gains=(1.0,), iterations=100, recurrent_memories=(12, 24, 48, 0.15), sections=0, pairs=0)
"""One thing at a time is changed from here. What helped was put together at the end: the defaults."""

VARIANTS: dict[str, dict[str, object]] = {
    "start": {},
    "linear members only": {"recurrent_memories": ()},
    "networks not trained": {"iterations": 1, "lr": 1e-9},
    "30 iterations": {"iterations": 30},
    "300 iterations": {"iterations": 300},
    "2 networks, gain 1": {"gains": (1.0, 1.0)},
    "2 networks, gains 0.3 and 1": {"gains": (0.3, 1.0)},
    "weight decay 1e-3": {"decay": 1e-3},
    "no memory by share": {"memories": (6, 12, 24, 48), "recurrent_memories": (12, 24, 48)},
    "recurrent memory also 0.25, 0.33": {"recurrent_memories": (12, 24, 48, 0.15, 0.25, 0.33)},
    "no principal components": {"ranks": ()},
    "no logarithm": {"logarithm": False},
    "the best member alone": {"members": 1},
    "16 members": {"members": 16},
    "3 folds": {"folds": 3},
    "8 folds": {"folds": 8},
    "folds since 0.7": {"since": 0.7},
    "all folds count alike": {"recency": 1.0},
    "sharpness 1": {"sharpness": 1.0},
    "sharpness 6": {"sharpness": 6.0},
    "mean of the members": {"trim": 0.0},
    "median of the members": {"trim": 0.49},
    "300 iterations, gains 0.3 and 1": {"iterations": 300, "gains": (0.3, 1.0)},
    "modes of up to 4 sections": {"sections": 4},
    "and what explains the series": {"sections": 4, "pairs": 8},
    "200 iterations, gains 0.3 and 1, recurrent memory also 0.25, modes, explanations: the defaults": {
        "iterations": 200,
        "gains": (0.3, 1.0),
        "recurrent_memories": (12, 24, 48, 0.15, 0.25),
        "sections": 4,
        "pairs": 8,
    },
}


def simple(one: Example) -> float:
    """The best simple method's RMSE, knowing the outcome."""
    series, size = ungroup(one.groups), one.groups.group_size
    said = (make(name, size).fit(series).mean(one.truth.size) for name in SIMPLE)
    return min(rmse(y.reshape(one.truth.shape), one.truth) for y in said)


def main(count: int, seed: int) -> None:
    """Print the table."""
    family = [example(number, seed) for number in range(count)]
    floors = [1e-3 * float(np.std(ungroup(one.groups).y)) for one in family]
    bests = [max(simple(one), floor) for one, floor in zip(family, floors, strict=True)]
    kinds = list(dict.fromkeys(one.kind for one in family))
    print(f"{count} generated series of seed {seed}; error relative to the best simple method on each:\n")
    print(f"| setting | geometric mean | 9 in 10 below | worst | {' | '.join(kinds)} | seconds |")
    print("|---|---|---|---|" + "---|" * len(kinds) + "---|")
    for name, changes in VARIANTS.items():
        recipe, begin = START.model_copy(update=changes), time.process_time()
        by_kind: dict[str, list[float]] = defaultdict(list)
        for number, (one, floor, best) in enumerate(zip(family, floors, bests, strict=True)):
            trained = train(one.groups, recipe, np.random.default_rng(number), horizon=len(one.truth))
            by_kind[one.kind].append(np.log(max(rmse(trained.forecast(len(one.truth)), one.truth), floor) / best))
        seconds = (time.process_time() - begin) / count
        everything = np.concatenate([by_kind[kind] for kind in kinds])
        figures = [everything.mean(), np.quantile(everything, 0.9), everything.max()]
        figures += [float(np.mean(by_kind[kind])) for kind in kinds]
        print(f"| {name} | {' | '.join(f'{np.exp(figure):.2f}' for figure in figures)} | {seconds:.2f} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
