"""A run's report: the same words, tables and pictures as one self-contained HTML page and as Markdown for Prefect."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from artifacts.contents import Contents
from artifacts.pictures import pictures
from rnn.judging import Score


def write_html(path: Path, plots: Path, run: Contents, config: Mapping[str, Any]) -> None:
    """Write `report.html`: no other file and no network is needed to read it. `plots` holds the pictures' files."""
    path.write_text(_render("report.html.j2", plots, run, config), encoding="utf-8")


def markdown(plots: Path, run: Contents, config: Mapping[str, Any], place: str) -> str:
    """The report as Markdown, its pictures within it; `place` is where the run folder is."""
    return _render("report.md.j2", plots, run, config, place=place)


def verdict(scores: Mapping[str, Score], recipes: Mapping[str, Any]) -> list[str]:
    """What the errors say, in plain sentences: every trained recipe against persistence, and which method is best."""
    if not scores:
        return ["What really follows is not known yet, so the forecasts cannot be judged."]
    persistence = scores["persistence"].rmse
    sentences = []
    for recipe in recipes:
        error = scores[recipe].rmse
        beats = f"beats repeating the last value ({persistence:.2f})"
        loses = f"is no better than repeating the last value ({persistence:.2f})"
        sentences.append(
            f"The forecast of recipe '{recipe}' is off by {error:.2f}: it {beats if error < persistence else loses}."
        )
    best = min(scores, key=lambda method: scores[method].rmse)
    return [*sentences, f"The best forecast here is '{best}', off by {scores[best].rmse:.2f}."]


def error_table(scores: Mapping[str, Score]) -> list[dict[str, str | float]]:
    """One row a method, best first, rounded for reading."""
    ordered = sorted(scores.items(), key=lambda item: item[1].rmse)
    return [
        {
            "method": method,
            "RMSE": round(score.rmse, 3),
            "RMSE of the first step": round(score.first_step, 3),
            "times persistence": round(score.to_persistence, 3),
        }
        for method, score in ordered
    ]


def fit_table(run: Contents) -> list[dict[str, str | float]]:
    """One row a recipe: how it was trained, and its training RMSE."""
    return [
        {"recipe": name, "learning rate": recipe.lr, "epochs": recipe.epochs, "training RMSE": round(run.fits[name], 3)}
        for name, recipe in run.recipes.items()
    ]


def _render(template: str, plots: Path, run: Contents, config: Mapping[str, Any], **more: Any) -> str:
    environment = Environment(
        loader=PackageLoader("artifacts"),
        autoescape=select_autoescape(["html.j2"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = [
        {"title": picture.title, "alt": picture.alt, "data": _data_uri(plots / picture.name)}
        for picture in pictures(run)
    ]
    return environment.get_template(template).render(
        verdict=verdict(run.scores, run.recipes),
        errors=error_table(run.scores),
        fits=fit_table(run),
        pictures=shown,
        config=config,
        **more,
    )


def _data_uri(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()
