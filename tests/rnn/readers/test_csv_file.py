import pytest

from rnn.readers.csv_dialect import dialect
from rnn.readers.csv_file import CsvTable
from rnn.readers.files import opened
from rnn.readers.problems import BadSource


@pytest.fixture
def table(tmp_path):
    def made(text: str, encoding: str = "utf-8") -> CsvTable:
        path = tmp_path / "file.csv"
        path.write_bytes(text.encode(encoding))
        with opened(str(path)) as file:
            return CsvTable(str(path), dialect("file", file, 3))

    return made


def cells(table: CsvTable, *names: str) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in names]
    for block in table.blocks(list(names)):
        for column, part in zip(found, block, strict=True):
            column.extend(part.to_pylist())
    return found


def test_cells_are_text_in_the_order_asked_for(table):
    it = table("a;b;c\n1;2,5;x\n\n3;;y\n")
    assert cells(it, "b", "a") == [["2,5", ""], ["1", "3"]]
    assert it.kind == "CSV, UTF-8, semicolon-separated, with decimal commas"


def test_rows_of_another_width_are_left_out_counted_and_placed(table):
    it = table("a,b\n1,2\n3\n\n4,5,6\n7,8\n")
    assert cells(it, "a") == [["1", "7"]]
    (problem,) = it.problems()
    assert "line 3: 1 cell where the header has 2, and 1 more like it" in problem.what
    assert it.places([0, 1]) == {0: "line 2", 1: "line 6"}


def test_what_is_no_letter_is_found_also_in_columns_that_are_not_read(table):
    it = table("a,b,c\n" + "1,2,é\n" * 100_000, "utf-8")
    body = open(it.url, "rb").read()  # noqa: PTH123, SIM115
    open(it.url, "wb").write(body[:-3] + b"\xe9\n")  # noqa: PTH123, SIM115
    with pytest.raises(BadSource, match="line 100001 is not written in UTF-8"):
        cells(it, "a")


def test_a_quote_that_is_never_closed_is_told(table):
    it = table("a,b\n" + "1,2\n" * 50_000 + '1,"2\n' + "1,2\n" * 900_000)
    with pytest.raises(BadSource, match="inside quotes"):
        cells(it, "a")


def test_only_a_header_is_no_mistake_of_the_files(table):
    assert cells(table("a,b\n"), "a") == [[]]
