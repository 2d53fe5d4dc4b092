"""The frozen defaults on what they were not chosen on: x·sin(x) over 16 seeds, and eight public or textbook series.

    python benchmarks/public.py

About ten minutes on one slow core. It needs statsforecast (the `peers` extra) and statsmodels (for sunspots and CO₂).
x·sin(x): RMSE against the noise-free curve, 20 groups ahead. The eight: mean RMSE over five rolling origins.
"""

import time
from functools import partial

import numpy as np

from rnn.arrays import Array
from rnn.autoregression import train
from rnn.backtest import backtest
from rnn.forecasting import grid
from rnn.intervals import conformal
from rnn.judging import rmse
from rnn.methods import METHODS, PEERS
from rnn.peers import auto_arima, auto_ets
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Groups, Series, curve, generate, group
from rnn.streams import stream

SEEDS = range(1000, 1016)

MONTHLY = ("logistic trend and season", "airline passengers", "monthly CO2")
"""The classics are told that a season has 12 points, as anyone would who uses them. The network is not."""

CHAOTIC = ("Mackey-Glass", "Lorenz x")
"""Without noise and 600 points long: AutoARIMA searches for many minutes, and is left out."""


def article() -> None:
    """x·sin(x), the defaults against the baselines, with the intervals' coverage."""
    errors, within, seconds = [], [], []
    for seed in SEEDS:
        groups = group(generate(600, 0.01, 0.01, stream(seed, "noise")), 6)
        x = grid("text", float(groups.x[-1, -1, 0]), groups.step, 6, 20)
        begin = time.process_time()
        trained = train(groups, AutoregressiveRecipe(), stream(seed, "autoregressive"))
        y = trained.forecast(20)
        seconds.append(time.process_time() - begin)
        bounds = conformal(y, trained.rehearsed, (trained.rehearsed_spread, trained.spread(20)))
        truth = curve(x)
        errors.append(rmse(y, truth))
        within.append(np.mean((bounds.lower90 <= truth) & (truth <= bounds.upper90)))
    print("x·sin(x), 16 seeds:", " ".join(f"{error:.3f}" for error in sorted(errors)))
    print(f"median {np.median(errors):.4f}, worst {max(errors):.4f}, within 90 % {np.mean(within):.0%}, ", end="")
    print(f"seconds of processor a fit {np.median(seconds):.2f}\n", flush=True)


def mackey_glass() -> Array:
    """τ = 17, sampled every 2 time units."""
    dt, delay = 0.1, 170
    y = [1.2] * (delay + 1)
    for _ in range(20 * 850):
        y.append(y[-1] + dt * (0.2 * y[-1 - delay] / (1 + y[-1 - delay] ** 10) - 0.1 * y[-1]))
    return np.array(y[::20][-660:])


def lorenz() -> Array:
    """The first coordinate, every 0.02 time units."""
    state, seen = np.array([1.0, 1.0, 1.0]), []
    for k in range(20 * 1000):
        x, y, z = state
        state = state + 0.001 * np.array([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z])
        if k % 20 == 0:
            seen.append(state[0])
    return np.array(seen[-648:])


def series() -> dict[str, tuple[Array, int, int]]:
    """Values, group size and horizon of each."""
    import statsmodels.api as sm
    from statsforecast.utils import AirPassengers

    t, rng = np.arange(720) / 100, np.random.default_rng(7)
    damped = np.exp(-0.2 * t) * np.sin(2 * np.pi * t) + 0.01 * rng.normal(size=720)
    beating = np.sin(2 * np.pi * t) + np.sin(2 * np.pi * 1.17 * t) + 0.02 * rng.normal(size=720)
    month = np.arange(192)
    logistic = 100 / (1 + np.exp(-(month - 90) / 30)) + 8 * np.sin(2 * np.pi * month / 12) + 2 * rng.normal(size=192)
    co2 = sm.datasets.co2.load_pandas().data["co2"].resample("MS").mean().ffill().to_numpy()[-192:]
    sunspots = sm.datasets.sunspots.load_pandas().data["SUNACTIVITY"].to_numpy()[-211:]
    return {
        "damped sine": (damped, 6, 20),
        "two sines": (beating, 6, 20),
        "Mackey-Glass": (mackey_glass(), 6, 10),
        "Lorenz x": (lorenz(), 6, 8),
        "logistic trend and season": (logistic, 1, 12),
        "airline passengers": (np.asarray(AirPassengers, dtype=float), 1, 12),
        "yearly sunspots": (sunspots, 1, 11),
        "monthly CO2": (np.asarray(co2, dtype=float), 1, 12),
    }


def public() -> None:
    """The table of the eight series."""
    names = ["autoregressive", "persistence", "seasonal naive", "ridge autoregression", "AutoETS", "AutoARIMA"]
    print(f"| series | {' | '.join(names)} | to the best peer |\n|---|" + "---|" * (len(names) + 1))
    for name, (y, size, horizon) in series().items():
        groups: Groups = group(Series(np.arange(1.0, len(y) + 1), y, 1.0), size)
        known = {method: (METHODS | PEERS)[method] for method in names}
        if name in MONTHLY:
            known |= {"AutoARIMA": partial(auto_arima, season=12), "AutoETS": partial(auto_ets, season=12)}
        if name in CHAOTIC:
            del known["AutoARIMA"]
        done = backtest(groups, known, horizon, 5, lambda method: np.random.default_rng(0))
        error = {
            method: float(np.mean([rmse(a, b) for a, b in zip(it.y, it.truth, strict=True)]))
            for method, it in done.items()
        }
        best = min(error[method] for method in error if method != "autoregressive")
        figures = " | ".join(f"{error[method]:.3g}" if method in error else "–" for method in names)
        print(f"| {name} | {figures} | **{error['autoregressive'] / best:.2f}** |", flush=True)


if __name__ == "__main__":
    article()
    public()
