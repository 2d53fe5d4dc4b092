"""What the main job has found out, in plain sentences and rounded tables."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from artifacts.files.series import FOUND
from artifacts.reports.anatomy import anatomy_sections
from artifacts.reports.pipeline_charts import main_method, sections, stats
from artifacts.reports.pipeline_pictures import pictures
from artifacts.reports.pipeline_run import PipelineRun
from artifacts.reports.report import Report, Table, file_table
from artifacts.web import phrases
from rnn.lifecycle.folds import NAIVE
from rnn.metrics import Score
from rnn.recipes import ArticleRecipe


def report(run: PipelineRun, config: Mapping[str, Any]) -> Report:
    """The main job's report: the verdict, every method's error, every recipe's fit, all pictures."""
    fits = Table("Training: how well each recipe follows the data that it has seen", fit_table(run))
    if FOUND in run.made:
        sentences = verdict_in_hindsight(run)
        tables = [
            Table(caption(run), error_table(run.hindsight)),
            fits,
            Table("The file", file_table(run.made)),
        ]
    else:
        sentences = verdict(run.scores, run.recipes)
        errors = Table(
            "Forecast error: RMSE over all points and over the first step, against the noise-free curve, and the share "
            "of points inside the 90 % interval; the best first",
            error_table(run.scores),
        )
        tables = [errors, fits]
    return Report(
        flow="pipeline",
        title=_headline(run),
        verdict=sentences,
        tables=tables,
        pictures=pictures(run),
        config=config,
        stats=stats(run),
        sections=sections(run),
        anatomy=anatomy_sections(run),
    )


def _headline(run: PipelineRun) -> str:
    """The one thing to know, for the top of the page."""
    method, known = main_method([forecast.method for forecast in run.forecasts]), run.scores or run.hindsight
    return phrases.headline(method, known[method].to_persistence if known else None)


def verdict(scores: Mapping[str, Score], recipes: Mapping[str, Any]) -> list[str]:
    """What the errors say, in plain sentences: every trained recipe against persistence, and which method is best."""
    if not scores:
        return ["What really follows is not known yet, so the forecasts cannot be judged."]
    persistence = scores["persistence"].rmse
    sentences = []
    for recipe in recipes:
        error = scores[recipe].rmse
        compared = "better" if error < persistence else "worse" if error > persistence else "no better"
        sentences.append(
            f"The forecast of recipe '{recipe}' is off by {_short(error)}: {compared} than repeating the last value "
            f"({persistence:.2f})."
        )
    best = min(scores, key=lambda method: scores[method].rmse)
    return [*sentences, f"The best forecast here is '{best}', off by {_short(scores[best].rmse)}."]


def _short(error: float) -> str:
    """Two decimals, or two digits where that would be too coarse."""
    return f"{error:.2f}" if error >= 0.1 else f"{error:.2g}"


def _three_digits(value: float) -> str:
    """Without an exponent, so that a column reads well: 12.0, 4.34, 0.00166; of large numbers all digits."""
    decimals = 2 - int(np.floor(np.log10(value))) if 0 < value < np.inf else 2
    return f"{value:.{min(max(decimals, 0), 12)}f}"


def error_table(scores: Mapping[str, Score]) -> list[dict[str, str]]:
    """One row a method, best first, rounded for reading."""
    ordered = sorted(scores.items(), key=lambda item: item[1].rmse)
    return [
        {
            "method": method,
            "RMSE": _three_digits(score.rmse),
            "first step": _three_digits(score.first_step),
            "× persistence": _three_digits(score.to_persistence),
            "inside 90 %": f"{score.intervals.coverage90:.0%}" if score.intervals else "–",
            "width of 90 %": _three_digits(score.intervals.width90) if score.intervals else "–",
        }
        for method, score in ordered
    ]


def fit_table(run: PipelineRun) -> list[dict[str, str]]:
    """One row a recipe that is trained window by window: how it was trained, and its training RMSE."""
    return [
        {
            "recipe": name,
            "learning rate": f"{recipe.lr:g}",
            "epochs": str(recipe.epochs),
            "training RMSE": _three_digits(run.fits[name]),
        }
        for name, recipe in run.recipes.items()
        if isinstance(recipe, ArticleRecipe)
    ]


def verdict_in_hindsight(run: PipelineRun) -> list[str]:
    """In plain sentences: every trained recipe against the naive forecasts, which method was best, and its interval."""
    if not run.hindsight:
        return [
            "What really follows is not known yet, and the series is too short to forecast from an earlier point of "
            "it: nothing is known of how good these forecasts are."
        ]
    naive = min((name for name in NAIVE if name in run.hindsight), key=lambda name: run.hindsight[name].rmse)
    sentences = [_where(run)]
    for recipe in run.recipes:
        error, bar = run.hindsight[recipe].rmse, run.hindsight[naive].rmse
        compared = "better" if error < bar else "worse" if error > bar else "no better"
        sentences.append(
            f"There, the forecast of recipe '{recipe}' was off by {error:.3g}: {compared} than the best naive one, "
            f"'{naive}' ({bar:.3g})."
        )
    best = min(run.hindsight, key=lambda name: _rank(run.hindsight[name]))
    sentences.append(f"The best forecast there was '{best}', off by {run.hindsight[best].rmse:.3g}{_held(run, best)}.")
    if best not in run.recipes:
        sentences.append(f"Unless the series changes, '{best}' is the forecast to use.")
    return sentences


def caption(run: PipelineRun) -> str:
    """What the table of errors is of."""
    return (
        f"How good each method was at {len(run.origins)} earlier origins, knowing only what was before: RMSE over all "
        "points and over the first step, and the share of what came inside the 90 % interval; the best first"
    )


def _where(run: PipelineRun) -> str:
    places = [run.axis.shown(float(run.series.x[origin])) for origin in (run.origins[0], run.origins[-1])]
    count = len(run.origins)
    between = f"at {count} earlier origins, from {places[0]} to {places[1]}" if count > 1 else f"once, at {places[0]}"
    return f"What really follows is not known yet. So each method has forecast as much {between}, from what was before."


def _rank(score: Score) -> float:
    return score.rmse if score.rmse == score.rmse else float("inf")


def _held(run: PipelineRun, best: str) -> str:
    held = run.hindsight[best].intervals
    return f"; its 90 % interval held {held.coverage90:.0%} of what came" if held else ""
