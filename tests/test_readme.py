"""README and docs: the Python example runs as it stands, and every `wavecast …` line is a command that is known."""

import re
import shlex
from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from flows.cli import console
from flows.command_line.verbs import VERBS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = sorted(
    {line for page in PAGES for line in re.findall(r"^    (wavecast .*)$", page.read_text(), re.MULTILINE)}
)


def test_the_python_example_runs(tmp_path, monkeypatch):
    days = (date(2026, 1, 1) + timedelta(days=k) for k in range(120))
    rows = "".join(f"{day},{100 + 10 * day.weekday() + day.day % 3}\n" for day in days)
    (tmp_path / "sales.csv").write_text("day,sales\n" + rows)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^    import pandas as pd\n(?:(?:    .*)?\n)+", text, re.MULTILINE)
    names: dict = {}
    exec(dedent(example), names)  # noqa: S102  the page is ours
    assert len(names["forecast"].mean) == 14
    assert (tmp_path / "sales.npz").is_file()


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_docs_is_understood(line):
    _, verb, *words = shlex.split(line, comments=True)
    if verb == "--help":
        return
    assert verb in VERBS
    console().parse_args([verb, *words], exit_on_error=False, print_error=False)


def test_the_docs_have_commands():
    assert len(COMMANDS) > 15


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_a_page_names_files_that_are_there_and_wraps(page):
    text = page.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if len(line) > 120 and not line.startswith("|")] == []
    files = re.findall(r"`((?:rnn|artifacts|tasks|flows|tests|docs|benchmarks)/[\w/.-]+\.\w+)`", text)
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert [link for link in links if not (page.parent / link).exists()] == []


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_a_link_into_a_page_meets_a_heading(page):
    links = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text(encoding="utf-8"))
    missing = [anchor for file, anchor in links if anchor not in anchors(page.parent / file if file else page)]
    assert missing == []


def test_every_page_is_linked_from_the_readme():
    links = set(re.findall(r"\]\(docs/([\w-]+\.md)", PAGES[0].read_text(encoding="utf-8")))
    assert links == {page.name for page in PAGES[1:]}
