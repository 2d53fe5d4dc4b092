"""Counterfactual forecasts between two served ones: what a model would have said of other data, by other settings.

Kept weights stand for a training that would give them again; where the code, the libraries or the machine are not
those that made them, the old model is trained again here, so that both ends of the chain were computed alike.
"""

from collections.abc import Callable

from artifacts.lineage.explain import elsewhere
from artifacts.lineage.provenance import CannotExplain, Provenance, kept_weights
from rnn.ensemble.model import TrainedEnsemble
from rnn.ensemble.training import train
from rnn.lifecycle.attribution import NETWORKS, ForecastInputs, Known, Settings, ValuesByMoment, moments
from rnn.lifecycle.folds import Contender, fits
from rnn.lifecycle.serving import serve
from rnn.random_streams import stream
from rnn.series import Groups, group, newest

Tell = Callable[[str], None]


class Forecaster:
    """Makes the counterfactual forecasts between two served ones."""

    def __init__(self, sides: tuple[Provenance, Provenance], tell: Tell) -> None:
        self.sides, self.tell, self.trainings = sides, tell, 0
        self._trained: list[tuple[ForecastInputs, TrainedEnsemble]] = []
        old, new = sides
        one_model = old.model.name == new.model.name
        for side in sides:
            if side.inputs.training.method == NETWORKS and (one_model or not elsewhere(side.model)):
                self._trained.append((side.inputs, kept_weights(side.model)))

    def forecast(self, inputs: ForecastInputs) -> ValuesByMoment:
        """What a forecast made so says."""
        settings, training = inputs.settings, inputs.training
        ensemble = self._ensemble(inputs) if training.method == NETWORKS else None
        contender = Contender(training.method, settings.recipe, inputs.seed, ensemble)
        known = group(newest(inputs.known.series, settings.newest), settings.group_size)
        if ensemble is not None and not fits(ensemble, known):
            raise CannotExplain(
                f"a model of the two forecasts cannot go on from the other's {known.y.size} points in groups of "
                f"{known.group_size}, which do not fill its memory or lack its inputs: name two other runs"
            )
        forecast = serve(contender, known, settings.horizon)
        at = moments(forecast.x, inputs.known.calendar, inputs.known.series.step)
        return dict(zip(at.tolist(), forecast.y.ravel().tolist(), strict=True))

    def _ensemble(self, inputs: ForecastInputs) -> TrainedEnsemble:
        """The model: what is kept or was trained already, else trained now."""
        if self.sides[0].model.name == self.sides[1].model.name:
            return self._trained[0][1]
        for known, ensemble in self._trained:
            if inputs.has_model_of(known):
                return ensemble
        learned, settings = inputs.training.known or inputs.known, inputs.settings
        self.trainings += 1
        self.tell(f"training with {settings.group_size} points a group, seed {inputs.seed}")
        groups = _groups(settings, learned)
        ensemble = train(groups, settings.recipe, stream(inputs.seed, NETWORKS), horizon=settings.horizon)
        self._trained.append((inputs, ensemble))
        return ensemble


def _groups(settings: Settings, learned: Known) -> Groups:
    series = newest(settings.of(learned.series), settings.newest)
    return group(series, settings.group_size, settings.recipe.groups_needed)
