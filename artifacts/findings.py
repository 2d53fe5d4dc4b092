"""What the main job has found out, in plain sentences and rounded tables."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from artifacts.contents import FOUND, Contents
from artifacts.gallery import words
from artifacts.gallery.anatomy_sections import anatomy_sections
from artifacts.gallery.run_sections import main_method, sections, stats
from artifacts.hindsight_findings import caption, file_table, verdict_in_hindsight
from artifacts.pictures import pictures
from artifacts.report import Report, Table
from rnn.judging import Score
from rnn.recipes import ArticleRecipe


def report(run: Contents, config: Mapping[str, Any]) -> Report:
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
        "pipeline", _headline(run), sentences, tables, pictures(run), config, stats(run), sections(run),
        anatomy_sections(run),
    )  # fmt: skip


def _headline(run: Contents) -> str:
    """The one thing to know, for the top of the page."""
    method, known = main_method([forecast.method for forecast in run.forecasts]), run.scores or run.hindsight
    return words.headline(method, known[method].to_persistence if known else None)


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


def fit_table(run: Contents) -> list[dict[str, str]]:
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
