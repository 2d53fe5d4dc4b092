"""Forecast with the champion from the end of the data, with intervals, without training."""

from collections.abc import Mapping
from dataclasses import replace

from rnn.evaluation.methods import make
from rnn.forecast import Forecast
from rnn.lifecycle.folds import NAIVE, Contender
from rnn.series import Groups, ungroup


def serve(champion: Contender, groups: Groups, horizon: int) -> Forecast:
    """The champion's forecast of the `horizon` groups after `groups`; its ensemble is not trained again."""
    return champion.forecaster(ungroup(groups)).predict_groups(horizon, groups.group_size)


def served_beside(champion: Contender, others: Mapping[str, Contender], groups: Groups, horizon: int) -> list[Forecast]:
    """The `served` forecast, then those of the `others`, each under its name, then the naive ones."""
    forecasts = {"served": serve(champion, groups, horizon)}
    forecasts |= {name: serve(other, groups, horizon) for name, other in others.items()}
    series = ungroup(groups)
    forecasts |= {name: make(name).fit(series).predict_groups(horizon, groups.group_size) for name in NAIVE}
    return [replace(forecast, method=name) for name, forecast in forecasts.items()]
