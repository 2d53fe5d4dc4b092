"""Whole files: what is written in any dialect is read back as it was, and what is mended is counted."""

import datetime
import io
from itertools import count

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import examine, read_series, read_series_file
from rnn.recipes import BadSetting

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: float(f"{value:.12g}"))
FREQUENCIES = ("D", "h", "15min", "s", "100ms", "B", "MS", "ME", "QS-FEB", "QE-DEC", "YS-JAN", "YE-DEC", "7D")
FRESH = count()


@pytest.fixture
def write(tmp_path):
    """`write(content)`: the path of a file with that text, or those bytes."""

    def written(content: str | bytes, name: str = "series.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


@st.composite
def times(draw, count: int):
    """Even times with their calendar's frequency, or None for numbers."""
    if draw(st.booleans()):
        step, first = draw(st.sampled_from([1, 0.01, 0.5, 3, 250])), draw(st.integers(-1000, 1000))
        return None, np.array([float(f"{(first + k) * step:.12g}") for k in range(count)])
    frequency = draw(st.sampled_from(FREQUENCIES))
    first = draw(st.dates(datetime.date(1950, 1, 1), datetime.date(2010, 1, 1)))
    return frequency, pd.date_range(first, periods=count, freq=frequency)


@st.composite
def dialects(draw):
    separator = draw(st.sampled_from(",;\t|"))
    decimal = draw(st.sampled_from(".,")) if separator != "," else "."
    return {
        "separator": separator,
        "decimal": decimal,
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
        "end": draw(st.sampled_from(["\n", "\r\n"])),
        "quoted": draw(st.booleans()),
        "blank": draw(st.booleans()),
        "last": draw(st.booleans()),
        "offset": draw(st.sampled_from(["", "Z", "+00:00"])),
    }


def as_csv(at, y, names, dialect) -> bytes:
    def number(value: float) -> str:
        return repr(float(value)).replace(".", dialect["decimal"])

    def time(value) -> str:
        if not isinstance(value, pd.Timestamp):
            return number(value)
        return value.isoformat() + dialect["offset"] if at.freqstr != "D" or dialect["offset"] else str(value.date())

    def cell(text: str) -> str:
        needed = dialect["quoted"] or any(letter in text for letter in ',;\t|"\n')
        return '"' + text.replace('"', '""') + '"' if needed else text

    rows = [names, *([time(t), number(v)] for t, v in zip(at, y, strict=True))]
    lines = [dialect["separator"].join(map(cell, row)) for row in rows]
    if dialect["blank"]:
        lines.insert(3, "")
    text = dialect["end"].join(lines) + (dialect["end"] if dialect["last"] else "")
    return text.encode(dialect["encoding"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_series_written_in_any_dialect_is_read_back(tmp_path, data):
    y = np.array(data.draw(st.lists(NUMBERS, min_size=4, max_size=30)))
    frequency, at = data.draw(times(len(y)))
    names = data.draw(st.lists(st.text("abc é<b>&'\"$", min_size=1, max_size=8).map(str.strip).filter(bool),
                               min_size=2, max_size=2, unique=True))  # fmt: skip
    path = tmp_path / f"{next(FRESH)}"
    if data.draw(st.booleans()):
        path.write_bytes(as_csv(at, y, names, data.draw(dialects())))
    else:
        column = pa.array(at, pa.timestamp("us")) if frequency else at
        pq.write_table(pa.table([column, y], names), path, row_group_size=data.draw(st.integers(1, 40)))
    series, calendar, found = read_series_file(Source(data=str(path), time_column=names[0], value_column=names[1]))
    np.testing.assert_array_equal(series.y, y)
    assert found.points == found.rows == len(y)
    assert found.repairs == {}
    if frequency is None:
        np.testing.assert_array_equal(series.x, at)
        assert calendar is None
    else:
        np.testing.assert_array_equal(series.x, np.arange(len(y)))
        np.testing.assert_array_equal(calendar.times(series.x), at.to_numpy())
        ahead = pd.date_range(at[-1], periods=4, freq=frequency)
        if len(y) > 10:  # a week of days may be working days too
            np.testing.assert_array_equal(calendar.times(len(y) - 1 + np.arange(4.0)), ahead.to_numpy())


def test_summer_time_is_no_gap_in_a_column_with_a_zone(write):
    hours = pd.date_range("2024-03-30", periods=72, freq="h", tz="Europe/Berlin")
    text = "t,v\n" + "".join(f"{hour.isoformat()},{k}\n" for k, hour in enumerate(hours))
    series, calendar, _ = read_series_file(Source(data=write(text)))
    assert len(series) == 72
    assert calendar.frequency == "h"
    assert calendar.times(series.x)[-1] == np.datetime64("2024-04-01T22:00")


def test_days_by_the_clock_are_even_although_one_has_23_hours(tmp_path):
    days = pd.date_range("2024-03-01", periods=60, freq="D", tz="Europe/Berlin")
    pd.DataFrame({"t": days, "v": range(60)}).to_parquet(tmp_path / "days.parquet")
    series, calendar, _ = read_series_file(Source(data=str(tmp_path / "days.parquet")))
    assert (calendar.frequency, calendar.zone) == ("D", "Europe/Berlin")
    assert (calendar.times(series.x) == days.tz_convert("UTC").tz_localize(None).to_numpy()).all()


MESSY = "day,v\n2024-01-03,3\n2024-01-01,1\n2024-01-02,2\n2024-01-02,2\n2024-01-04,\n2024-01-07,7\n"


def test_what_is_asked_for_is_mended_and_counted(write):
    source = Source(data=write(MESSY), repair=("sort", "duplicates"), fill_gaps=3)
    series, _, found = read_series_file(source)
    assert series.y.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert found.repairs == {"rows sorted:": 4, "exact duplicates dropped:": 1, "points filled:": 3}
    assert found.rows == 6
    assert any("points filled: 3" in sentence for sentence in found.sentences())


def test_nothing_is_mended_unasked_and_all_that_is_wrong_is_told(write):
    with pytest.raises(BadSource) as told:
        read_series_file(Source(data=write(MESSY)))
    line = str(told.value)
    assert "\n" not in line
    for words in ("line 6, column 'v': no value", "line 3, column 'day'", "line 5, column 'day': this row",
                  "line 7, column 'day': 2 steps are missing"):  # fmt: skip
        assert words in line


def test_a_gap_wider_than_asked_is_not_filled(write):
    with pytest.raises(BadSource, match="3 steps are missing"):
        read_series_file(Source(data=write(MESSY), repair=("sort", "duplicates"), fill_gaps=2))


def test_too_few_points_are_refused_with_how_many_are_needed(write):
    text = "t,v\n" + "".join(f"{k},1\n" for k in range(9))
    assert len(read_series_file(Source(data=write(text)), 9)[0]) == 9
    with pytest.raises(BadSource, match="9 points, and at least 10 are needed"):
        read_series_file(Source(data=write(text)), 10)


def test_only_the_columns_that_are_asked_for_are_read_of_a_wide_parquet_file(tmp_path, monkeypatch):
    columns = {f"c{k}": np.arange(50.0) for k in range(40)} | {"t": np.arange(50.0)}
    pq.write_table(pa.table(columns), tmp_path / "wide.parquet")
    asked, real = [], pq.ParquetFile.iter_batches

    def spy(self, *arguments, **named):
        asked.append(named["columns"])
        return real(self, *arguments, **named)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", spy)
    read_series_file(Source(data=str(tmp_path / "wide.parquet"), value_column="c7"))
    assert asked == [["t", "c7"]]


def test_a_file_behind_a_url_is_read_too():
    import fsspec

    with fsspec.open("memory://wavecast/series.csv", "wb") as file:
        file.write(b"t,v\n1,2\n2,3\n3,4\n")
    series, _, found = read_series_file(Source(data="memory://wavecast/series.csv"))
    assert series.y.tolist() == [2, 3, 4]
    assert found.file == "memory://wavecast/series.csv"


def test_lines_are_those_a_person_counts(write):
    text = 't,note,v\n\n1,"two\nlines",1\n\n2,,2\n3,,3\n4,,x\n5,,5\n6,,6\n'
    with pytest.raises(BadSource, match="line 8, column 'v': 'x' is no number"):
        read_series_file(Source(data=write(text)))


def test_a_mistake_in_a_late_block_is_found_at_its_line(write):
    rows = [f"{k},1" for k in range(200_000)]
    rows[150_000] = "150000,one"
    with pytest.raises(BadSource, match="line 150002"):
        read_series_file(Source(data=write("t,v\n" + "\n".join(rows))))


def test_an_examination_has_every_problem_and_their_places(write):
    seen = examine(Source(data=write(MESSY)))
    assert [problem.kind for problem in seen.problems] == ["missing", "order", "duplicate", "gap"]
    assert seen.places([0, 5]) == {0: "line 2", 5: "line 7"}
    assert seen.series is None


def test_decimal_commas_between_semicolons_and_between_quotes(write):
    one = read_series_file(Source(data=write("t;v\n1;1,5\n2;2\n3;3,25\n")))[0]
    other = read_series_file(Source(data=write('t,v\n1,"1,5"\n2,2\n3,"3,25"\n')))[0]
    assert one.y.tolist() == other.y.tolist() == [1.5, 2, 3.25]


def test_decimals_and_integers_of_parquet_are_numbers(tmp_path):
    from decimal import Decimal

    cells = pa.array([Decimal("1.5"), Decimal("2.5"), Decimal("3.5")])
    pq.write_table(pa.table({"t": pa.array([1, 2, 3], pa.int16()), "v": cells}), tmp_path / "it")
    assert read_series_file(Source(data=str(tmp_path / "it")))[0].y.tolist() == [1.5, 2.5, 3.5]


def test_bytes_that_are_cut_anywhere_give_one_line_or_a_series(tmp_path):
    sink = io.BytesIO()
    pq.write_table(pa.table({"t": np.arange(50.0), "v": np.arange(50.0)}), sink)
    whole = sink.getvalue()
    for kept in range(0, len(whole) - 1, 37):
        (tmp_path / "cut.parquet").write_bytes(whole[:kept])
        with pytest.raises(BadSource) as told:
            read_series_file(Source(data=str(tmp_path / "cut.parquet")))
        assert "\n" not in str(told.value)


@pytest.mark.parametrize("reading", [{"nonsense": 3}, {"fill_gaps": -1}])
def test_a_setting_of_reading_that_makes_no_sense_is_one_line(reading):
    with pytest.raises(BadSetting) as problem:
        read_series("sales.csv", **reading)
    assert "\n" not in str(problem.value)
