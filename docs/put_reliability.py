"""Put the tables and the picture of a year with faults into docs/reliability.md, between its markers.

    python docs/put_reliability.py NIGHTS COMMIT

NIGHTS is the file that `python -m flows.faulty_year PLAN NIGHTS` has written, COMMIT the code that lived them.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from artifacts.files.nights import read_nights
from artifacts.reports.faults import draw_nights, markdown

DOCS = Path(__file__).parent
PAGE, PICTURE = DOCS / "reliability.md", DOCS / "pictures" / "faulty-year.png"
YEAR = 365
START, END = "<!-- result -->\n", "<!-- end -->\n"


def put(nights_file: Path, commit: str) -> None:
    """Replace what is between the markers."""
    nights = read_nights(nights_file)
    lived = datetime.fromtimestamp(nights_file.stat().st_mtime, UTC)
    draw_nights(PICTURE, nights)
    minutes = sum(night.seconds for night in nights) / 60
    how_many = f"{len(nights)} nights" if len(nights) >= YEAR else f"The first {len(nights)} of {YEAR} nights"
    made = (
        f"{how_many}, lived on {lived:%Y-%m-%d} at commit {commit}, seed 0, faults on a quarter of the nights.\n"
        f"The monitors and retrainings took {minutes:.0f} minutes, beside other work on the same two cores.\n\n"
    )
    alt = "Each night by its fault: where the label was true at once, or on a rerun."
    result = f"{made}{markdown(nights)}\n![{alt}](pictures/{PICTURE.name})\n"
    page = PAGE.read_text(encoding="utf-8")
    before, after = page[: page.index(START) + len(START)], page[page.index(END) :]
    PAGE.write_text(before + result + after, encoding="utf-8")


if __name__ == "__main__":
    put(Path(sys.argv[1]), sys.argv[2])
