"""Files on which the reading once went wrong, one of each kind: the right values, or the right reason and its cure.

tests/cases has them. A readable one gives its series; of any other the doctor's reason names the cure, and where a
setting cures it, the command of its last line reads the file right.
"""

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from flows.command_line.command import run_from_command_line
from flows.doctor import doctor
from flows.pipeline import pipeline
from flows.settings.pipeline import PipelineSettings
from rnn.doctor import diagnose
from rnn.lifecycle.identity import NotTheSameSeries
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file

CASES = Path(__file__).parent / "cases"


def case(name: str, **said: Any) -> Source:
    return Source(data=str(CASES / name), **said)


READ = {
    # name: how many points, the first values, the first time and the last, the frequency
    "thousands_us_int.csv": (200, [985, 1040, 1064, 1035], "2024-01-01", "2024-07-18", "D"),
    "thousands_mixed.csv": (140, [1002, 1073, 1093, 1019], "2024-01-01", "2024-05-19", "D"),
    "yyyymm.csv": (180, [99.19, 103.74], "2010-01-01", "2024-12-01", "MS"),
    "quarter_labels.csv": (100, [99.85, 110.31], "2000-01-01", "2024-10-01", "QS-JAN"),
    "mon_yyyy.csv": (120, [98.39, 102.58], "2014-01-01", "2023-12-01", "MS"),
    "yyyy_slash_mm.csv": (120, [100.11, 107.29], "2014-01-01", "2023-12-01", "MS"),
    "offset_short.csv": (100, [101.58, 101.83], "2024-01-01 00:00", "2024-01-05 03:00", "h"),
    "pd_period.parquet": (140, [], "2024-01-01", "2024-05-19", "D"),
    "month_bme.csv": (119, [98.34, 104.55], "2015-02-27", "2024-12-31", "BME"),
    "trading_hours.csv": (520, [100.27, 107.56], "2024-01-01 09:00", "2024-03-29 16:00", "week"),
    "six_day.csv": (468, [101.03, 109.62], "2023-01-02", "2024-06-29", "week"),
    "sep_line.csv": (140, [100.19, 107.3], "2024-01-01", "2024-05-19", "D"),
    "uni_cols.csv": (140, [100.19, 107.3], "2024-01-01", "2024-05-19", "D"),
    "flag_col.csv": (140, [100.19, 107.3], "2024-01-01", "2024-05-19", "D"),
    "counts.csv": (140, [5, 7, 6, 4], "2024-01-01", "2024-05-19", "D"),
    "hourly_long.csv": (1440, [52.21, 51.9], "2024-01-01 00:00", "2024-02-29 23:00", "h"),
    "huge304.csv": (140, [], "2024-01-01", "2024-05-19", "D"),
}


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_right_without_a_word_of_the_user(name):
    points, values, first, last, frequency = READ[name]
    series, calendar, outline = read_series_file(case(name))
    assert (len(series), outline.gaps, outline.repairs) == (points, 0, {})
    assert series.y[: len(values)].tolist() == values
    assert (outline.first, outline.last, calendar.frequency) == (first, last, frequency)
    expected = pd.Index(calendar.times(series.x)).astype("datetime64[us]")
    assert expected.is_monotonic_increasing


CURED = {
    # name: words of the reason, the settings that the doctor proposes, points and first time with them
    "nan_end.csv": (["line 139", "no value in the last 3 rows"], {"repair": ("trim-ends",)}, 137, "2024-01-01"),
    "life_nantail.csv": (["no value in the last row"], {"repair": ("trim-ends",)}, 218, "2024-01-01"),
    "title_row.csv": (["line 1", "Sales report", "line 3 does"], {"skip_rows": 2}, 140, "2024-01-01"),
    "dst_autumn.csv": (["line 173", "summer time", "--time-zone"], {"time_zone": "Europe/Berlin"}, 386, "2024-10-20"),
    "daily_offset.csv": (["offset changes", "--time-zone"], {"time_zone": "Europe/Berlin"}, 122, "2024-03-01"),
    "date_time_two_cols.csv": (["holds the time of day"], {"time_column": ("date", "time")}, 140, "2024-01-01 00:00"),
    "jitter.csv": (["miss even steps of 1min by up to 2s"], {"repair": ("round-times",)}, 140, "2024-01-01 00:00"),
    "epoch_s.csv": (["seconds since 1970"], {"time_format": "epoch_s"}, 200, "2024-01-01 00:00"),
}


