"""Divide a forecast's weight between networks and statistical members, by the series' length and by rehearsals.

Competitions' series are short and noisy, and there nothing that recurrent networks find holds. Where a series goes
along smoothly, or is long, they find what exponential smoothing cannot. So networks are trained only where one of both
may be, and then they must have rehearsed better.
"""

import numpy as np

from rnn.arrays import Array
from rnn.origins import FEWEST_GROUPS
from rnn.recipes import AutoregressiveRecipe

LONG = 150
"""On fewer points networks are trained only where most of the next step can be foreseen, whatever the series is."""

FORESEEABLE = 0.5
"""Most of a step is foreseen where a linear autoregression's error is below this share of naive forecasts'."""

HARDLY = 0.9
"""Next to nothing of it is where the share is more than this."""

LINEAR = 90
"""On so many points there are linear skips even where no networks are trained: they take a fifth as long."""

EVEN = 400.0
"""On so many points networks and statistical members are equally likely to be right; on fewer the latter are."""

CLEAR = 0.02
"""A share below this is none."""


def networks_may_help(y: Array, season: int, groups: int, proposed: bool = False) -> bool:
    """Whether networks are worth the second that they take, on a series `y` (points,) in so many `groups`.

    Fewer than FEWEST_GROUPS leave them nothing to rehearse on. Where a season is `proposed`, by a calendar or a user,
    statistical members have what networks would find, up to EVEN points.
    """
    if groups < FEWEST_GROUPS:
        return False
    if len(y) >= EVEN and proposed:
        return True
    left = foreseeable(y, season)
    return left < FORESEEABLE or (len(y) >= LONG and not proposed and left < HARDLY)


def skips_may_help(points: int, groups: int, proposed: bool = False) -> bool:
    """Whether linear skips are worth the time that they take, on a series of so many `points`, without networks.

    Not where a season is `proposed`: statistical members have it, and on M1's months skips changed nothing.
    """
    return groups >= FEWEST_GROUPS and points >= LINEAR and not proposed


def foreseeable(y: Array, season: int) -> float:
    """A ridge autoregression's error of one step, as a share of the better naive forecast's, on the newest third.

    It is fitted to what comes before, with the best of three penalties. About 1 where there is nothing to be foreseen.
    """
    cut = 2 * len(y) // 3
    unit = float(np.abs(y - y[:cut].mean()).max()) or 1.0
    s = (y - y[:cut].mean()) / unit
    lags = int(np.clip(cut // 4, 2, 24))
    windows = np.lib.stride_tricks.sliding_window_view(s, lags + 1)
    past = np.c_[windows[:, :-1] - windows[:, -2:-1], np.ones(len(windows))]
    step = windows[:, -1] - windows[:, -2]
    known, power = cut - lags, float(np.var(s[:cut])) or 1.0
    errors = []
    for penalty in (1e-4, 1e-2, 1.0):
        gram = past[:known].T @ past[:known] + penalty * power * np.eye(lags + 1)
        errors.append(_rms(step[known:] - past[known:] @ np.linalg.solve(gram, past[:known].T @ step[:known])))
    naive = [_rms(s[cut:] - s[cut - lag : len(s) - lag]) for lag in {1, season} if lag <= cut]
    return min(errors) / (min(naive) + 1e-12)


def _rms(errors: Array) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def networks_share(points: int, left: float, better: float, recipe: AutoregressiveRecipe) -> float:
    """The share of a forecast that networks have, from 0 to 1.

    `left`: what a linear autoregression leaves of naive forecasts' errors, see `foreseeable`. `better`: by how much the
    logarithm of the networks' rehearsed errors lay below that of the statistical members'.
    """
    prior = min((points / EVEN) ** 1.5, 5.0) * (FORESEEABLE / max(left, 0.02)) ** 2
    odds = prior * float(np.exp(np.clip(recipe.sharpness * better, -50, 50)))
    share = odds / (1 + odds)
    return 0.0 if share < CLEAR else 1.0 if share > 1 - CLEAR else share
