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
    with pytest.raises(BadSource, match="column 'note' is in one of"):
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
