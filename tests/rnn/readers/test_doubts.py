"""Tests of readings that may be meant otherwise."""

import pytest

from rnn.readers.options import Source
from rnn.readers.read import read_series_file


def read(tmp_path, text):
    (tmp_path / "it.csv").write_text(text)
    return read_series_file(Source(data=str(tmp_path / "it.csv")))


def test_points_between_semicolons_are_told_by_every_reader(tmp_path):
    series, _, summary = read(tmp_path, "Tag;Umsatz\n" + "".join(f"2024-01-{k:02d};3.{k}00\n" for k in range(10, 20)))
    assert series.y[0] == 3.1
    assert "Numbers such as 3.1000" not in " ".join(summary.sentences())  # four digits group nothing
    series, _, summary = read(tmp_path, "Tag;Umsatz\n" + "".join(f"2024-01-{k:02d};3.{k}0\n" for k in range(10, 20)))
    assert series.y[0] == 3.1
    assert "if it groups digits, give --thousands ." in " ".join(summary.sentences())


@pytest.mark.parametrize(("year", "told"), [(2567, True), (1403, True), (1700, False), (2024, False), (2399, False)])
def test_years_of_other_calendars_are_told(year, told, tmp_path):
    _, _, summary = read(tmp_path, "date,y\n" + "".join(f"{year}-01-{k:02d},{k}\n" for k in range(10, 20)))
    assert (f"around {year}: if these are of another calendar" in " ".join(summary.sentences())) == told
