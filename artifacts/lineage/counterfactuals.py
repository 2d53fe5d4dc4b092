"""Counterfactual forecasts between two served ones: what a model would have said of other data, by other settings.

Kept weights stand for a training that would give them again; where the code, the libraries or the machine are not
those that made them, the old model is trained again here, so that both ends of the chain were computed alike.
"""

from collections.abc import Callable

from artifacts.lineage.explain import elsewhere
from artifacts.lineage.provenance import CannotExplain, Provenance, kept_weights
from rnn.ensemble.model import TrainedEnsemble
from rnn.ensemble.training import train
from rnn.lifecycle.folds import Contender, fits
from rnn.lifecycle.moved import NETWORKS, Known, Making, Said, Settings, moments
from rnn.lifecycle.serving import serve
from rnn.random_streams import stream
from rnn.series import Groups, group, newest

Tell = Callable[[str], None]


class Forecaster:
    """Makes the counterfactual forecasts between two served ones."""

    def __init__(self, sides: tuple[Provenance, Provenance], tell: Tell) -> None:
        self.sides, self.tell, self.trainings = sides, tell, 0
        self._trained: list[tuple[Making, TrainedEnsemble]] = []
        old, new = sides
        one_model = old.model.name == new.model.name
        for side in sides:
            if side.making.lesson.method == NETWORKS and (one_model or not elsewhere(side.model)):
                self._trained.append((side.making, kept_weights(side.model)))

    def forecast(self, making: Making) -> Said:
        """What a forecast made so says."""
        settings, lesson = making.settings, making.lesson
        ensemble = self._ensemble(making) if lesson.method == NETWORKS else None
        contender = Contender(lesson.method, settings.recipe, making.seed, ensemble)
        known = group(newest(making.known.series, settings.newest), settings.group_size)
        if ensemble is not None and not fits(ensemble, known):
            raise CannotExplain(
                f"a model of the two forecasts cannot go on from the other's {known.y.size} points in groups of "
                f"{known.group_size}, which do not fill its memory or lack its inputs: name two other runs"
            )
        forecast = serve(contender, known, settings.horizon)
        at = moments(forecast.x, making.known.calendar, making.known.series.step)
        return dict(zip(at.tolist(), forecast.y.ravel().tolist(), strict=True))

    def _ensemble(self, making: Making) -> TrainedEnsemble:
        """The model: what is kept or was trained already, else trained now."""
        if self.sides[0].model.name == self.sides[1].model.name:
            return self._trained[0][1]
        for known, ensemble in self._trained:
            if making.has_model_of(known):
                return ensemble
        learned, settings = making.lesson.known or making.known, making.settings
        self.trainings += 1
        self.tell(f"training with {settings.group_size} points a group, seed {making.seed}")
        groups = _groups(settings, learned)
        ensemble = train(groups, settings.recipe, stream(making.seed, NETWORKS), horizon=settings.horizon)
        self._trained.append((making, ensemble))
        return ensemble


def _groups(settings: Settings, learned: Known) -> Groups:
    series = newest(settings.of(learned.series), settings.newest)
    return group(series, settings.group_size, settings.recipe.groups_needed)
