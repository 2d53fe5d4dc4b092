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
        compared = "better" if error < persistence else "worse" if error > persistence else "no better"
        sentences.append(
            f"The forecast of recipe '{recipe}' is off by {error:.2f}: {compared} than repeating the last value "
            f"({persistence:.2f})."
        )
    best = min(scores, key=lambda method: scores[method].rmse)
    return [*sentences, f"The best forecast here is '{best}', off by {scores[best].rmse:.2f}."]


def error_table(scores: Mapping[str, Score]) -> list[dict[str, str]]:
    """One row a method, best first, rounded for reading."""
    ordered = sorted(scores.items(), key=lambda item: item[1].rmse)
    return [
        {
            "method": method,
            "RMSE": f"{score.rmse:.3f}",
            "RMSE of the first step": f"{score.first_step:.3f}",
            "times persistence": f"{score.to_persistence:.2f}",
        }
        for method, score in ordered
    ]


def fit_table(run: Contents) -> list[dict[str, str]]:
    """One row a recipe: how it was trained, and its training RMSE."""
    return [
        {
            "recipe": name,
            "learning rate": f"{recipe.lr:g}",
            "epochs": str(recipe.epochs),
            "training RMSE": f"{run.fits[name]:.3f}",
        }
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
    shown = [{"alt": picture.alt, "data": _data_uri(plots / picture.name)} for picture in pictures(run)]
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
