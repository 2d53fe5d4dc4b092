"""Well-known series: textbook formulas, and public measurements that an installed package contains.

Nothing was chosen by looking at them (docs/defaults.md): they are what the evaluation reports. Groups are of six points
where time runs on (as the article's are) and of one observation where a month or a year is a step by itself. x counts
from the first observation in the series' own unit, as the article's x does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.datasets.xsinx import multiples
from rnn.errors import WavecastError
from rnn.series import Series

Rng = np.random.Generator


class MissingData(WavecastError):
    """The library that ships a series is not installed."""


@dataclass(frozen=True)
class Textbook:
    """A known series: `make(rng)` gives it; `told` says in one line what it is and where it comes from."""

    title: str
    told: str
    make: Callable[[Rng], Series]
    group_size: int
    horizon: int


def damped_sine(rng: Rng, points: int = 600) -> Series:
    """3·exp(−t/300)·sin(2πt/60) + noise of standard deviation 0.05, at t = 1, 2 and so on."""
    t = np.arange(1.0, points + 1)
    return evenly(3 * np.exp(-t / 300) * np.sin(2 * np.pi * t / 60) + rng.normal(0, 0.05, points))


def two_sines(rng: Rng, points: int = 600) -> Series:
    """Two sines of periods 50 and 57, which beat every 407 points, + noise of standard deviation 0.05."""
    t = np.arange(1.0, points + 1)
    return evenly(np.sin(2 * np.pi * t / 50) + np.sin(2 * np.pi * t / 57) + rng.normal(0, 0.05, points))


def mackey_glass(rng: Rng, points: int = 600, tau: int = 17, substeps: int = 10) -> Series:
    """x′ = 0.2·x(t−τ)/(1 + x(t−τ)¹⁰) − 0.1·x from x = 1.2, by Runge–Kutta, each unit of time after the first 300.

    Mackey & Glass, "Oscillation and chaos in physiological control systems", 1977. Without noise.
    """
    dt, delay, skipped = 1 / substeps, tau * substeps, 300
    x = np.full(delay + (skipped + points) * substeps + 1, 1.2)
    drive = 0.2 * x / (1 + x**10)
    for i in range(delay, len(x) - 1):
        then, later = drive[i - delay], drive[i - delay + 1]
        k1 = then - 0.1 * x[i]
        k2 = (then + later) / 2 - 0.1 * (x[i] + dt / 2 * k1)
        k3 = (then + later) / 2 - 0.1 * (x[i] + dt / 2 * k2)
        k4 = later - 0.1 * (x[i] + dt * k3)
        x[i + 1] = x[i] + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        drive[i + 1] = 0.2 * x[i + 1] / (1 + x[i + 1] ** 10)
    return evenly(x[delay + skipped * substeps :: substeps][:points])


def lorenz(rng: Rng, points: int = 600, dt: float = 0.02, substeps: int = 4) -> Series:
    """x of Lorenz' equations (σ 10, ρ 28, β 8/3) from (1, 1, 1), by Runge–Kutta, every 0.02 after the first 20.

    Lorenz, "Deterministic nonperiodic flow", 1963. Without noise.
    """
    skipped, h = 1000, dt / substeps
    state, x = np.ones(3), np.empty(skipped + points)
    for i in range(len(x)):
        for _ in range(substeps):
            k1 = _lorenz_slope(state)
            k2 = _lorenz_slope(state + h / 2 * k1)
            k3 = _lorenz_slope(state + h / 2 * k2)
            k4 = _lorenz_slope(state + h * k3)
            state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        x[i] = state[0]
    return evenly(x[skipped:], dt)


def _lorenz_slope(state: Array) -> Array:
    x, y, z = state.tolist()
    return np.array([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z])


def logistic_season(rng: Rng, points: int = 180) -> Series:
    """100/(1 + exp(−(t − 90)/20)) + 10·sin(2πt/12) + noise of standard deviation 2: growth that saturates, by month."""
    t = np.arange(1.0, points + 1)
    return evenly(100 / (1 + np.exp(-(t - 90) / 20)) + 10 * np.sin(2 * np.pi * t / 12) + rng.normal(0, 2, points))


def airline(rng: Rng) -> Series:
    """Thousands of international airline passengers by month, 1949 to 1960 (Box & Jenkins 1976). 144 points."""
    try:
        from statsforecast.utils import AirPassengers
    except ImportError:
        raise _missing("airline", "statsforecast") from None
    return evenly(np.asarray(AirPassengers, dtype=float))


def sunspots(rng: Rng) -> Series:
    """The yearly number of sunspots, the last 200 of those that statsmodels ships: 1809 to 2008."""
    try:
        from statsmodels.datasets import sunspots as shipped
    except ImportError:
        raise _missing("sunspots", "statsmodels") from None
    return evenly(shipped.load_pandas().data["SUNACTIVITY"].to_numpy(dtype=float)[-200:])


def co2(rng: Rng) -> Series:
    """CO₂ over Mauna Loa in parts per million, monthly means of statsmodels' weekly ones: 1987 to 2001, 180 months."""
    try:
        from statsmodels.datasets import co2 as shipped
    except ImportError:
        raise _missing("co2", "statsmodels") from None
    return evenly(shipped.load_pandas().data["co2"].resample("MS").mean().to_numpy(dtype=float)[-180:])


def evenly(y: Array, step: float = 1.0) -> Series:
    """The series of `y` (points,) at x = step, 2·step and so on."""
    return Series(multiples(step, 0, len(y)), y, step)


def _missing(series: str, library: str) -> MissingData:
    return MissingData(
        f"series '{series}' comes with {library}, which is not installed: pip install -e '.[peers]', or leave it "
        "out of --series"
    )


TEXTBOOK: dict[str, Textbook] = {
    "damped-sine": Textbook("damped sine", "3·exp(−t/300)·sin(2πt/60), noise 0.05", damped_sine, 6, 20),
    "two-sines": Textbook("two beating sines", "periods 50 and 57, noise 0.05", two_sines, 6, 20),
    "mackey-glass": Textbook("Mackey–Glass", "τ = 17, each unit of time, no noise", mackey_glass, 6, 10),
    "lorenz": Textbook("Lorenz x", "every 0.02, no noise", lorenz, 6, 8),
    "logistic": Textbook("logistic trend and season", "100 at most, season 12, noise 2", logistic_season, 1, 12),
    "airline": Textbook("airline passengers", "by month, 1949 to 1960, from statsforecast", airline, 1, 12),
    "sunspots": Textbook("sunspots", "by year, 1809 to 2008, from statsmodels", sunspots, 1, 11),
    "co2": Textbook("CO₂ over Mauna Loa", "by month, 1987 to 2001, from statsmodels", co2, 1, 12),
}
