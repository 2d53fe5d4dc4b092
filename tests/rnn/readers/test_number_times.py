import numpy as np
import pytest

from rnn.readers.number_times import compact_format, epoch_of


@pytest.mark.parametrize(
    ("size", "name"), [(1, "epoch_s"), (1e3, "epoch_ms"), (1e6, "epoch_us"), (1e9, "epoch_ns")]
)  # fmt: skip
def test_numbers_that_count_from_1970_are_known_by_their_size(size, name):
    epoch = epoch_of((1_704_067_200 + 3600 * np.arange(9.0)) * size)
    assert (epoch.name, epoch.first) == (name, "2024-01-01 00:00:00")
    assert "since 1970" in epoch.sentence


@pytest.mark.parametrize("times", [[], [1, 2, 3], [2020, 2021], [np.nan], [1e9, 1e14], [5e8, 5e8 + 1], [-1.7e9, 1.7e9]])
def test_other_numbers_do_not(times):
    assert epoch_of(np.array(times, dtype=float)) is None


MONTHS = [f"{2020 + k // 12}{k % 12 + 1:02d}" for k in range(24)]


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (MONTHS, "%Y%m"),
        ([f"{month}.0" for month in MONTHS], "%Y%m"),
        ([f"{month}15" for month in MONTHS], "%Y%m%d"),
        ([f"{month}151230" for month in MONTHS], "%Y%m%d%H%M"),
        ([f"{month}15123059" for month in MONTHS], "%Y%m%d%H%M%S"),
    ],
)
def test_dates_without_marks_are_known_by_their_digits(cells, form):
    assert compact_format(cells, named_like_times=False) == form


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [str(100_000 + k) for k in range(50)],
        [str(199_001 + k) for k in range(50)],
        [*MONTHS, "202013"],
        [*MONTHS, "20200101"],
        [f"{month}31" for month in MONTHS],
        ["170001", "170002"],
        ["2020", "2021"],
        MONTHS[:5],
    ],
)
def test_other_whole_numbers_are_numbers(cells):
    assert compact_format(cells, named_like_times=False) is None


def test_few_are_dates_where_the_name_of_the_column_says_so():
    assert compact_format(MONTHS[:3], named_like_times=True) == "%Y%m"


def test_day_numbers_of_a_spreadsheet_need_the_columns_name():
    days = 45_292 + np.arange(9.0)
    assert epoch_of(days) is None
    found = epoch_of(days, named_like_times=True)
    assert (found.name, found.first) == ("excel", "2024-01-01 00:00:00")
    assert "spreadsheet" in found.sentence
    assert epoch_of(np.arange(9.0), named_like_times=True) is None
