"""Odd files that programs and people write: each is read right, cured by what the doctor proposes, or refused.

A refusal is one line that names the cause and the cure. The files are made here, each of one kind.
"""

import shlex

import numpy as np
import pandas as pd
import pytest

from flows.command_line.command import run_from_command_line
from flows.settings.pipeline import PipelineSettings
from rnn.doctor import diagnose
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file

N = 60
TIMES = pd.date_range("2024-01-01", periods=N)
DAYS = [str(day.date()) for day in TIMES]
VALUES = [100 + 10 * (k % 7) + k % 3 for k in range(N)]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ROWS = [f"{day},{value}" for day, value in zip(DAYS, VALUES, strict=True)]


def table(rows: list[str], header: str = "day,sales") -> str:
    return "\n".join([header, *rows]) + "\n"


def each(row: str, header: str = "day,sales") -> str:
    """A row for each day; `row` may speak of day, time, value and k."""
    spoken = zip(DAYS, TIMES, VALUES, range(N), strict=True)
    return table([row.format(day=day, time=time, value=value, k=k) for day, time, value, k in spoken], header)


def signed(one: str, other: str, every: int = 5) -> str:
    """Rows whose values are written as `one` says, every few as `other` does."""
    forms = [other if k % every == 0 else one for k in range(N)]
    return table([f"{day},{form.format(value)}" for day, form, value in zip(DAYS, forms, VALUES, strict=True)])


PLAIN = np.array(VALUES, dtype=float)
SOME_BELOW = np.where(np.arange(N) % 5 == 0, -PLAIN, PLAIN)

READ = {
    # name: the file, its values, and words of its description
    "negative in parentheses": (signed("{}", "({})"), SOME_BELOW, "negative numbers in parentheses"),
    "all in parentheses": (each("{day},({value}.50)"), -PLAIN - 0.5, "in parentheses"),
    "a minus behind": (signed("{}", "{}-"), SOME_BELOW, "the minus behind"),
    "a typographic minus": (signed("{}", "\u2212{}"), SOME_BELOW, "a long minus"),
    "percent": (each("{day},{value}.5%"), PLAIN + 0.5, "numbers with '%'"),
    "percent behind a space": (each("{day},{value} %"), PLAIN, "'%'"),
    "dollars": (each("{day},${value}.25"), PLAIN + 0.25, "numbers with '$'"),
    "dollars and thousands": (each('{day},"$1,{value}.25"'), PLAIN + 1000.25, "commas between thousands"),
    "accountants' dollars": (
        signed('"$1,{}.50"', '"($1,{}.50)"'),
        np.where(np.arange(N) % 5 == 0, -PLAIN - 1000.5, PLAIN + 1000.5),
        "'$', negative numbers in parentheses",
    ),
    "a minus before the dollar": (signed("${}", "-${}"), SOME_BELOW, "'$'"),
    "euros behind": (each("{day};{value},50 €", "day;sales"), PLAIN + 0.5, "numbers with '€'"),
    "euros and points": (each("{day};1.{value},50 €", "day;sales"), PLAIN + 1000.5, "points between thousands"),
    "a code of a currency": (each("{day},EUR {value}"), PLAIN, "'EUR'"),
    "a unit": (each("{day},{value} kWh"), PLAIN, "'kWh'"),
    "a mark where files were joined": (table(ROWS[:30]) + "\ufeff" + "\n".join(ROWS[30:]), PLAIN, "60 rows"),
    "dates with a decimal": (each("{time:%Y%m%d}.0,{value}", "date,sales"), PLAIN, "every day"),
    "the end of a day": (
        table([f"2024-01-{1 + k // 24:02d} {k % 24 + 1:02d}:00,{VALUES[k]}" for k in range(N)]),
        PLAIN,
        "from 2024-01-01 01:00 to 2024-01-03 12:00",
    ),
    "the end of a day with seconds": (
        table([f"2024-01-{1 + k // 24:02d}T{k % 24 + 1:02d}:00:00Z,{VALUES[k]}" for k in range(N)]),
        PLAIN,
        "from 2024-01-01 01:00 to 2024-01-03 12:00",
    ),
    "milliseconds in Zulu time": (each("{day}T00:00:00.000Z,{value}"), PLAIN, "every day"),
    "empty columns": (each(",{day},,{value},", ",day,,sales,"), PLAIN, "every day"),
    "returns alone": (table(ROWS).replace("\n", "\r"), PLAIN, "60 rows"),
    "two ends of lines": (table(ROWS[:30]).replace("\n", "\r\n") + "\n".join(ROWS[30:]), PLAIN, "60 rows"),
    "spaces behind commas": (each("{day}, {value}", "day, sales"), PLAIN, "'day', 'sales'"),
}


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read_right_and_it_is_said_how(name, tmp_path):
    text, values, words = READ[name]
    (tmp_path / "odd.csv").write_bytes(text.encode())
    series, calendar, summary = read_series_file(Source(data=str(tmp_path / "odd.csv")))
    np.testing.assert_array_equal(series.y, np.where(values == 0, 0.0, values)[: len(series)])
    assert calendar is not None
    assert words in " ".join(summary.sentences())
    assert summary.repairs == {}


