"""How often a healthy feed is called unhealthy, and how often a fault is found, on generated series.

    python benchmarks/feed_health.py [series of each kind, 100] [first seed, 1000]

A look is what a night sees: a series that ends somewhere in its second half, of which the newest 1, 7 or 24 points are
new. Healthy looks are those of the made-up family (rnn.datasets.synthetic), of years whose law holds or changes
(rnn.datasets.drifting: a change of law is news, not a fault of the feed), and of kinds that are hard on such rules:
counts, rounded values, heavy tails, nights without sun, closed days, random walks. Then each fault is put into the
newest points of the same looks. Seeds below 1000 were looked at when the rules' constants were chosen.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from rnn.datasets import drifting, synthetic
from rnn.lifecycle.feed_health import Delivery, findings
from rnn.series import ungroup

Rng = np.random.Generator
LOOKS = 6
NEW = (1, 7, 24)


def counts(rng: Rng) -> np.ndarray:
    """Counts with a weekly season, from rare to many."""
    week = np.exp(rng.normal(0, 0.4, 7))
    return rng.poisson(np.exp(rng.uniform(-2, 5)) * np.tile(week, 60)).astype(float)


def rounded(rng: Rng) -> np.ndarray:
    """A season with noise, rounded to a few steps of its spread."""
    t = np.arange(500)
    return np.round(rng.uniform(1, 8) * (np.sin(2 * np.pi * t / rng.integers(5, 40)) + rng.normal(0, 0.3, 500)))


def heavy_tails(rng: Rng) -> np.ndarray:
    """Noise of Student's t with 2.5 degrees of freedom on a slow level, or the exponential of normal noise."""
    if rng.random() < 0.5:
        return 10 + np.cumsum(rng.normal(0, 0.1, 500)) + rng.standard_t(2.5, 500)
    return np.exp(rng.normal(0, 0.8, 500))


def sun(rng: Rng) -> np.ndarray:
    """Hourly, nothing at night, clouds by day."""
    hour = np.arange(24 * 40) % 24
    clear = np.maximum(0, np.sin((hour - rng.integers(5, 8)) * np.pi / rng.integers(9, 14)))
    return np.where((hour > 4) & (hour < 21), clear, 0) * np.repeat(rng.uniform(0.2, 1, 40), 24) * 50


