"""Make all forecasts of a run: its recipes', and those of the methods that they are compared with."""

from collections.abc import Mapping

from rnn.arrays import Array
from rnn.forecast import Forecast, GridName, grid
from rnn.forecaster import Forecaster
from rnn.series import Groups, ungroup


def forecast_all(
    groups: Groups,
    trained: Mapping[str, Forecaster],
    compared: Mapping[str, Forecaster],
    errors: Mapping[str, Array],
    grid_name: GridName,
    horizon: int,
) -> list[Forecast]:
    """A forecast of `horizon` groups by each of the `trained` forecasters, then by each of `compared`, fitted here.

    `errors` at earlier origins, by method (folds, horizon, group_size), give the intervals of those that draw none.
    """
    x = grid(grid_name, float(groups.x[-1, -1, 0]), groups.step, groups.group_size, horizon)
    series = ungroup(groups)
    fitted = {**trained, **{name: one.fit_each([series], x.size)[0] for name, one in compared.items()}}
    return [one.forecast_at(x, errors.get(name)) for name, one in fitted.items()]