NOTED = "no observation"
CURED = {
    # name: the file, words of the reason, words of the command, and the points that it then has
    "a total at the end": (table([*ROWS, "Total,9999"]), [f"line {N + 2}", "'Total'", NOTED], "--repair extra-rows", N),
    "a total without a word": (table([*ROWS, ",9999"]), [f"line {N + 2}", NOTED], "--repair extra-rows", N),
    "a total in German": (table([*ROWS, "Summe:,9999"]), [NOTED], "--repair extra-rows", N),
    "empty rows at the end": (table([*ROWS, ",", ",", ","]), [NOTED, "2 more"], "--repair extra-rows", N),
    "a footnote": (table([*ROWS, "* preliminary,"]), [NOTED], "--repair extra-rows", N),
    "a note of one cell": (table([*ROWS, "Source: the till"]), ["1 cell where"], "--repair extra-rows", N),
    "a mark for the end of a file": (table(ROWS) + "\x1a", ["1 cell where"], "--repair extra-rows", N),
    "a remark among rows": (
        table([*ROWS[:9], "# the till broke", *ROWS[9:]]),
        ["line 11", "1 cell"],
        "--repair extra-rows",
        N,
    ),
    "subtotals": (
        table([row for k in range(0, N, 20) for row in (*ROWS[k : k + 20], f"Subtotal {k},99")]),
        ["'Subtotal 0'", NOTED, "2 more"],
        "--repair extra-rows",
        N,
    ),
    "names again": (table(ROWS[:30]) + table(ROWS[30:]), [f"line {32}", "'day'", NOTED], "--repair extra-rows", N),
    "names again behind a mark": (table(ROWS[:30]) + "\ufeff" + table(ROWS[30:]), [NOTED], "--repair extra-rows", N),
    "units below the names": (table(["(date),(EUR)", *ROWS]), ["line 2", NOTED], "--repair extra-rows", N),
    "a table of Markdown": (
        each("| {day} | {value} |", "| day | sales |\n|---|---|"),
        ["line 2", NOTED],
        "--repair extra-rows",
        N,
    ),
    "a table of psql": (
        each(" {day} | {value}", "    day     | sales\n------------+-------") + f"({N} rows)\n",
        ["1 cell where the header has 2, and 1 more"],
        "--repair extra-rows",
        N,
    ),
    "cells over several columns": (
        each("{day},{value},", ",2024,2024\nday,sales,"),
        ["line 1", "line 2 does"],
        "--skip-rows 1",
        N,
    ),
    "year and month": (
        table([f"{2010 + k // 12},{k % 12 + 1},{VALUES[k]}" for k in range(N)], "year,month,sales"),
        ["year and month stand in two columns"],
        "--time-column year month --value-column sales --time-format '%Y %m'",
        N,
    ),
    "dates in full": (each('"{time:%A, %B %d, %Y}",{value}'), ["'Monday, January 01"], "'%A, %B %d, %Y'", N),
    "years of two digits": (each("{time:%d.%m.%y},{value}"), ["'01.01.24'"], "--time-format %d.%m.%y", N),
    "days of a spreadsheet": (
        table([f"{45292 + k},{VALUES[k]}" for k in range(N)], "date,sales"),
        ["day numbers of a spreadsheet, the first of them 2024-01-01"],
        "--time-format excel",
        N,
    ),
    "working days of a spreadsheet": (
        table([f"{45292 + k // 5 * 7 + k % 5},{VALUES[k]}" for k in range(N)], "date,sales"),
        ["day numbers of a spreadsheet"],
        "--time-format excel",
        N,
    ),
    "newest first": (table(ROWS[::-1]), ["before that of the row above"], "--repair sort", N),
    "rows to come": (table([*ROWS[:50], *(f"{day}," for day in DAYS[50:])]), ["last 10 rows"], "trim-ends", 50),
}


