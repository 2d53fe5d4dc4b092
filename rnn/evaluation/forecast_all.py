"""All of a run's forecasts side by side: its recipes', and those of the methods that they are compared with."""

from collections.abc import Mapping

import numpy as np

from rnn.arrays import Array
from rnn.elman.network import forecast
from rnn.elman.training import Trained
from rnn.ensemble.model import TrainedEnsemble
from rnn.evaluation.methods import COMPARED, Method
from rnn.forecast import Forecast, GridName, grid, on_grid
from rnn.intervals import Intervals, NoRehearsal, conformal
from rnn.series import Groups


def forecast_all(
    groups: Groups,
    models: Mapping[str, Trained | TrainedEnsemble],
    rehearsed: Mapping[str, Array],
    grid_name: GridName,
    horizon: int,
    rng: np.random.Generator,
    compared: Mapping[str, Method] = COMPARED,
) -> list[Forecast]:
    """A forecast of `horizon` groups by each of `models`, then by each method of `compared`.

    Each has intervals if it is known how far off the method was at earlier origins: an ensemble knows that itself, of
    the others `rehearsed` says it, by method (folds, horizon, group_size).
    """
    x = grid(grid_name, float(groups.x[-1, -1, 0]), groups.step, groups.group_size, horizon)
    return [
        *(
            _of_ensemble(name, groups, model, x, horizon)
            if isinstance(model, TrainedEnsemble)
            else _with_intervals(name, x, forecast(model.network, x, model.h_last), rehearsed)
            for name, model in models.items()
        ),
        *(_with_intervals(name, x, method(groups, x, rng), rehearsed) for name, method in compared.items()),
    ]


def _with_intervals(name: str, x: Array, y: Array, rehearsed: Mapping[str, Array]) -> Forecast:
    try:
        return Forecast(name, x, y, conformal(y, rehearsed[name]))
    except (KeyError, NoRehearsal):
        return Forecast(name, x, y)


def _of_ensemble(name: str, groups: Groups, ensemble: TrainedEnsemble, x: Array, horizon: int) -> Forecast:
    """It goes on at the series' own spacing; another grid, up to a group longer, is read off between its points."""
    natural = grid("text", float(groups.x[-1, -1, 0]), groups.step, groups.group_size, horizon + 1)
    y = ensemble.forecast(horizon + 1)
    _, around = ensemble.forecast_and_intervals(horizon)
    if around is None:
        return Forecast(name, x, on_grid(y, natural, x))
    bounds = (around.lower50, around.upper50, around.lower90, around.upper90)
    read = (on_grid(bound, natural[:horizon], x) for bound in bounds)
    return Forecast(name, x, on_grid(y, natural, x), Intervals(*read))
