"""What is asked of a forecast: the rows and columns that come of it, and a line for each mistake."""

import pytest

from artifacts.files.forecast_table import BOUNDS, COLUMNS
from artifacts.service.questions import (
    ROWS,
    BadQuestion,
    NoSuchSeries,
    NotAcceptable,
    Question,
    chosen,
    short,
    wanted_media,
)


def times(table, **asked):
    return [str(time) for time in chosen(table, Question(**asked)).column("ds").to_pylist()]


def test_nothing_said_is_all(made):
    assert chosen(made.table(), Question()).equals(made.table())
    assert chosen(made.table(), Question(series=("sales",))).equals(made.table())


@pytest.mark.parametrize(
    ("asked", "bounds"),
    [(("90",), BOUNDS[2:]), (("50", "90"), BOUNDS), (("90,50",), BOUNDS), (("none",), ()), ((" 50 ",), BOUNDS[:2])],
)
def test_levels_choose_the_bounds(made, asked, bounds):
    names = chosen(made.table(), Question(levels=asked)).column_names
    assert names == [name for name in COLUMNS if name not in BOUNDS or name in bounds]


@pytest.mark.parametrize(
    ("begins", "ends", "first", "last", "count"),
    [
        ("2026-04-16", "2026-04-18", "2026-04-16", "2026-04-18", 3),
        ("2026-04-27", None, "2026-04-27", "2026-04-28", 2),
        (None, "2026-04-15", "2026-04-15", "2026-04-15", 1),
        (None, "20260416", "2026-04-15", "2026-04-16", 2),
        ("2026-W17", "2026-W17", "2026-04-20", "2026-04-26", 7),  # an ISO week is all of its days
        ("2026-W17-2", "2026-W17-2", "2026-04-21", "2026-04-21", 1),
        ("2026-04-27", "9999-12-31", "2026-04-27", "2026-04-28", 2),  # how many programs say "no end"
        ("2026-04-15T22:00z", None, "2026-04-16", "2026-04-28", 13),
        ("2026-04-15T22:00Z", None, "2026-04-16", "2026-04-28", 13),  # midnight in Berlin
        ("2026-04-15T22:00:01Z", None, "2026-04-17", "2026-04-28", 12),
        ("2026-04-16T00:00:00+02:00", None, "2026-04-16", "2026-04-28", 13),
        ("2026-04-16T00:00:00 02:00", None, "2026-04-16", "2026-04-28", 13),  # a + that was not escaped
    ],
)
def test_from_and_to_are_included_by_the_series_clock_or_as_moments(made, begins, ends, first, last, count):
    found = times(made.table(), begins=begins, ends=ends)
    assert (found[0][:10], found[-1][:10], len(found)) == (first, last, count)


def test_a_day_lasts_to_its_end_and_a_time_does_not(made):
    hours = made.table("h")  # from 0:00 to 13:00 on 15 April
    assert len(times(hours, ends="2026-04-15")) == 14
    assert len(times(hours, ends="2026-04-15T00:00")) == 1
    assert times(hours, begins="2026-04-16") == []


def test_numbers_are_compared_as_numbers(made):
    assert times(made.table(None), begins="101", ends="1.03e2") == ["101.0", "102.0", "103.0"]


@pytest.mark.parametrize(
    ("frequency", "asked", "line"),
    [
        ("D", {"begins": "yesterday"}, "from='yesterday' is no date: write it as 2026-01-31"),
        ("D", {"ends": "2026-02-30"}, "to='2026-02-30' is no date"),
        ("D", {"ends": "9999-12-31T23:00-05:00"}, "beyond all calendars"),
        ("D", {"begins": "0001-01-01T00:00+14:00"}, "beyond all calendars"),
        ("D", {"begins": ""}, "from='' is no date"),
        ("D", {"begins": "104"}, "from='104' is no date"),
        (None, {"begins": "2026-01-01"}, "is no number, and the times of this series are numbers"),
        (None, {"ends": "nan"}, "is no number"),
        (None, {"begins": "inf"}, "is no number"),
        (None, {"begins": "5", "ends": "4"}, "from='5' is after to='4': swap them"),
        ("D", {"begins": "2026-05-01", "ends": "2026-04-01"}, "swap them"),
        ("D", {"begins": "2026-04-17", "ends": "2026-04-16"}, "swap them"),
        ("D", {"levels": ("80",)}, "there is no level '80': 50, 90, or none"),
        ("D", {"levels": ("90,",)}, "there is no level ''"),
        ("D", {"levels": ("none", "90")}, "there is no level 'none'"),
    ],
)
def test_a_mistake_is_one_line(made, frequency, asked, line):
    with pytest.raises(BadQuestion) as told:
        chosen(made.table(frequency), Question(**asked))
    assert line in str(told.value)
    assert "\n" not in str(told.value)


def test_another_series_is_not_there(made):
    with pytest.raises(NoSuchSeries, match="there is no series 'prices': this store serves 'sales'"):
        chosen(made.table(), Question(series=("sales", "prices")))


def test_an_answer_has_so_many_rows_at_most(made):
    import pyarrow as pa

    many = pa.concat_tables([made.table()] * (ROWS // 14 + 1))
    with pytest.raises(BadQuestion, match="100002 rows, and an answer has 100000 at most"):
        chosen(many, Question())
    assert len(chosen(many, Question(ends="2026-04-15"))) == ROWS // 14 + 1


@pytest.mark.parametrize(
    ("asked", "accept", "media"),
    [
        (None, None, "json"), (None, "*/*", "json"), ("csv", "application/json", "csv"), ("json", "text/csv", "json"),
        (None, "text/csv", "csv"), (None, "text/*", "csv"), (None, "text/csv, */*", "csv"),
        (None, "application/json, text/csv", "json"), (None, "application/json;q=0.5, text/csv;q=0.9", "csv"),
        (None, "text/csv;q=0.1, application/json", "json"), (None, "text/html,application/xml;q=0.9,*/*;q=0.8", "json"),
    ],
)  # fmt: skip
def test_the_format_is_asked_for_by_name_or_accepted(asked, accept, media):
    assert wanted_media(asked, accept) == media


def test_what_is_neither_is_refused():
    with pytest.raises(BadQuestion, match="there is no format 'xlsx': json or csv"):
        wanted_media("xlsx", None)
    for accept in ("image/png", "text/csv;q=0"):
        with pytest.raises(NotAcceptable, match="application/json or text/csv"):
            wanted_media(None, accept)


def test_a_long_value_is_repeated_by_its_beginning():
    assert short("x" * 5000) == repr("x" * 40 + "…")
