"""A run's report: the same words, tables and pictures as one self-contained HTML page and as Markdown for Prefect.

The page has charts instead of pictures where a run's report brings them.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from artifacts.gallery.blocks import Facts, Section, Stat
from artifacts.gallery.pages import render
from artifacts.gallery.reproduce import command
from artifacts.pictures import Picture

REPORT, ANATOMY = "report.html", "anatomy.html"


@dataclass(frozen=True)
class Table:
    """Rows of the same cells by name, rounded for reading, and what they are. Without rows it is not shown."""

    caption: str
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Report:
    """What a run of `flow` has to say, in the order in which it is read. `config` is the flow's settings.

    `stats` and `sections` are for the page alone: the figures at its top, and charts, which stand there instead of the
    pictures. `anatomy`, if there is any, is a page of its own.
    """

    flow: str
    title: str
    verdict: Sequence[str]
    tables: Sequence[Table]
    pictures: Sequence[Picture]
    config: Mapping[str, Any]
    stats: Sequence[Stat] = ()
    sections: Sequence[Section] = ()
    anatomy: Sequence[Section] = ()


def write_html(folder: Path, report: Report, origin: Mapping[str, Any]) -> None:
    """Write `report.html` into a run's folder, and `anatomy.html` if there is one: no network is needed to read them.

    `origin` is what the run's manifest will say of it, but for its time (see `artifacts.manifest.origin`).
    """
    files = [
        {"name": name, "link": quote(name), "digest": digest, "size": f"{(folder / name).stat().st_size:,}"}
        for name, digest in origin["files"].items()
    ]
    pictures = _with_data(folder / "plots", report.pictures)  # also where charts replace them: none may be missing
    page = render(
        "report.html.j2",
        report=report,
        tables=_with_rows(report),
        pictures=[] if report.sections else pictures,
        settings=Facts([(name, _plain(v)) for name, v in report.config.items() if not isinstance(v, Mapping)]),
        recipes=[
            (name, Facts([(field, _plain(value)) for field, value in fields.items()]))
            for name, fields in report.config.items()
            if isinstance(fields, Mapping)
        ],
        command=command(report.flow, report.config),
        provenance=Facts(list(_provenance(origin))),
        files=files,
    )
    (folder / REPORT).write_text(page, encoding="utf-8")
    if report.anatomy:
        (folder / ANATOMY).write_text(render("anatomy.html.j2", sections=report.anatomy), encoding="utf-8")


def markdown(plots: Path, report: Report, place: str) -> str:
    """The report as Markdown, its pictures within it; `place` is where the run folder is."""
    pictures = _with_data(plots, report.pictures)
    return render("report.md.j2", report=report, tables=_with_rows(report), pictures=pictures, place=place)


def _with_rows(report: Report) -> list[Table]:
    return [table for table in report.tables if table.rows]


def _with_data(plots: Path, pictures: Sequence[Picture]) -> list[dict[str, str]]:
    return [{"alt": picture.alt, "data": _data_uri(plots / picture.name)} for picture in pictures]


def _plain(value: Any) -> str:
    """A setting as one would type it."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _provenance(origin: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where a run comes from, as names and values."""
    code, machine = origin["code"], origin["machine"]
    found = [
        ("Data", str(origin["data"] or "none of its own")[:16]),
        ("Parent", origin["parent"] or "none"),
        ("Code of rnn", code["rnn"][:16]),
        ("Wavecast", code["wavecast"]),
        *(origin["versions"].items()),
        ("Architecture", machine["architecture"]),
        ("BLAS", machine["blas"]),
    ]
    return [*found, *((f"Trained by kernel, {recipe}", kernel) for recipe, kernel in origin["kernels"].items())]


def _data_uri(path: Path) -> str:
    kind = path.suffix.removeprefix(".")
    return f"data:image/{kind};base64," + base64.b64encode(path.read_bytes()).decode()
