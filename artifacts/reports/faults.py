"""The report of a year with faults: what was found each night, as a table and a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.plots.figures import Picture, picture
from artifacts.reports.report import Report, Table
from artifacts.web.pages import markdown_table
from rnn.lifecycle.faults import LASTS
from rnn.lifecycle.nights import Counts, Night, count

COMPARISON, SUMMARY = "comparison.md", "summary.json"
"""Both tables as Markdown, and the counts with the year's plan."""

ROWS = {
    "nights": "nights",
    "faulty": "of these with a fault",
    "there": "a forecast in latest/ that covers the day",
    "labelled": "its label true at once",
    "labelled_in_the_end": "its label true, a night that broke off having been run again",
    "promotions": "promotions",
    "promotions_on_bad": "promotions of models that had learned untrue values",
    "forecasts_from_bad": "nights whose forecast knew untrue values",
    "alarms_due": "nights on which an alarm was due",
    "alarms_missed": "alarms missed",
    "alarms_false": "nights with a false alarm",
    "drift_found": "nights on which drift was found",
    "lost": "runs, ledger lines, champions lost or torn",
    "kills": "nights killed by SIGKILL",
    "same_bytes": "of these with the bytes of an undisturbed night, run again where it had broken off",
    "again": "nights run again",
    "by_hand": "nights on which anything else was done by hand",
}
"""The counts, in words."""


def totals(years: dict[str, Counts]) -> list[dict[str, str]]:
    """One row a count, a column a year."""
    return [
        {"": words, **{name: str(getattr(counts, field)) for name, counts in years.items()}}
        for field, words in ROWS.items()
    ]


def by_fault(nights: Sequence[Night]) -> list[dict[str, str]]:
    """One row a kind of fault, and one for the nights without."""
    kinds = {"none": [night for night in nights if night.fault is None]}
    kinds |= {kind: [night for night in nights if night.fault and night.fault.kind == kind] for kind in LASTS}
    return [_row(kind, count(mine)) for kind, mine in kinds.items() if mine]


def _row(kind: str, counts: Counts) -> dict[str, str]:
    return {
        "fault": kind,
        "nights": str(counts.nights),
        "forecast there": str(counts.there),
        "label true": str(counts.labelled),
        "run again: true": str(counts.labelled_in_the_end),
        "untrue values known": str(counts.forecasts_from_bad),
        "promoted on them": str(counts.promotions_on_bad),
        "alarms due": str(counts.alarms_due),
        "missed": str(counts.alarms_missed),
        "false": str(counts.alarms_false),
    }


def report(nights: Sequence[Night], config: Mapping[str, Any]) -> Report:
    """The report of a year: its counts, each kind of fault, and the picture."""
    return Report(
        flow="replay",
        title="What the nights found",
        sentences=sentences(nights),
        tables=[
            Table("All nights", totals({"count": count(nights)})),
            Table("The nights of each kind of fault, and those without", by_fault(nights)),
        ],
        pictures=pictures(nights),
        config=config,
    )


def sentences(nights: Sequence[Night]) -> list[str]:
    """Sentences on forecasts and labels, on bad data, on alarms, and on what was lost."""
    found = count(nights)
    return [
        f"On {found.there} of {found.nights} nights, {found.faulty} of them with a fault, a forecast was there; its "
        f"label was true on {found.labelled}, and on {found.labelled_in_the_end} once a night that broke off had been "
        "run again.",
        f"Of {found.promotions} promotions {found.promotions_on_bad} were of models that had learned untrue values; "
        f"nights whose forecast knew such values: {found.forecasts_from_bad}.",
        f"Of {found.alarms_due} alarms that were due {found.alarms_missed} were missed; nights with one that was not "
        f"due: {found.alarms_false}.",
        f"{found.lost} runs, ledger lines or champions were lost or torn; of {found.kills} killed nights "
        f"{found.same_bytes} ended with the bytes of an undisturbed one.",
    ]


def pictures(nights: Sequence[Night]) -> list[Picture]:
    """The picture of a year."""
    return [
        Picture(
            "nights.png",
            "Each night by its fault: where the label was true at once, or on a rerun.",
            lambda path: draw_nights(path, nights),
        )
    ]


def totals_in_text(nights: Sequence[Night]) -> str:
    """The counts for a terminal, a line each, under a line that says what they are."""
    rows = totals({"count": count(nights)})
    return "\n".join(["the nights:", *(f"  {row['count']:>5}  {row['']}" for row in rows)])


def markdown(nights: Sequence[Night], name: str = "with faults") -> str:
    """Both tables as Markdown."""
    return f"{markdown_table(totals({name: count(nights)}))}\n\n{markdown_table(by_fault(nights))}\n"


def draw_nights(path: Path, nights: Sequence[Night]) -> None:
    """Draw a row a kind of fault and a mark a night: the label true, true once run again, or not."""
    kinds = ["none", *(kind for kind in LASTS if any(night.fault and night.fault.kind == kind for night in nights))]
    looks = {"label true": ("|", "#009E73"), "true when run again": ("o", "#E69F00"), "not true": ("X", "#D55E00")}
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in looks}
    for night in nights:
        row = kinds.index(night.fault.kind if night.fault else "none")
        how = "label true" if night.labelled else "true when run again" if night.labelled_again else "not true"
        found[how].append((night.number, row))
    with picture(path, height=1.8 + 0.32 * len(kinds)) as axes:
        ax = axes[0, 0]
        for name, places in found.items():
            marker, colour = looks[name]
            at = np.array(places).reshape(-1, 2)
            ax.plot(at[:, 0], at[:, 1], marker, color=colour, label=f"{name}: {len(places)}", markersize=8)
        ax.set_yticks(range(len(kinds)), kinds)
        ax.invert_yaxis()
        ax.set_xlabel("night")
        ax.set_title("Every night has a forecast; whether its label says how old its data are")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=3, fontsize=9.5)
