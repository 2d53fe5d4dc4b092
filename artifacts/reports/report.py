"""A run's report: the same words, tables and pictures as one self-contained HTML page and as Markdown for Prefect.

The page has charts instead of pictures where a run's report brings them.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from artifacts.files.series import FOUND
from artifacts.plots.figures import Picture
from artifacts.reports.command import command
from artifacts.web.blocks import Facts, Section, Stat
from artifacts.web.pages import render
from rnn.readers.summary import FileSummary

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

    `origin` is what the run's manifest will say of it, but for its time (see `artifacts.store.manifest.origin`).
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


def figure(value: float) -> str:
    """Three digits that count, in plain decimals where that is not long: 0.0123, 4.57, 123."""
    if not np.isfinite(value):
        return "–"
    return f"{value:#.3g}".removesuffix(".") if 1e-4 <= abs(value) < 1e5 else f"{value:.2g}"


def times_as(ratio: float) -> str:
    """A ratio with two decimals, or with none where they say nothing."""
    if not np.isfinite(ratio):
        return "–"
    return f"{ratio:.2f}" if ratio < 100 else f"{ratio:.0f}"


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{share:.0%}" if np.isfinite(share) else "–"


def file_table(made: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was read from the file, and what was mended: one row a fact. Empty for a generated series.

    `made` is what the data set's own file says of it.
    """
    told: Mapping[str, Any] | None = made.get(FOUND)
    if told is None:
        return []
    found = FileSummary(**told)
    facts = {
        "file": f"{found.file} ({found.kind})",
        "digest": f"SHA-256 {made['digest']}",
        "rows": str(found.rows),
        "times": f"column '{found.time_column}' ({found.time_how}), {found.spacing}",
        "values": f"column '{found.value_column}' ({found.value_how})",
        "from, to": f"{found.first}, {found.last}",
        "points": str(found.points),
        "season": f"{found.period} points" if found.period > 1 else "none found",
        "gaps in the times": str(found.gaps),
        "mended": ", ".join(f"{what} {times}" for what, times in found.repairs.items()) or "nothing",
    }
    return [{"what was read": what, "": fact} for what, fact in facts.items()]
