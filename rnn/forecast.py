"""Forecasts, the grids that they are made on, and forecasting in open loop, where the inputs ahead are known."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from rnn.arrays import Array
from rnn.intervals import Intervals

GridName: TypeAlias = Literal["text", "code"]


@dataclass(frozen=True)
class Forecast:
    """What one `method` says of the groups beyond the series: `x` and `y`, both (horizon, group_size).

    `intervals`: where the truth should lie, unless the series is too short to tell.
    """

    method: str
    x: Array
    y: Array
    intervals: Intervals | None = None


def grid(name: GridName, last_x: float, step: float, group_size: int, horizon: int) -> Array:
    """The x of `horizon` groups beyond `last_x`, as (horizon, group_size).

    `text`, as the article's text has it: the series goes on with the same step, 6.01, 6.02, … 7.20.
    `code`, as its program has it: group i is `linspace(6.01 + 0.06 i, 6.01 + 0.06 (i+1), 6)`, a wider step with both
    ends kept, so that neighbouring groups share a point (article, "The forecast").
    """
    first, span = last_x + step, group_size * step
    if name == "text":
        return np.array([first + span * i + step * np.arange(group_size) for i in range(horizon)])
    return np.array([np.linspace(first + span * i, first + span * (i + 1), group_size) for i in range(horizon)])


def on_grid(y: Array, natural: Array, x: Array) -> Array:
    """A forecast `y` at the series' own spacing, `natural`, read off at other `x`: linearly between its points.

    All (horizon, group_size), but `y` and `natural` may be longer.
    """
    return np.interp(x.ravel(), natural.ravel(), y.ravel()).reshape(x.shape)