def load(rng: Rng) -> np.ndarray:
    """Hourly, a day and a week, noise."""
    t = np.arange(24 * 40)
    day = np.sin(2 * np.pi * (t - 6) / 24) + 0.5 * np.sin(4 * np.pi * t / 24 + rng.uniform(0, 6))
    return 100 + 20 * day * (1 - 0.3 * ((t // 24) % 7 > 4)) + rng.normal(0, rng.uniform(0.5, 6), len(t))


def closed_days(rng: Rng) -> np.ndarray:
    """Daily sales, nothing on Sundays and on some holidays in a row."""
    y = 100 + 15 * rng.normal(size=500)
    y[6::7] = 0
    for start in rng.integers(0, 490, 3):
        y[start : start + rng.integers(1, 4)] = 0
    return y


def family(rng: Rng) -> np.ndarray:
    """A member of the made-up family."""
    return ungroup(synthetic.example(int(rng.integers(0, 200)), int(rng.integers(1, 2**31))).groups).y


def lasting_year(rng: Rng) -> np.ndarray:
    """A year whose law holds."""
    kind = list(drifting.KINDS)[int(rng.integers(len(drifting.KINDS)))]
    return drifting.year(kind, "none", 300, 600, float(rng.choice([0, 0.01, 0.1])), rng).series.y


def changing_year(rng: Rng) -> np.ndarray:
    """A year whose law changes."""
    kind = list(drifting.KINDS)[int(rng.integers(len(drifting.KINDS)))]
    change = drifting.CHANGES[1 + int(rng.integers(len(drifting.CHANGES) - 1))]
    return drifting.year(kind, change, int(rng.integers(300, 590)), 600, float(rng.choice([0.01, 0.1])), rng).series.y


HEALTHY: dict[str, tuple[Callable[[Rng], np.ndarray], int]] = {
    "family": (family, 0), "lasting year": (lasting_year, 0), "changing year": (changing_year, 0),
    "counts": (counts, 0), "rounded": (rounded, 0), "heavy tails": (heavy_tails, 0), "closed days": (closed_days, 0),
    "sun": (sun, 24), "load": (load, 24),
}  # fmt: skip
"""Each kind, and its steps in a day where they are hours."""


def thousandfold(y: np.ndarray, new: int, per_day: int, rng: Rng) -> np.ndarray | None:
    """The newest values are 1000 times as large."""
    return np.concatenate([y[:-new], y[-new:] * 1000])


def thousandth(y: np.ndarray, new: int, per_day: int, rng: Rng) -> np.ndarray | None:
    """The newest values, seven at least, are a thousandth."""
    return np.concatenate([y[:-new], y[-new:] / 1000]) if new >= 7 else None


def sign(y: np.ndarray, new: int, per_day: int, rng: Rng) -> np.ndarray | None:
    """The newest values have the other sign, of a series that has one."""
    return np.concatenate([y[:-new], -y[-new:]]) if (y >= 0).all() or (y <= 0).all() else None


def flat(y: np.ndarray, new: int, per_day: int, rng: Rng) -> np.ndarray | None:
    """The newest values, seven at least, are all the same."""
    return np.concatenate([y[:-new], np.full(new, y[-new - 1])]) if new >= 7 else None


def copied(y: np.ndarray, new: int, per_day: int, rng: Rng) -> np.ndarray | None:
    """The newest values, seven at least, are those before them again."""
    return np.concatenate([y[:-new], y[-2 * new : -new]]) if new >= 7 else None


def clock(y: np.ndarray, new: int, per_day: int, rng: Rng) -> np.ndarray | None:
    """A day's values stand an hour late."""
    return np.concatenate([y[:-new], y[-new - 1 : -1]]) if per_day and new >= per_day else None


FAULTS = {"×1000": thousandfold, "/1000": thousandth, "sign": sign, "flat": flat, "copied": copied, "clock": clock}


def looks(count: int, seed: int) -> Iterator[tuple[str, np.ndarray, int, int, Rng]]:
    """The kind of each look, its series, how many points are new, the steps of a day, and a random stream."""
    for number, (kind, (make, per_day)) in enumerate(HEALTHY.items()):
        for k in range(count):
            rng = np.random.default_rng([seed + k, number])
            y = make(rng)
            for end in rng.integers(len(y) // 2, len(y) + 1, LOOKS).tolist():
                yield kind, y[:end], int(rng.choice(NEW)), per_day, rng


def look(y: np.ndarray, new: int, per_day: int) -> list[str]:
    """The kinds of what is found."""
    per_hour = 1 if per_day else 0
    return [each.kind for each in findings(Delivery(y, new, str, None, per_hour, per_day))]


def main(count: int = 100, seed: int = 1000) -> None:
    """Print both tables."""
    healthy: dict[str, Counter[str]] = defaultdict(Counter)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, y, new, per_day, rng in looks(count, seed):
        healthy[kind]["looks"] += 1
        healthy[kind].update(look(y, new, per_day))
        for name, put in FAULTS.items():
            bad = put(y, new, per_day, rng)
            if bad is not None:
                found[name][f"{kind} looks"] += 1
                found[name][kind] += bool(look(bad, new, per_day))
    print("| healthy | looks | flat | out of range | shifted | false, % |\n|---|---|---|---|---|---|")
    for kind, row in healthy.items():
        false = 100 * sum(row[name] for name in ("flat", "out of range", "shifted")) / row["looks"]
        cells = (row[name] for name in ("looks", "flat", "out of range", "shifted"))
        print(f"| {kind} | {' | '.join(map(str, cells))} | {false:.2f} |")
    print("\n| found, % of looks | " + " | ".join(FAULTS) + " |\n|---" * 1 + "|---" * len(FAULTS) + "|")
    for kind in HEALTHY:
        cells = [
            f"{100 * found[name][kind] / found[name][f'{kind} looks']:.0f}" if found[name][f"{kind} looks"] else "–"
            for name in FAULTS
        ]
        print(f"| {kind} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
