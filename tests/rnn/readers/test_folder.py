import pandas as pd
import pytest

from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file


@pytest.fixture
def folder(tmp_path):
    def made(**files: str) -> Source:
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        return Source(data=str(tmp_path))

    return made


def days(first: str, n: int, start: int = 0) -> str:
    times = pd.date_range(first, periods=n)
    return "day,v\n" + "".join(f"{str(time)[:10]},{start + k}\n" for k, time in enumerate(times))


def test_files_follow_one_another_by_their_times_and_not_by_their_names(folder):
    series, _, outline = read_series_file(folder(b_csv=days("2024-01-01", 10), a_csv=days("2024-01-11", 5, 10)))
    assert series.y.tolist() == list(range(15))
    assert outline.kind.startswith("2 files, CSV")
    assert outline.rows == 15


def test_a_place_is_in_a_file(folder):
    source = folder(a_csv=days("2024-01-01", 10), b_csv=days("2024-01-11", 5).replace(",3\n", ",x\n"))
    with pytest.raises(BadSource, match=r"b\.csv, line 5, column 'v': 'x' is no number"):
        read_series_file(source)


def test_columns_must_be_the_same_in_whatever_order(folder, tmp_path):
    one = "day,v\n2024-01-01,1\n2024-01-02,2\n"
    assert len(read_series_file(folder(a_csv=one, b_csv="v,day\n3,2024-01-03\n"))[0]) == 3
    with pytest.raises(BadSource, match=r"c.csv .columns 'day', 'v', 'note'"):
        read_series_file(folder(c_csv="day,v,note\n2024-01-04,4,x\n"))


def test_hidden_and_other_files_are_left_out(folder):
    source = folder(a_csv=days("2024-01-01", 10), _hidden="x", readme_md="# hello")
    assert len(read_series_file(source)[0]) == 10


def test_parquet_and_csv_need_one_type_of_time(folder, tmp_path):
    pd.DataFrame({"day": pd.date_range("2024-01-11", periods=5), "v": range(5)}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(BadSource, match="text in some files only"):
        read_series_file(folder(a_csv=days("2024-01-01", 10)))


def test_a_folder_without_data_is_told(folder):
    with pytest.raises(BadSource, match="this folder holds no CSV file"):
        read_series_file(folder(notes_md="x"))


def test_what_does_not_belong_to_the_others_is_named_all_at_once(folder):
    source = folder(
        a_csv=days("2024-01-01", 10),
        b_csv=days("2024-01-11", 10),
        empty_csv="",
        notes_txt="notes\nof the till\n",
        prices_csv="item,price\na,1\nb,2\nc,3\n",
    )
    with pytest.raises(
        BadSource, match=r"3 of its 5 files do not belong to the others: empty.csv .the file is empty."
    ) as no:
        read_series_file(source)
    assert "prices.csv (columns 'item', 'price'): take them out of the folder" in str(no.value)
    assert "\n" not in str(no.value)


def test_a_folder_of_which_nothing_can_be_read_says_why(folder):
    with pytest.raises(BadSource, match=r"none of its 2 files can be read: a.csv .the file is empty.; b.csv"):
        read_series_file(folder(a_csv="", b_csv=""))
    with pytest.raises(BadSource, match=r"none of its 6 files can be read: .*; and 2 more"):
        read_series_file(folder(c_csv="", d_csv="", e_csv="", f_csv=""))
