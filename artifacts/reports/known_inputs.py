"""Report the inputs known ahead: each one's effect, and the forecasts' errors with and without them."""

from collections.abc import Mapping

import numpy as np

from artifacts.reports.report import Table
from rnn.ensemble.model import TrainedEnsemble
from rnn.metrics import Score

EFFECTS = (
    "Inputs known ahead: what a unit of each adds to the forecast of '{name}', in the unit of the series, beside what "
    "is usual; the error is its standard error. '–' where nothing of a column counts"
)
BACKTESTED = (
    "The same methods at the same earlier origins, with the inputs known ahead and without: RMSE over all points. Both "
    "have learned from what was known there, and have been told the inputs of the points that followed"
)


def known_tables(
    ensembles: Mapping[str, TrainedEnsemble], scores: Mapping[str, Score], without: Mapping[str, Score]
) -> list[Table]:
    """A table of effects for each ensemble that has inputs, and one of backtested errors; none without inputs."""
    tables = [
        Table(EFFECTS.format(name=name) + counted(one), effect_table(one))
        for name, one in ensembles.items()
        if one.effect is not None
    ]
    both = sorted((name for name in without if name in scores), key=lambda name: scores[name].rmse)
    if tables and both:
        tables.append(Table(BACKTESTED, [_beside(name, scores[name].rmse, without[name].rmse) for name in both]))
    return tables


def counted(ensemble: TrainedEnsemble) -> str:
    """How much of the regression's effect counts, and how much of the forecast is by networks that see the inputs."""
    effect, said = ensemble.effect, ""
    if effect is not None and effect.effects.coefficient.any():
        support = "support" if np.isfinite(effect.rehearsed).all() else "met no such change, and so leave"
        said += f". Rehearsals at earlier origins {support} {effect.weight:.0%} of what the regression found"
    if seeing := float(ensemble.share[0] * ensemble.weight[ensemble.informed].sum()):
        said += f". Networks that see the inputs themselves have {seeing:.1%} of the forecast"
    return said


def effect_table(ensemble: TrainedEnsemble) -> list[dict[str, str]]:
    """A row an input: what a unit of it adds as far as rehearsals support it."""
    effect = ensemble.effect
    if effect is None:
        return []
    rows = zip(effect.names, effect.effects.coefficient, effect.effects.error, effect.effects.usual, strict=True)
    return [
        {
            "input": name,
            "a unit adds": f"{effect.weight * coefficient:+.3g}" if effect.weight * coefficient else "–",
            "error": f"{error:.2g}" if np.isfinite(error) else "–",
            "usual": f"{usual:g}",
        }
        for name, coefficient, error, usual in rows
    ]


def known_sentence(scores: Mapping[str, Score], without: Mapping[str, Score], recipe: str) -> list[str]:
    """Whether the inputs helped a recipe at the earlier origins, in a sentence; none where that is not known."""
    if recipe not in scores or recipe not in without:
        return []
    now, plain = scores[recipe].rmse, without[recipe].rmse
    if not (np.isfinite(now) and np.isfinite(plain)):
        return []
    told = "They did not help there" if now >= plain else "They helped there"
    return [
        f"Without the inputs known ahead '{recipe}' would have been off by {plain:.3g}, with them by {now:.3g}. {told}."
    ]


def _beside(name: str, now: float, plain: float) -> dict[str, str]:
    change = f"{now / plain - 1:+.1%}" if plain > 0 else "–"
    return {"method": name, "with": f"{now:.3g}", "without": f"{plain:.3g}", "change": change}
