import bz2
import gzip
import io
import lzma
import zipfile

import pytest

from rnn.readers.files import standard_input
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file
from rnn.readers.tables import open_table

TEXT = "day,v\n" + "".join(f"2024-01-{k:02d},{k}\n" for k in range(1, 29))


def zipped(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("data/sales.csv", data)
    return sink.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
@pytest.mark.parametrize("name", ["sales.csv.packed", "sales.csv"])
def test_compressed_files_are_known_by_their_bytes_and_read(pack, name, tmp_path):
    (tmp_path / name).write_bytes(pack(TEXT.encode()))
    series, _, outline = read_series_file(Source(data=str(tmp_path / name)))
    assert series.y.tolist() == list(range(1, 29))
    assert outline.kind == "CSV, UTF-8, comma-separated"


def test_a_mistake_in_a_compressed_file_has_its_line(tmp_path):
    (tmp_path / "it.gz").write_bytes(gzip.compress(TEXT.replace(",7\n", ",seven\n").encode()))
    with pytest.raises(BadSource, match="line 8, column 'v': 'seven'"):
        read_series_file(Source(data=str(tmp_path / "it.gz")))


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-le", "utf-32", "shift_jis"])
def test_other_encodings_are_read_when_asked_for(encoding, tmp_path):
    letters = "日" if encoding == "shift_jis" else "größe"
    (tmp_path / "it.csv").write_bytes(TEXT.replace("v\n", f"{letters}\n", 1).encode(encoding))
    source = Source(data=str(tmp_path / "it.csv"), encoding=encoding)
    _, _, outline = read_series_file(source)
    assert outline.value_column == letters


@pytest.fixture
def piped(monkeypatch):
    def pipe(data: bytes) -> Source:
        class Piped:
            buffer = io.BytesIO(data)

            @staticmethod
            def isatty() -> bool:
                return False

        monkeypatch.setattr("sys.stdin", Piped)
        standard_input.cache_clear()
        return Source(data="-")

    yield pipe
    standard_input.cache_clear()


def test_standard_input_is_read_once_and_looked_at_often(piped):
    source = piped(gzip.compress(TEXT.encode()))
    assert len(read_series_file(source)[0]) == 28
    assert read_series_file(source)[2].file == "standard input"


def test_nothing_piped_in_is_told(piped):
    with pytest.raises(BadSource, match="standard input: the file is empty"):
        read_series_file(piped(b""))


def test_skipped_lines_still_count(tmp_path):
    (tmp_path / "it.csv").write_text("Sales\nby me, twice\n" + TEXT.replace(",7\n", ",seven\n"))
    source = Source(data=str(tmp_path / "it.csv"), skip_rows=2)
    assert open_table(source).places([0]) == {0: "line 4"}
    with pytest.raises(BadSource, match="line 10, column 'v'"):
        read_series_file(source)
