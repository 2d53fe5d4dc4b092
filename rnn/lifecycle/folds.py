"""The gate's folds: challenger, champion and the naive forecasts, scored anew on the same newest data.

None is shown an outcome that it has learned from. At each origin the challenger is its recipe, trained on what was
known there. The champion is itself, its weights as they are, where it learned from nothing at or after the origin; at
earlier origins it is its own recipe, trained again on what was known there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from rnn.arrays import Array
from rnn.ensemble.forecaster import Autoregressive
from rnn.ensemble.model import TrainedEnsemble
from rnn.errors import NoVerdict
from rnn.evaluation.methods import make
from rnn.forecaster import Forecaster
from rnn.kept_results import NOTHING, KeptResults
from rnn.lifecycle.trainings import Trainings
from rnn.metrics import rmse
from rnn.origins import FEWEST_FOLDS, fold_distance
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Groups, Series, ungroup

Naive: TypeAlias = Literal["persistence", "seasonal naive"]
NAIVE: tuple[Naive, ...] = ("persistence", "seasonal naive")
"""What a network must beat to be served. Where no season is found the second is the first."""


class Terms(BaseModel):
    """The terms of the gate, the same for challenger and champion: the task, and how both are judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group_size: int = Field(ge=1)
    horizon: int = Field(ge=1, strict=True)
    newest: int | None = Field(None, ge=1)
    folds: int = Field(ge=FEWEST_FOLDS)
    margin: float = Field(ge=0)

    def trainings(
        self, series: Series, kept: KeptResults = NOTHING, on_training: Callable[[int], None] = lambda end: None
    ) -> Trainings:
        """Trainings on the beginnings of a series, for this task; see `Trainings`."""
        return Trainings(series, self.group_size, self.horizon, self.newest, kept, on_training)


@dataclass(frozen=True)
class Contender:
    """One of the two: a recipe with its seed, or a naive method.

    A champion has its trained `ensemble`, and the number of points of today's series that it has `learned` from.
    """

    method: str
    recipe: AutoregressiveRecipe
    seed: int
    ensemble: TrainedEnsemble | None = None
    learned: int = 0

    def forecaster(self, series: Series) -> Forecaster:
        """The forecaster of what it has learned, where `series` ends; it is not trained again."""
        if self.ensemble is None:
            return make(self.method).fit(series)
        return Autoregressive.trained(self.ensemble, series, self.recipe).moved_to(series)


Was: TypeAlias = Literal["itself", "trained again", "naive"]
"""What stands for the champion at an origin."""


@dataclass(frozen=True)
class Fold:
    """RMSE of everybody over the `horizon` groups after `origin` points, in the unit of y."""

    origin: int
    challenger: float
    champion: float | None
    champion_was: Was | None
    naive: dict[Naive, float]


def overlapping(horizon: int) -> int:
    """The number of neighbouring folds that share outcomes."""
    return -(-horizon // fold_distance(horizon))


def score_folds(
    trainings: Trainings, challenger: Contender, champion: Contender | None, origins: Sequence[int]
) -> tuple[Fold, ...]:
    """Everybody's error on every fold. Raises NoVerdict when one is not a number, SeriesTooShort and Diverged."""
    size, horizon = trainings.group_size, trainings.horizon
    ours = trainings.at(origins, challenger.recipe, challenger.seed)
    was, theirs = _champions(trainings, champion, origins)
    folds = []
    for origin, mine, stood, said in zip(origins, ours, was, theirs, strict=True):
        known = trainings.groups(origin)
        truth = trainings.series.y[origin : origin + horizon * size].reshape(horizon, size)
        naive: dict[Naive, float] = {name: rmse(_naive(name, known, horizon), truth) for name in NAIVE}
        champions = None if said is None else rmse(said, truth)
        folds.append(Fold(origin, rmse(mine.forecast(horizon), truth), champions, stood, naive))
    for fold in folds:
        for who, error in (("challenger", fold.challenger), ("champion", fold.champion), *fold.naive.items()):
            if error is not None and not np.isfinite(error):
                raise NoVerdict(f"the {who}'s error after {fold.origin} points is not finite, so nothing is judged")
    return tuple(folds)


def _champions(
    trainings: Trainings, champion: Contender | None, origins: Sequence[int]
) -> tuple[list[Was | None], list[Array | None]]:
    """What the champion was at each origin, and what it said there."""
    if champion is None:
        return [None] * len(origins), [None] * len(origins)
    if champion.ensemble is None:
        said = [_naive(champion.method, trainings.groups(origin), trainings.horizon) for origin in origins]
        return ["naive"] * len(origins), list(said)
    itself = [o for o in origins if champion.learned <= o and fits(champion.ensemble, trainings.groups(o))]
    again = [o for o in origins if o not in itself]
    by_origin = dict(zip(again, trainings.at(again, champion.recipe, champion.seed), strict=True)) if again else {}
    by_origin |= {o: champion.ensemble.after(trainings.groups(o)) for o in itself}
    was: list[Was | None] = ["itself" if o in itself else "trained again" for o in origins]
    return was, [by_origin[o].forecast(trainings.horizon) for o in origins]


def fits(ensemble: TrainedEnsemble, groups: Groups) -> bool:
    """Whether an ensemble can forecast where `groups` end: they have its group size and inputs, and fill its memory."""
    if ensemble.effect and (groups.known is None or groups.known.names != ensemble.effect.names):
        return False
    (size, _), (_, memory) = ensemble.z.shape[1:], ensemble.past.shape
    return bool(size == groups.group_size and memory <= len(groups) * size)


def _naive(method: str, known: Groups, horizon: int) -> Array:
    size = known.group_size
    return make(method).fit(ungroup(known)).mean(horizon * size).reshape(horizon, size)
