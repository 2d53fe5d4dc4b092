import io

import pytest
from rich.console import Console

from tasks.support import reading_bar
from tasks.support.reading_bar import ReadingBar, reading_shown


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(reading_bar.time, "monotonic", lambda: now[0])
    return now


def bar_on(terminal: bool) -> tuple[ReadingBar, io.StringIO]:
    text = io.StringIO()
    return ReadingBar(Console(file=text, force_terminal=terminal, width=100)), text


def test_reading_that_is_soon_done_says_nothing(clock):
    bar, text = bar_on(terminal=False)
    for clock[0] in (0.0, 1.0, 1.9):
        bar.read("sales.csv", 5, 10)
    bar.ended("sales.csv")
    clock[0] = 3.0
    bar.read("sales.csv", 1, 10)
    assert text.getvalue() == "", "each time that it is read counts by itself"


def test_reading_that_takes_long_is_a_line_now_and_then(clock):
    bar, text = bar_on(terminal=False)
    for clock[0] in (0.0, 2.5, 3.0, 20.0, 40.0):
        bar.read("[red]sales.csv", int(clock[0]), 50)
    assert text.getvalue().splitlines() == ["reading [red]sales.csv: 4 %", "reading [red]sales.csv: 80 %"]


def test_rows_are_told_where_nobody_knows_how_many_there_are(clock):
    bar, text = bar_on(terminal=False)
    for clock[0] in (0.0, 2.5):
        bar.read("sqlite:///it.db", 65536, 0)
    assert text.getvalue() == "reading sqlite:///it.db: 65536 rows\n"


def test_in_a_terminal_it_is_a_bar_that_goes_away(clock):
    bar, text = bar_on(terminal=True)
    for clock[0] in (0.0, 2.5, 3.0):
        bar.read("sales.csv", 5, 10)
    assert "reading sales.csv" in text.getvalue()
    assert bar._bar[0].tasks[0].fields["note"] == "50 %"
    bar.ended("sales.csv")
    assert bar._bar is None


def test_it_watches_within_the_block_alone(monkeypatch):
    made = []
    monkeypatch.setattr(
        reading_bar, "watched", lambda bar: made.append(bar) or reading_bar.contextmanager(lambda: (yield))()
    )
    with reading_shown():
        assert isinstance(made[0], ReadingBar)
