"""Put the tables and pictures of an evaluation's run folder into docs/evaluation.md, between its suite's markers."""

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

DOCS = Path(__file__).parent
PAGE = DOCS / "evaluation.md"

SHOWN = {"textbook": ("relative", "error-by-step", "forecasts", "coverage")}
"""The pictures of a suite that the page shows, if not all of `OF_SUITES`."""
OF_SUITES = ("relative", "ranks")
WIDTH = 120


def between(page: str, suite: str, text: str) -> str:
    """The page with `text` between the markers of a suite. Raises SystemExit where it has none."""
    start, end = f"<!-- result {suite} -->\n", f"<!-- end {suite} -->\n"
    if start not in page or end not in page:
        sys.exit(f"{PAGE} has no place for suite '{suite}': give it the lines {start.strip()} and {end.strip()}")
    return page[: page.index(start) + len(start)] + text + page[page.index(end) :]


def heading(manifest: dict, commit: str) -> str:
    """When, from what and by which command the tables were made."""
    config = manifest["config"]
    flags = [f"--suite {config['suite']}"] + [f"--sample {config['sample']}"] * (config["sample"] is not None)
    flags += [f"--seed {config['seed']}"] * (config["seed"] != 0)
    flags += ["--methods " + " ".join(map(json.dumps, config["methods"]))] * bool(config["methods"])
    day = manifest["execution"]["published"][:10]
    return f"Made on {day} at commit {commit}, by `wavecast evaluate {' '.join(flags)}`.\n\n"


def commit() -> str:
    """The commit that is checked out, and whether the code differs from it."""
    told = ["git", "-C", str(DOCS), "rev-parse", "--short", "HEAD"], ["git", "-C", str(DOCS.parent), "status", "-s"]
    head, changed = (subprocess.run(each, capture_output=True, text=True, check=True).stdout for each in told)  # noqa: S603
    code = re.search(r"^.. (rnn|artifacts|tasks|flows)/", changed, re.MULTILINE)
    return head.strip() + (" with changes" if code else "")


def wrapped(text: str) -> str:
    """Markdown whose sentences are in lines of at most WIDTH columns; rows of tables and pictures stay whole."""

    def lines(line: str) -> list[str]:
        if line.startswith(("|", "!")) or len(line) <= WIDTH:
            return [line]
        indent = "  " * line.startswith("- ")
        return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)

    return "\n".join(part for line in text.split("\n") for part in lines(line))


def put(run: Path) -> None:
    """Put a run's result into the page."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    suite = manifest["config"]["suite"]
    text = wrapped(heading(manifest, commit()) + (run / "comparison.md").read_text(encoding="utf-8"))
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), suite, text), encoding="utf-8")
    for name in SHOWN.get(suite, OF_SUITES):
        of_suite = "" if suite in SHOWN else f"{suite}-"
        if (run / "plots" / f"{name}.png").exists():
            shutil.copy(run / "plots" / f"{name}.png", DOCS / "pictures" / f"evaluation-{of_suite}{name}.png")


if __name__ == "__main__":
    put(Path(sys.argv[1]))
