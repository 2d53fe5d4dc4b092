"""A run's report: the same words, tables and pictures as one self-contained HTML page and as Markdown for Prefect."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from artifacts.pictures import Picture


@dataclass(frozen=True)
class Table:
    """Rows of the same cells by name, rounded for reading, and what they are. Without rows it is not shown."""

    caption: str
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Report:
    """What a run of `flow` has to say, in the order in which it is read. `config` is the flow's settings."""

    flow: str
    title: str
    verdict: Sequence[str]
    tables: Sequence[Table]
    pictures: Sequence[Picture]
    config: Mapping[str, Any]


def write_html(path: Path, plots: Path, report: Report) -> None:
    """Write `report.html`: no other file and no network is needed to read it. `plots` holds the pictures' files."""
    path.write_text(_render("report.html.j2", plots, report), encoding="utf-8")


def markdown(plots: Path, report: Report, place: str) -> str:
    """The report as Markdown, its pictures within it; `place` is where the run folder is."""
    return _render("report.md.j2", plots, report, place=place)


def _render(template: str, plots: Path, report: Report, **more: Any) -> str:
    environment = Environment(
        loader=PackageLoader("artifacts"),
        autoescape=select_autoescape(["html.j2"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["as_text"] = as_text
    tables = [table for table in report.tables if table.rows]
    shown = [{"alt": picture.alt, "data": _data_uri(plots / picture.name)} for picture in report.pictures]
    return environment.get_template(template).render(report=report, tables=tables, pictures=shown, **more)


def as_text(words: str) -> str:
    """Words as Markdown shows them as they are: no tags, and no cell of a table ends within them."""
    return escape(words, quote=False).replace("|", "\\|")


def _data_uri(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()
