"""The report of the main job: sentences, rounded tables, charts and pictures."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from artifacts.files.series import FOUND
from artifacts.reports.anatomy import anatomy_sections
from artifacts.reports.known_inputs import known_sentence, known_tables
from artifacts.reports.pipeline_charts import main_method, sections, stats
from artifacts.reports.pipeline_pictures import pictures
from artifacts.reports.pipeline_run import PipelineRun
from artifacts.reports.report import Report, Table, file_table
from artifacts.reports.yardstick import Yardstick, yardstick
from artifacts.web import phrases
from rnn.metrics import Score
from rnn.recipes import is_windowed


def report(run: PipelineRun, config: Mapping[str, Any]) -> Report:
    """The main job's report: every method's error in sentences and tables, every recipe's fit, all pictures.

    The errors are those against the known truth; for a series that was read, those at earlier origins.
    """
    fits = Table("Training: the error of each recipe on the data that it has learned from", fit_table(run))
    if FOUND in run.made:
        lines = sentences_at_earlier_origins(run)
        tables = [
            Table(caption(run), error_table(run.hindsight)),
            *known_tables(run.ensembles, run.hindsight, run.without),
            fits,
            Table("The file", file_table(run.made)),
        ]
    else:
        lines = sentences(run.scores, run.recipes)
        errors = Table(
            "Forecast error: RMSE over all points and over the first step, against the noise-free curve, and the share "
            "of points inside the 90 % interval; '× best naive' is the error over that of the best naive forecast; the "
            "best first",
            error_table(run.scores),
        )
        tables = [errors, fits]
    return Report(
        flow="pipeline",
        title=_headline(run),
        sentences=lines,
        tables=tables,
        pictures=pictures(run),
        config=config,
        stats=stats(run),
        sections=sections(run),
        anatomy=anatomy_sections(run),
    )


def _headline(run: PipelineRun) -> str:
    """The comparison of the main method with a naive forecast, for the top of the page."""
    method, known = main_method([forecast.method for forecast in run.forecasts]), run.scores or run.hindsight
    bar = _yardstick(known)
    return phrases.headline(method, bar.ratio(known[method].rmse) if bar else None, bar.naive if bar else None)


def _yardstick(scores: Mapping[str, Score]) -> Yardstick | None:
    return yardstick({method: score.rmse for method, score in scores.items()})


def sentences(scores: Mapping[str, Score], recipes: Mapping[str, Any]) -> list[str]:
    """Sentences on the errors: each trained recipe against the best naive forecast, and the best method."""
    bar = _yardstick(scores)
    if bar is None:
        return ["What really follows is not known yet, so the forecasts cannot be judged."]
    lines = []
    for recipe in recipes:
        error = scores[recipe].rmse
        compared = "better" if error < bar.error else "worse" if error > bar.error else "no better"
        lines.append(
            f"The forecast of recipe '{recipe}' is off by {_short(error)}: {compared} than the best naive one, "
            f"{phrases.REPEATS[bar.naive]} ({bar.error:.2f})."
        )
    best = min(scores, key=lambda method: scores[method].rmse)
    return [*lines, f"The best forecast here is '{best}', off by {_short(scores[best].rmse)}."]


def _short(error: float) -> str:
    """Two decimals, or two significant digits of a small error."""
    return f"{error:.2f}" if error >= 0.1 else f"{error:.2g}"


def _three_digits(value: float) -> str:
    """Three significant digits, without an exponent where that can be read: 12.0, 4.34, 0.00166, 1.88e-12."""
    if 0 < value < 1e-6:
        return f"{value:.3g}"
    decimals = 2 - int(np.floor(np.log10(value))) if 0 < value < np.inf else 2
    return f"{value:.{min(max(decimals, 0), 12)}f}"


def error_table(scores: Mapping[str, Score]) -> list[dict[str, str]]:
    """One row a method, the best first, rounded for reading; the best naive forecast is the one of ratio 1."""
    bar = _yardstick(scores)
    ordered = sorted(scores.items(), key=lambda item: item[1].rmse)
    return [
        {
            "method": method,
            "RMSE": _three_digits(score.rmse),
            "first step": _three_digits(score.first_step),
            "× best naive": _three_digits(bar.ratio(score.rmse)) if bar else "–",
            "inside 90 %": f"{score.intervals.coverage90:.0%}" if score.intervals else "–",
            "width of 90 %": _three_digits(score.intervals.width90) if score.intervals else "–",
        }
        for method, score in ordered
    ]


def fit_table(run: PipelineRun) -> list[dict[str, str]]:
    """One row a recipe of the article's network: learning rate, epochs, training RMSE."""
    return [
        {
            "recipe": name,
            "learning rate": f"{recipe.lr:g}",
            "epochs": str(recipe.epochs),
            "training RMSE": _three_digits(run.fits[name]),
        }
        for name, recipe in run.recipes.items()
        if is_windowed(recipe)
    ]


def sentences_at_earlier_origins(run: PipelineRun) -> list[str]:
    """Sentences on the errors at earlier origins: each trained recipe against the best naive one, the best method."""
    if not run.hindsight:
        return [
            "What really follows is not known yet, and the series is too short to forecast from an earlier point of "
            "it: nothing is known of how good these forecasts are."
        ]
    bar, lines = _yardstick(run.hindsight), [_where(run)]
    for recipe in run.recipes:
        if bar is None:  # even the naive forecasts are no numbers
            break
        error = run.hindsight[recipe].rmse
        compared = "better" if error < bar.error else "worse" if error > bar.error else "no better"
        lines.append(
            f"There, the forecast of recipe '{recipe}' was off by {error:.3g}: {compared} than the best naive one, "
            f"'{bar.naive}' ({bar.error:.3g})."
        )
    best = min(run.hindsight, key=lambda name: _rank(run.hindsight[name]))
    lines.append(f"The best forecast there was '{best}', off by {run.hindsight[best].rmse:.3g}{_held(run, best)}.")
    for recipe in run.recipes:
        lines += known_sentence(run.hindsight, run.without, recipe)
    if best not in run.recipes:
        lines.append(f"Unless the series changes, '{best}' is the forecast to use.")
    return lines


def caption(run: PipelineRun) -> str:
    """The caption of the table of errors at earlier origins."""
    return (
        f"Each method's error at {len(run.origins)} earlier origins, learned from the points before each: RMSE over "
        "all points and over the first step, and the share of the outcomes inside the 90 % interval; '× best naive' is "
        "the error over that of the best naive forecast; the best first"
    )


def _where(run: PipelineRun) -> str:
    places = [run.axis.shown(float(run.series.x[origin])) for origin in (run.origins[0], run.origins[-1])]
    count = len(run.origins)
    between = f"at {count} earlier origins, from {places[0]} to {places[1]}" if count > 1 else f"once, at {places[0]}"
    return (
        f"What really follows is not known yet. So each method has forecast as much {between}, from the points before."
    )


def _rank(score: Score) -> float:
    """The RMSE to sort by: NaN, of a method that diverged, comes last."""
    return score.rmse if score.rmse == score.rmse else float("inf")


def _held(run: PipelineRun, best: str) -> str:
    intervals = run.hindsight[best].intervals
    return f"; its 90 % interval held {intervals.coverage90:.0%} of the outcomes" if intervals else ""
