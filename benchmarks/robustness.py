"""Measure the default recipe's errors on curves like the article's with other kinds of noise.

    python benchmarks/robustness.py cousins [curves, 16] [seed, 31]     what defaults may be chosen on
    python benchmarks/robustness.py walks [walks, 40] [seed, 99]        how many walks of chance are explained
    python benchmarks/robustness.py xsinx [seeds, 32] [first seed, 0]   for reporting alone (docs/defaults.md)
    python benchmarks/robustness.py hard [seeds, 16] [first seed, 0]    the same: a chirp and a curve with cusps

Every cousin is a curve of random kind and numbers, never x·sin(x) itself, of spread 2 and seen at 600 points in groups
of six; asked for are the 20 groups that follow. The noise is uniform up to 0.01, and in turn: left alone; carried on
from point to point (0.7); rounded to tenths; with three spikes of 0.5. Prints a Markdown table of RMSE.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.explanation import explain
from rnn.ensemble.modes import fit_sections
from rnn.ensemble.training import train
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Groups, Series, group

SEEN, AHEAD, SIZE, NOISE = 600, 120, 6, 0.01

NOISES = ("uniform", "carried on (0.7)", "rounded to 0.1", "three spikes of 0.5")

Rng = np.random.Generator


def cousin(rng: Rng) -> Array:
    """A growing, damped, beating or rising wave of one to a few cycles at all 720 points, of spread 2 where seen."""
    kind, pace, phase, size, offset = (
        rng.integers(8), rng.uniform(0.6, 2.2), rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 1.5), rng.uniform(-3, 3),
    )  # fmt: skip
    x = 6 * np.arange(1, SEEN + AHEAD + 1) / SEEN
    y = (
        lambda: np.sqrt(x) * np.sin(2 * pace * x + phase),
        lambda: x * np.cos(pace * x + 0.2 * phase),
        lambda: (x + offset) * np.sin(pace * x + phase),
        lambda: np.exp(-x * size / 6) * np.sin(2 * pace * x + phase),
        lambda: np.sin(pace * x + phase) + 0.5 * size * x,
        lambda: np.log1p(x) * np.sin(2 * pace * x + phase),
        lambda: 2 * np.sin(pace * x + phase) + size * np.cos(2.3 * pace * x),
        lambda: np.exp(x * size / 6) * np.cos(1.5 * pace * x + phase),
    )[kind]()
    return np.asarray(2 * y / np.std(y[:SEEN]))


def xsinx(rng: Rng) -> Array:
    """The article's curve at all 720 points."""
    x = np.arange(1, SEEN + AHEAD + 1) / 100
    return np.asarray(x * np.sin(x))


def chirp(rng: Rng) -> Array:
    """sin(x²): a wave that gets faster all the time."""
    x = np.arange(1, SEEN + AHEAD + 1) / 100
    return np.asarray(np.sin(x**2))


def cusps(rng: Rng) -> Array:
    """x·|sin x|: arches that meet in cusps."""
    x = np.arange(1, SEEN + AHEAD + 1) / 100
    return np.asarray(x * np.abs(np.sin(x)))


def seen(curve: Array, noise: str, rng: Rng) -> Groups:
    """What is known of a `curve`, with one of `NOISES`."""
    shocks = rng.uniform(-NOISE, NOISE, SEEN + 100)
    if noise == "carried on (0.7)":
        for i in range(1, len(shocks)):
            shocks[i] += 0.7 * shocks[i - 1]
    y = curve[:SEEN] + shocks[100:]
    if noise == "rounded to 0.1":
        y = np.round(y, 1)
    if noise == "three spikes of 0.5":
        y[rng.choice(SEEN, 3, replace=False)] += 0.5 * rng.choice([-1, 1], 3)
    return group(Series(np.arange(1, SEEN + 1) / 100, y, 0.01), SIZE)


def curves(draw: Callable[[Rng], Array], count: int, seed: int) -> None:
    """The table of errors on `count` curves with each noise."""
    print("| noise | median | 9 in 10 below | worst | inside 90 % | seconds |\n|---|---|---|---|---|---|")
    for noise in NOISES:
        errors, inside, begin = [], [], time.process_time()
        for number in range(count):
            rng = np.random.default_rng([seed, number])
            curve = draw(rng)
            truth = curve[SEEN:].reshape(-1, SIZE)
            trained = train(seen(curve, noise, rng), AutoregressiveRecipe(), np.random.default_rng(number))
            said, around = trained.forecast_and_intervals(len(truth))
            errors.append(float(np.sqrt(np.mean((said - truth) ** 2))))
            if around is not None:
                inside.append(float(np.mean((around.lower90 <= truth) & (truth <= around.upper90))))
        seconds = (time.process_time() - begin) / count
        figures = f"{np.median(errors):.4f} | {np.quantile(errors, 0.9):.3f} | {max(errors):.3f}"
        print(f"| {noise} | {figures} | {100 * np.mean(inside):.0f} | {seconds:.2f} |", flush=True)


def hard(count: int, seed: int) -> None:
    """The errors on curves that no explanation fits, beside persistence's, which repeats the last value."""
    print("| curve | median | worst | persistence, median | ratio | inside 90 % |\n|---|---|---|---|---|---|")
    for draw in (chirp, cusps):
        errors, naive, inside = [], [], []
        for number in range(count):
            rng = np.random.default_rng([seed, number])
            curve = draw(rng)
            truth, known = curve[SEEN:].reshape(-1, SIZE), seen(curve, "uniform", rng)
            trained = train(known, AutoregressiveRecipe(), np.random.default_rng(number))
            said, around = trained.forecast_and_intervals(len(truth))
            errors.append(float(np.sqrt(np.mean((said - truth) ** 2))))
            naive.append(float(np.sqrt(np.mean((known.y[-1, -1] - truth) ** 2))))
            if around is not None:
                inside.append(float(np.mean((around.lower90 <= truth) & (truth <= around.upper90))))
        ratio = np.median(np.array(errors) / naive)
        print(
            f"| {draw.__name__} | {np.median(errors):.3f} | {max(errors):.3f} | {np.median(naive):.3f} | {ratio:.2f} "
            f"| {100 * np.mean(inside):.0f} |",
            flush=True,
        )


def walks(count: int, seed: int) -> None:
    """Of how many walks of chance an explanation is believed by more than a half, by their length."""
    print("| points | explained |\n|---|---|")
    for points in (25, 40, 60, 120, 240):
        beliefs = []
        for number in range(count):
            s = np.cumsum(np.random.default_rng([seed, points, number]).normal(size=points))
            s = (s - s.mean()) / s.std()
            fits = [one[0] for one in fit_sections([s], 4)]
            found = explain(fits, s, 1, 8, np.random.default_rng(number))
            beliefs.append(found.belief if found else 0.0)
        print(f"| {points} | {100 * np.mean(np.array(beliefs) > 0.5):.0f} % |", flush=True)


if __name__ == "__main__":
    what, given = sys.argv[1] if len(sys.argv) > 1 else "cousins", [int(one) for one in sys.argv[2:]]
    if what == "walks":
        walks(*(given + [40, 99][len(given) :]))
    elif what == "hard":
        hard(*(given + [16, 0][len(given) :]))
    elif what == "xsinx":
        curves(xsinx, *(given + [32, 0][len(given) :]))
    else:
        curves(cousin, *(given + [16, 31][len(given) :]))