@pytest.mark.parametrize("name", CURED)
def test_the_doctor_names_the_cause_and_its_command_the_cure(name, tmp_path):
    text, reason, command, points = CURED[name]
    (tmp_path / "odd.csv").write_bytes(text.encode())
    diagnosis = diagnose(Source(data=str(tmp_path / "odd.csv")))
    assert diagnosis.usable, diagnosis.lines
    assert all(word in "\n".join(diagnosis.lines[:-1]) for word in reason), diagnosis.lines
    assert command in diagnosis.lines[-1]
    caught: list[PipelineSettings] = []
    run_from_command_line(caught.append, PipelineSettings, shlex.split(diagnosis.lines[-1])[2:])
    series, _, summary = read_series_file(caught[0].source)
    assert len(series) == points
    assert summary.gaps == 0
    assert series.y.tolist() == VALUES[:points]


def refused(text: str, *words: str, **said: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    return text, words, said


REFUSED = {
    "percent in some cells": refused(signed("{}", "{}%"), "'100%' is a number with '%', and not all of the column are"),
    "two currencies": refused(signed("${}", "€{}", every=9), "with '€100'", "--value-column"),
    "thousands in letters": refused(each("{day},{value}k"), "without letters that multiply"),
    "two decimal marks": refused(
        table([f"{DAYS[k]};{VALUES[k]}{',.'[k % 2]}5" for k in range(N)], "day;sales"),
        "decimal comma (100,5)",
        "a point (111.5)",
        "write all alike",
    ),
    "JSON": refused('[{"day": "2024-01-01", "sales": 5}]', "this is JSON", "read_json('FILE').to_csv"),
    "JSON over many lines": refused('[\n  {\n    "day": "2024-01-01"\n  }\n]\n', "this is JSON"),
    "JSON by columns": refused('{"day": ["2024-01-01"], "sales": [5]}', "this is JSON"),
    "lines of JSON": refused(each('{{"day": "{day}", "sales": {value}}}', "")[1:], "lines=True"),
    "SQL": refused("--\nCREATE TABLE s (day date);\n" + each("INSERT INTO s {day};"), "a dump of SQL"),
    "SQL behind remarks": refused("-- MySQL dump 10.13\n--\nDROP TABLE s;\n", "a dump of SQL", "--table"),
    "rich text": refused("{\\rtf1\\ansi day,sales\\par\n", "RTF", "save the table as CSV"),
    "a calendar": refused("BEGIN:VCALENDAR\nVERSION:2.0\n", "a calendar"),
    "ARFF": refused("@relation sales\n@attribute day date\n", "ARFF"),
    "columns by spaces": refused(each("{day} {value}", "day sales"), "separated by spaces", "put commas"),
    "fixed columns": refused(each("{day}    {value}", "day         sales"), "separated by spaces"),
    "quoted lines": refused(each('"{day},{value}"', '"day,sales"'), "every line stands in quotes"),
    "single quotes": refused(each("'{day}','{value}'", "'day','sales'"), "quotation marks"),
    "apostrophes of a spreadsheet": refused(each("'{day},'{value}"), "no column looks like times", "quotation marks"),
    "formulas for text": refused(each('="{day}",="{value}"'), "or the formula, off its cells"),
    "spans of days": refused(
        each('"{time:%b %d} – {time:%b %d, %Y}",{value}', "week,sales"), "spans of time: write the beginning"
    ),
    "a separator behind each row": refused(
        each("{day},{value},"), "line 2: 3 cells where the header has 2", "name the last column"
    ),
    "a second table": refused(
        table(ROWS) + "\ncity,people\nBerlin,3\nRome,2\n", "'city', 'people' read like the names of a second table"
    ),
    "a second table of the same times": refused(
        table(ROWS) + "\n" + table(ROWS, "day,costs"), f"line {N + 3}", "second table", "a file of its own"
    ),
    "two tables side by side": refused(
        each("{day},{value},,{day},{value}", "day,sales,,day,sales"), "two columns are called 'day'"
    ),
    "months across": refused(
        table([f"{2010 + k}," + ",".join(["5"] * 12) for k in range(9)], "year," + ",".join(MONTHS)),
        "the times run across the columns, 'Jan', 'Feb'",
        "turn the table",
    ),
    "days across": refused(
        "item," + ",".join(DAYS) + "\nsales," + ",".join(map(str, VALUES)), "times side by side", "turn the table"
    ),
    "year, month and day": refused(
        table([f"{d[:4]},{d[5:7]},{d[8:]},5" for d in DAYS], "year,month,day,sales"),
        "in three columns",
        "write them into one",
    ),
    "a date and an hour": refused(
        table([f"2024-01-{1 + k // 24:02d},{k % 24},{VALUES[k]}" for k in range(N)], "date,hour,load"),
        "column 'hour' has the hour",
        "--time-column date hour --time-format '%Y-%m-%d %H'",
        value_column="load",
    ),
    "hours from 1 to 24": refused(
        table([f"2024-01-{1 + k // 24:02d},{k % 24 + 1},{VALUES[k]}" for k in range(N)], "date,hour,load"),
        "counted from 1 to 24",
        "from 0 to 23",
        value_column="load",
    ),
    "below what can be measured": refused(signed("{}", "<5", every=9), "'<5' is no number", "6 more"),
    "zero bytes at the end": refused(table(ROWS) + "\0" * 64, "zero bytes"),
    "a budget beside what was": refused(
        table([f"{d},{t},5" for d in DAYS for t in ("actual", "budget")], "day,type,sales"), "--where type=actual"
    ),
    "names in two lines": refused(
        each("{day},{value},{value}", "day,sales,sales\n,A,B"), "two columns are called 'sales'"
    ),
    "months without a year": refused(each("{time:%B},{value}"), "no column looks like times", "'day' with 'January'"),
    "a log": refused(each("{day} INFO sales={value}", "")[1:], "separated by spaces"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_one_line_with_the_cause_and_the_cure(name, tmp_path):
    text, words, said = REFUSED[name]
    (tmp_path / "odd.csv").write_bytes(text.encode())
    with pytest.raises(BadSource) as refusal:
        read_series_file(Source(data=str(tmp_path / "odd.csv"), **said))
    line = str(refusal.value)
    assert "\n" not in line
    assert all(word in line for word in words), line


def test_a_mistake_is_no_extra_row(tmp_path):
    """A time that is mistyped in the midst, a row that was cut off, and a last day that never was stay mistakes."""
    for rows, word in (
        ([*ROWS[:9], "someday,5", *ROWS[10:]], "'someday' is no time"),
        ([*ROWS, "2024-03-"], "complete rows cut off"),
        ([*ROWS, "2024-02-31,5"], "'2024-02-31' is no time"),
    ):
        (tmp_path / "odd.csv").write_text(table(rows))
        with pytest.raises(BadSource, match=word) as refusal:
            read_series_file(Source(data=str(tmp_path / "odd.csv"), repair=("extra-rows",)))
        assert "--repair" not in str(refusal.value)


def test_what_is_left_out_is_counted(tmp_path):
    (tmp_path / "odd.csv").write_text(table(["date,EUR", *ROWS, "Total,9", "", "Source: the till", "by hand"]))
    _, _, summary = read_series_file(Source(data=str(tmp_path / "odd.csv"), repair=("extra-rows",)))
    assert summary.repairs == {"rows that are no observations left out:": 4}


def test_there_are_enough_of_them():
    assert len(READ) + len(CURED) + len(REFUSED) >= 80