@pytest.mark.parametrize("name", CURED)
def test_the_doctor_gives_the_reason_and_its_last_line_the_cure(name):
    reason, settings, points, first = CURED[name]
    diagnosis = diagnose(case(name))
    assert diagnosis.usable
    assert all(word in "\n".join(diagnosis.lines[:-1]) for word in reason), diagnosis.lines
    told = said_by(diagnosis.lines[-1])
    assert {field: getattr(told, field) for field in settings} == settings
    series, calendar, outline = read_series_file(told)
    assert (len(series), outline.first) == (points, first)
    assert np.isfinite(series.y).all()
    assert calendar is not None


def said_by(command: str) -> Source:
    """The file and settings of a command line, as the command line itself reads them."""
    caught = []

    def run(settings: PipelineSettings) -> None:
        caught.append(settings)

    assert command.startswith("wavecast run ")
    run_from_command_line(run, PipelineSettings, shlex.split(command)[2:])
    return caught[0].source


@pytest.mark.parametrize("name", [*READ, *CURED])
def test_the_command_to_copy_always_works(name):
    told = said_by(diagnose(case(name)).lines[-1])
    assert len(read_series_file(told)[0]) == (READ.get(name) or (CURED[name][2],))[0]


@pytest.mark.parametrize(("name", "season"), [("hourly_long.csv", 24), ("huge304.csv", 7)])
def test_the_season_of_a_file_is_the_one_that_its_calendar_has(name, season):
    assert f"A season of {season} points is found; --season says otherwise." in diagnose(case(name)).lines


