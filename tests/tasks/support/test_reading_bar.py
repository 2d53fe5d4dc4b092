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


class Alarm:
    """A timer that goes off when the test says so."""

    def __init__(self, seconds, call, arguments):
        self.seconds, self.call, self.arguments, self.daemon, self.is_set = seconds, call, arguments, False, False

    def start(self):
        self.is_set = True

    def cancel(self):
        self.is_set = False

    def pass_by(self):
        if self.is_set:
            self.call(*self.arguments)


@pytest.fixture
def alarms(monkeypatch):
    made: list[Alarm] = []
    monkeypatch.setattr(reading_bar.threading, "Timer", lambda *given: made.append(Alarm(*given)) or made[-1])
    return made


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


def test_a_database_that_is_slow_before_its_first_row_is_told(alarms):
    bar, text = bar_on(terminal=False)
    bar.waits("postgresql://host/shop", "the database's first row")
    assert alarms[0].seconds == reading_bar.PATIENCE
    assert alarms[0].daemon, "it holds up no command that ends"
    alarms[0].pass_by()
    assert text.getvalue() == "waiting for the database's first row (postgresql://host/shop)\n"


@pytest.mark.parametrize("then", [lambda bar: bar.read("db", 9, 0), lambda bar: bar.ended("db")])
def test_one_that_answers_in_time_is_not(then, alarms):
    bar, text = bar_on(terminal=False)
    bar.waits("db", "the database's first row")
    then(bar)
    alarms[0].pass_by()
    assert text.getvalue() == ""
