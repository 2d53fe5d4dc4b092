"""The report of a run as a self-contained HTML page, and as Markdown for Prefect.

The page shows charts instead of pictures where the report has them.
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
from artifacts.store.manifest import without_passwords
from artifacts.web.blocks import Facts, Section, Stat
from artifacts.web.pages import render
from rnn.experiment import Generated, Grid
from rnn.readers.summary import FileSummary

REPORT, ANATOMY = "report.html", "anatomy.html"


@dataclass(frozen=True)
class Table:
    """Rows with cells by name, rounded for reading, and a caption. A table without rows is not shown."""

    caption: str
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Report:
    """The report of a run of `flow`, its parts in the order of reading. `config`: the flow's settings.

    `stats` and `sections` are for the page alone: the figures at its top, and charts instead of the pictures.
    `anatomy`, if not empty, is a page of its own.
    """

    flow: str
    title: str
    sentences: Sequence[str]
    tables: Sequence[Table]
    pictures: Sequence[Picture]
    config: Mapping[str, Any]
    stats: Sequence[Stat] = ()
    sections: Sequence[Section] = ()
    anatomy: Sequence[Section] = ()

    @property
    def shows_networks(self) -> bool:
        """Whether the anatomy draws a network; of statistical members alone it has words."""
        return any(section.blocks for section in self.anatomy)


def write_html(folder: Path, report: Report, origin: Mapping[str, Any]) -> None:
    """Write `report.html` into a run's folder, and `anatomy.html` if there is one; both are read without a network.

    `origin`: the run's manifest without its `execution` (see `artifacts.store.manifest.origin`).
    """
    files = [
        {"name": name, "link": quote(name), "digest": digest, "size": f"{(folder / name).stat().st_size:,}"}
        for name, digest in origin["files"].items()
    ]
    pictures = _with_data(
        folder / "plots", report.pictures
    )  # read even where charts replace them, since none may be missing
    config = without_passwords(report.config)
    page = render(
        "report.html.j2",
        report=report,
        tables=_with_rows(report),
        pictures=[] if report.sections else pictures,
        settings=Facts([(name, _plain(v)) for name, v in config.items() if _is_shown(name, v, config)]),
        recipes=[
            (name, Facts([(field, _plain(value)) for field, value in fields.items()]))
            for name, fields in config.items()
            if isinstance(fields, Mapping)
        ],
        command=command(report.flow, config),
        provenance=Facts(list(_provenance(origin))),
        files=files,
    )
    (folder / REPORT).write_text(page, encoding="utf-8")
    if report.anatomy:
        (folder / ANATOMY).write_text(render("anatomy.html.j2", report=report), encoding="utf-8")


def markdown(plots: Path, report: Report, place: str) -> str:
    """The report as Markdown with its pictures embedded; `place`: the path or URL of the run folder."""
    pictures = _with_data(plots, report.pictures)
    return render("report.md.j2", report=report, tables=_with_rows(report), pictures=pictures, place=place)


def _with_rows(report: Report) -> list[Table]:
    return [table for table in report.tables if table.rows]


def _with_data(plots: Path, pictures: Sequence[Picture]) -> list[dict[str, str]]:
    return [{"alt": picture.alt, "data": _data_uri(plots / picture.name)} for picture in pictures]


OF_GENERATED = {*Generated.model_fields, *Grid.model_fields, "kind", "change", "change_day"}
"""The settings of generated data, which have no meaning for a series from a file."""


def _is_shown(name: str, value: Any, config: Mapping[str, Any]) -> bool:
    return not isinstance(value, Mapping) and not (config.get("data") and name in OF_GENERATED)


def _plain(value: Any) -> str:
    """A setting as text for people."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return (", ".join(map(str, value)) or "none") if isinstance(value, list | tuple) else str(value)


def _provenance(origin: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The origin of a run, as names and values."""
    code, machine = origin["code"], origin["machine"]
    facts = [
        ("Data", str(origin["data"] or "none of its own")[:16]),
        ("Parent", origin["parent"] or "none"),
        ("Code of rnn", code["rnn"][:16]),
        ("Wavecast", code["wavecast"]),
        *(origin["versions"].items()),
        ("Architecture", machine["architecture"]),
        ("BLAS", machine["blas"]),
    ]
    return [*facts, *((f"Trained by kernel, {recipe}", kernel) for recipe, kernel in origin["kernels"].items())]


def _data_uri(path: Path) -> str:
    kind = path.suffix.removeprefix(".")
    return f"data:image/{kind};base64," + base64.b64encode(path.read_bytes()).decode()


def figure(value: float) -> str:
    """Three significant digits, in plain decimals where that is not long: 0.0123, 4.57, 123."""
    if not np.isfinite(value):
        return "–"
    return f"{value:#.3g}".removesuffix(".") if 1e-4 <= abs(value) < 1e5 else f"{value:.2g}"


def times_as(ratio: float) -> str:
    """A ratio with two decimals, without decimals from 100 on."""
    if not np.isfinite(ratio):
        return "–"
    return f"{ratio:.2f}" if ratio < 100 else f"{ratio:.0f}"


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{share:.0%}" if np.isfinite(share) else "–"


def file_table(made: Mapping[str, Any]) -> list[dict[str, str]]:
    """The summary of the file that the series was read from: one row a fact. Empty for a generated series.

    `made`: the metadata of the data set.
    """
    if made.get(FOUND) is None:
        return []
    file = FileSummary(**made[FOUND])
    facts = {
        "file": f"{file.file} ({file.kind})",
        "digest": f"SHA-256 {made['digest']}",
        "rows": str(file.rows),
        "times": f"column '{file.time_column}' ({file.time_how}), {file.spacing}",
        "values": f"column '{file.value_column}' ({file.value_how})",
        "from, to": f"{file.first}, {file.last}",
        "points": str(file.points),
        "season": f"{file.period} points" if file.period > 1 else "none found",
        "gaps in the times": str(file.gaps),
        "mended": ", ".join(f"{what} {times}" for what, times in file.repairs.items()) or "nothing",
    }
    if file.doubts:
        facts["to be checked"] = " ".join(file.doubts)
    return [{"what was read": name, "": fact} for name, fact in facts.items()]