REFUSED = {
    # name: the words that the one line must have
    "header_only.csv": ["no rows below the names of the columns"],
    "html.csv": ["this is a web page, not a table"],
    "panel.csv": ["looks like 2 series, one for each 'store' (A, B)", "--where store=A"],
    "bigint2.csv": ["line 2", "9007199254740993", "beyond 2⁵³", "69 more", "round it"],
    "y10k.csv": ["9999", "a forecast would lie beyond"],
    "nan_end.csv": ["no value in the last 3 rows", "--repair trim-ends"],
    "dst_autumn.csv": ["line 173", "clocks change", "--time-zone Europe/Berlin"],
    "date_time_two_cols.csv": ["--time-column date time"],
    "jitter.csv": ["--repair round-times"],
    "title_row.csv": ["--skip-rows 2"],
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_as_it_is_gives_one_line_with_the_cure(name):
    with pytest.raises(BadSource) as refusal:
        read_series_file(case(name))
    assert "\n" not in str(refusal.value)
    assert all(word in str(refusal.value) for word in REFUSED[name]), str(refusal.value)


@pytest.mark.parametrize("name", ["panel.csv", "bigint2.csv", "y10k.csv", "header_only.csv", "html.csv"])
def test_what_no_setting_cures_has_no_command_and_exit_code_2(name, capsys):
    with pytest.raises(SystemExit) as end:
        run_from_command_line(doctor, arguments=[str(CASES / name)])
    assert end.value.code == 2
    assert "wavecast run" not in capsys.readouterr().out


def test_one_series_of_a_panel_is_read_when_it_is_named():
    series, _, outline = read_series_file(case("panel.csv", where=("store=B",)))
    assert len(series) == 200
    assert outline.kind.endswith(", where store=B")
    assert read_series_file(case("panel.csv", where=("store=A",)))[0].y[0] == 99.54
    with pytest.raises(BadSource, match="no row has store=C; column 'store' holds A, B"):
        read_series_file(case("panel.csv", where=("store=C",)))


@pytest.mark.parametrize(("form", "words"), [("%", "stray %"), ("%s", "epoch_s"), ("%YQ%q", "without a format")])
@pytest.mark.parametrize("name", ["yyyymm.csv", "quarter_labels.csv", "epoch_s.csv"])
def test_a_format_that_is_none_is_one_line(name, form, words):
    with pytest.raises(BadSource, match=words) as refusal:
        read_series_file(case(name, time_column=("ts",) if name == "epoch_s.csv" else (), time_format=form))
    assert "\n" not in str(refusal.value)


def test_a_format_with_an_offset_is_read_without_a_warning(recwarn):
    series, _, outline = read_series_file(case("offset_short.csv", time_format="%Y-%m-%d %H:%M:%S%z"))
    assert (len(series), outline.first) == (100, "2024-01-01 00:00")
    assert not list(recwarn)


def test_thousands_are_as_the_user_says():
    assert read_series_file(case("thousands_mixed.csv", decimal=","))[0].y[0] == pytest.approx(1.002)
    assert read_series_file(case("thousands_mixed.csv", thousands=","))[0].y[0] == 1002


@pytest.mark.parametrize("name", ["trading_hours.csv", "six_day.csv"])
def test_weeks_go_on_after_the_last_point_as_they_were(name):
    series, calendar, _ = read_series_file(case(name))
    ahead = pd.DatetimeIndex(calendar.times(series.x[-1] + 1 + np.arange(60.0)))
    past = pd.DatetimeIndex(calendar.times(series.x))
    assert set(ahead.day_of_week) == set(past.day_of_week)
    assert set(ahead.hour) == set(past.hour)
    assert ahead[0] > past[-1]


def test_the_doctor_prints_what_the_terminal_can_show():
    import os
    import subprocess
    import sys

    root = Path(__file__).parents[1]
    told = subprocess.run(
        [sys.executable, str(root / "flows" / "doctor.py"), str(CASES / "uni_cols.csv")],
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": os.pathsep.join([str(root), *sys.path])},
        capture_output=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, b"")
    assert rb"\u0434" in told.stdout
    assert "€".encode("cp1252") in told.stdout


LIFE = {
    # name: reading settings, the word that accepts it, words of the refusal; each after life_plus18.csv
    "life_shrunk.csv": ({}, "shrunk", ["the data end at 2024-06-18", "48 later points are known, up to 2024-08-05"]),
    "life_other.csv": ({}, "another", ["no time in common", "2019-01-01 to 2019-08-08"]),
    "life_renamed.csv": ({}, "columns", ["the values are column 'revenue', and were 'sales'"]),
    "life_weekly.csv": ({}, "calendar", ["the times are one each 7D, and were one each day"]),
    "life_x.csv": ({}, "calendar columns", ["the times are numbers, 1 apart, and were one each day"]),
    "life_x1000.csv": ({}, "scale", ["all known values are 1000 times what they were"]),
}
TAKEN = {
    # name: reading settings, points then, and what is told
    "life_plus18.csv": ({}, 218, ""),
    "life_restated.csv": ({}, 218, "218 of 218 known values have changed, all by a factor of 1.1"),
    "life_partial.csv": ({"hold_back": 1}, 218, ""),
    "life_nantail.csv": ({"repair": ("trim-ends",)}, 218, ""),
}


@pytest.fixture
def life(tmp_path):
    """`life(name, accept, **reading)`: one file after the other in the place of sales.csv, held to one store."""
    from artifacts.files.series import write_series
    from artifacts.lifecycle.continuation import continue_series
    from artifacts.lifecycle.registry import Registry
    from artifacts.store.store import Store
    from rnn.lifecycle.series_of_store import SeriesOfStore

    store, data = Store(str(tmp_path / "runs")), tmp_path / "dataset.parquet"

    def lives(name: str, accept: str = "", **reading: Any) -> Any:
        series, calendar, found = read_series_file(case(name, **reading))
        write_series(data, series, {"source": "sales.csv", "digest": "0", "found": found.plain()}, calendar)
        asked = SeriesOfStore(data=str(tmp_path / "sales.csv"), accept=tuple(accept.split()), **reading)
        return continue_series(store, data, asked, "20260101T000000Z")

    lives("life_base.csv")
    Registry(store).promote("20251231T000000Z-aaaaaa", "persistence", "gate", "", None)
    for name in ("life_plus9.csv", "life_plus18.csv"):
        assert lives(name).warnings == []
    return lives


@pytest.mark.parametrize("name", LIFE)
def test_what_does_not_continue_a_stores_series_is_refused_with_the_flag_that_accepts_it(name, life):
    reading, word, words = LIFE[name]
    with pytest.raises(NotTheSameSeries) as refusal:
        life(name, **reading)
    line = str(refusal.value)
    assert "\n" not in line
    assert all(part in line for part in ["sales.csv", *words]), line
    assert set(line.partition("--accept ")[2].split()) == set(word.split())
    assert "Accepted, as asked" in life(name, word, **reading).warnings[0]
    if word != "shrunk":
        with pytest.raises(NotTheSameSeries):
            life("life_plus9.csv")


@pytest.mark.parametrize("name", TAKEN)
def test_what_continues_it_is_taken_and_what_was_restated_told(name, life):
    reading, points, told = TAKEN[name]
    found = life(name, **reading)
    assert found.identity.points == points
    assert told in " ".join(found.warnings)
    assert bool(found.warnings) == bool(told)


@pytest.mark.usefixtures("prefect_server")
def test_a_panel_is_refused_by_the_main_job_in_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        flags = ["--store", str(tmp_path / "store"), "--data", str(CASES / "panel.csv")]
        run_from_command_line(pipeline, PipelineSettings, flags)
    assert end.value.code == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("wavecast: ")]
    assert "--where store=A" in line
