"""Put the tables and the picture of a year with faults into docs/reliability.md, between its markers.

    python docs/put_reliability.py RUN COMMIT QUIET COMMIT

RUN and QUIET are the run folders of `wavecast replay --faults` and of the same with `--fault-share 0`, each COMMIT the
code that lived it. Of a year that is still on its way the folder with its nights.jsonl and plan.json will do.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from artifacts.files.nights import NIGHTS, PLAN, read_nights
from artifacts.reports.faults import SUMMARY, by_fault, draw_nights, totals
from artifacts.web.pages import markdown_table
from rnn.lifecycle.faults import YearPlan
from rnn.lifecycle.nights import Night, count

DOCS = Path(__file__).parent
PAGE, PICTURE = DOCS / "reliability.md", DOCS / "pictures" / "faulty-year.png"
START, END = "<!-- result -->\n", "<!-- end -->\n"


def plan_of(folder: Path) -> YearPlan:
    """The plan of the year in a folder."""
    summary = folder / SUMMARY
    content = json.loads(summary.read_text())["plan"] if summary.exists() else json.loads((folder / PLAN).read_text())
    return YearPlan.model_validate(content)


def lived(folder: Path, nights: list[Night], commit: str) -> str:
    """How many nights of which plan were lived when, and how long they took."""
    plan, day = plan_of(folder), datetime.fromtimestamp((folder / NIGHTS).stat().st_mtime, UTC)
    of = f"all {plan.nights}" if len(nights) == plan.nights else f"the first {len(nights)} of {plan.nights}"
    minutes = sum(night.seconds for night in nights) / 60
    made = f"on {day:%Y-%m-%d} at commit {commit} in {minutes:.0f} minutes"
    return f"{of} nights of seed {plan.seed}, `--fault-share {plan.share:g}`, {made}"


def result(run: Path, commit: str, quiet: Path, commit_of_quiet: str) -> str:
    """What goes between the markers."""
    nights, without = read_nights(run / NIGHTS), read_nights(quiet / NIGHTS)
    made = (
        f"- With faults: {lived(run, nights, commit)}.\n- Without: {lived(quiet, without, commit_of_quiet)}.\n\n"
        "The minutes are those of monitors and retrainings, beside other work on the same two cores.\n\n"
    )
    both = markdown_table(totals({"with faults": count(nights), "without": count(without)}))
    alt = "Each night by its fault: where the label was true at once, or on a rerun."
    return f"{made}{both}\n\n{markdown_table(by_fault(nights))}\n\n![{alt}](pictures/{PICTURE.name})\n"


def put(run: Path, commit: str, quiet: Path, commit_of_quiet: str) -> None:
    """Replace what is between the markers."""
    draw_nights(PICTURE, read_nights(run / NIGHTS))
    page = PAGE.read_text(encoding="utf-8")
    before, after = page[: page.index(START) + len(START)], page[page.index(END) :]
    PAGE.write_text(before + result(run, commit, quiet, commit_of_quiet) + after, encoding="utf-8")


if __name__ == "__main__":
    put(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4])
