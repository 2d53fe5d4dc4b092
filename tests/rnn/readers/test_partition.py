"""Folders of Parquet as Spark, Hive and pandas write them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from rnn.readers.files import files_in, partition_of
from rnn.readers.options import Source
from rnn.readers.partition import partitions
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series, read_series_file
from rnn.readers.tables import digest_of, open_table

DAYS = [date(2026, 1, 1) + timedelta(days=day) for day in range(90)]


@pytest.fixture
def frame():
    return pd.DataFrame({"day": DAYS, "amount": np.arange(90.0)})


@pytest.fixture
def root(tmp_path, frame):
    """year=2026/month=1…3, as pandas writes it."""
    frame["year"], frame["month"] = 2026, [day.month for day in DAYS]
    frame.to_parquet(tmp_path / "sales", partition_cols=["year", "month"])
    return tmp_path / "sales"


def test_partitions_by_time_are_one_series(root):
    assert len(files_in(str(root))) == 3
    series, _, found = read_series_file(Source(data=str(root)))
    assert series.y.tolist() == list(range(90))
    assert found.kind == "3 files, Parquet" and found.columns == ("day", "amount")


def test_ten_months_stand_in_the_order_of_their_times(tmp_path):
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
    frame = pd.DataFrame({"day": days, "amount": np.arange(365.0), "month": [day.month for day in days]})
    frame.to_parquet(tmp_path / "sales", partition_cols=["month"])
    assert read_series(str(tmp_path / "sales")).y.tolist() == list(range(365))


def test_a_partition_is_read_by_its_content(tmp_path, frame):
    frame["store"] = np.where(np.arange(90) % 2, "A", "B & co")
    frame["day"] = [DAYS[place // 2] for place in range(90)]
    frame.to_parquet(tmp_path / "sales", partition_cols=["store"])
    said = {"data": str(tmp_path / "sales"), "value_column": "amount"}
    assert read_series_file(Source(**said, where=("store=B & co",)))[0].y.tolist() == list(range(0, 90, 2))
    with pytest.raises(BadSource, match=r"looks like 2 series, one for each 'store'.*--where store=A"):
        read_series_file(Source(**said))


def test_a_number_of_a_partition_can_be_asked_for(root):
    with pytest.raises(BadSource, match=r"no row has month=9; column 'month' holds 1, 2, 3"):
        read_series_file(Source(data=str(root), where=("month=9",)))
    assert len(read_series_file(Source(data=str(root), where=("month=2",)))[0]) == 28


def test_the_time_may_be_in_the_name_alone(tmp_path):
    for place, day in enumerate(DAYS):
        (tmp_path / "sales" / f"day={day}").mkdir(parents=True)
        pd.DataFrame({"amount": [float(place)]}).to_parquet(tmp_path / "sales" / f"day={day}" / "part-0.parquet")
    series = read_series(str(tmp_path / "sales"))
    assert series.y.tolist() == list(range(90)) and series.calendar is not None


def test_a_problem_is_told_with_its_partition_and_row(root):
    (part,) = (root / "year=2026" / "month=2").iterdir()
    frame = pd.read_parquet(part, partitioning=None)
    frame.loc[4, "amount"] = np.inf
    part.unlink()
    frame.to_parquet(part.with_name("part-0.parquet"))
    with pytest.raises(BadSource, match=r"year=2026/month=2/part-0.parquet, row 5, column 'amount': inf is not finite"):
        read_series_file(Source(data=str(root)))


def test_the_digest_is_that_of_names_and_bytes(root):
    before = digest_of(Source(data=str(root)))
    (root / "year=2026" / "month=3").rename(root / "year=2026" / "month=4")
    assert digest_of(Source(data=str(root))) != before


def test_other_folders_and_hidden_files_are_left_out(root):
    (root / "year=2026" / "old").mkdir()
    (root / "year=2026" / "old" / "a.parquet").write_text("no")
    (root / "_SUCCESS").write_text("")
    assert len(files_in(str(root))) == 3


@pytest.mark.parametrize(
    ("folder", "partition"),
    [
        ("store=A", ("store", "A")),
        ("at=10%3A30", ("at", "10:30")),
        ("a=b=c", ("a", "b=c")),
        ("old", None),
        ("=x", None),
    ],
)
def test_names_of_partitions(folder, partition):
    assert partition_of(folder) == partition


def test_partitions_are_those_below_the_folder():
    assert partitions("/data/x=1/sales/store=A/part.parquet", "/data/x=1/sales/") == [("store", "A")]


def test_nothing_known_is_no_text(tmp_path):
    folder = tmp_path / "sales" / "store=__HIVE_DEFAULT_PARTITION__"
    folder.mkdir(parents=True)
    pd.DataFrame({"day": DAYS, "amount": 1.0}).to_parquet(folder / "a.parquet")
    table = open_table(Source(data=str(tmp_path / "sales")))
    assert next(table.blocks(["store"]))[0].null_count == 90
