"""Files that cannot be used: each gives one clear line and exit code 2 from the command line, and leaves the store.

`MALFORMED` makes them: by name, the file's bytes, the flags beside `--data`, and words that the line must have.
"""

import gzip
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from artifacts.store.digests import digest_folder
from flows.command_line import MISTAKE, run_from_command_line
from flows.pipeline import pipeline
from flows.settings.pipeline import PipelineSettings

N = 150


@dataclass(frozen=True)
class Malformed:
    """A file, how it is asked for, and what must be said of it."""

    content: bytes
    words: tuple[str, ...]
    flags: tuple[str, ...] = ()
    name: str = "series.csv"


def rows(change: dict[int, str] | None = None, header: str = "time,value", n: int = N) -> str:
    """A good file of whole numbers, its data rows from 0 replaced as `change` says; row k is line k + 2."""
    lines = [f"{k},{k % 7}.5" for k in range(n)]
    for at, line in (change or {}).items():
        lines[at] = line
    return "\n".join([header, *lines]) + "\n"


def days(change: dict[int, str] | None = None, n: int = N) -> str:
    """The same with a date in each row."""
    first = np.datetime64("2024-01-01")
    lines = [f"{first + k},{k % 7}" for k in range(n)]
    for at, line in (change or {}).items():
        lines[at] = line
    return "\n".join(["day,value", *lines]) + "\n"


def without(text: str, *lines: int) -> str:
    """A text less some of its lines, counted from 1."""
    return "".join(line for k, line in enumerate(text.splitlines(keepends=True), 1) if k not in lines)


def parquet(**columns) -> bytes:
    """A Parquet file of such columns."""
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def of(text: str, *words: str, flags: tuple[str, ...] = (), encoding: str = "utf-8") -> Malformed:
    return Malformed(text.encode(encoding), words, flags)


def table(*words: str, flags: tuple[str, ...] = (), **columns) -> Malformed:
    return Malformed(parquet(**columns), words, flags, "series.parquet")


TIME, VALUE = np.arange(N, dtype=float), np.arange(N) % 7 + 0.5
WHOLE = parquet(time=TIME, value=VALUE)


def changed(values: np.ndarray, **at: float) -> np.ndarray:
    """A copy with one place changed: changed(VALUE, _3=nan)."""
    copy = values.copy()
    for place, value in at.items():
        copy[int(place[1:])] = value
    return copy


def in_berlin(first: str, hours: int, *left_out: str) -> str:
    """Hours as clocks that show them count on, day and night, whether or not summer time begins."""
    clocks = np.datetime64(first, "h") + np.arange(hours)
    return "t,v\n" + "".join(f"{clock}:00,{k}\n" for k, clock in enumerate(clocks) if str(clock) not in left_out)


MALFORMED = {
    # size
    "empty": of("", "empty"),
    "blank": of("\n \n\n", "no text"),
    "only a mark": Malformed(b"\xef\xbb\xbf", ("no text",)),
    "only a header": of("time,value\n", "no rows", flags=("--time-column", "time", "--value-column", "value")),
    "one row": of("time,value\n1,2\n", "1 row", "too few"),
    "two rows": of("time,value\n1,2\n2,3\n", "2 rows", "too few"),
    "too few for the recipe": of(rows(n=50), "50 points", "120 are needed", "--group-size"),
    "no newline and half a row": of(rows().rstrip() + "\n150", f"line {N + 2}", "1 cell where the header has 2"),
    "cut off inside quotes": of(rows({149: '149,"3'}), "inside quotes", "cut off"),
    # encodings
    "latin-1 in the header": of(rows(header="time,größe"), "line 1", "UTF-8", encoding="latin-1"),
    "latin-1 in a row": of(rows({4: "4,5,é"}, "time,value") , "line 6", "Latin-1", encoding="latin-1"),
    "latin-1 far down": of("t,value,note\n" + "".join(f"{k},1,{'é' if k == 39_999 else 'e'}{'-' * 20}\n"
                                                      for k in range(40_000)), "line 40001", encoding="latin-1"),
    "utf-16 without its mark": of(rows(), "zero bytes", "UTF-16", encoding="utf-16-le"),
    "utf-16 cut off": Malformed(rows().encode("utf-16")[:-1], ("UTF-16",)),
    "utf-32": of(rows(), "UTF-32", encoding="utf-32"),
    "zero bytes": Malformed(rows().encode().replace(b"9", b"\0"), ("zero bytes",)),
    "bytes of no meaning": Malformed(bytes(range(1, 256)) * 9, ("not written in UTF-8",)),
    # other files
    "gzip": Malformed(gzip.compress(rows().encode()), ("gzip", "unpack")),
    "an Excel workbook": Malformed(b"PK\x03\x04" + bytes(90), ("Excel",)),
    "an old Excel workbook": Malformed(b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(90), ("Excel",)),
    "a picture": Malformed(b"\x89PNG\r\n" + bytes(90), ("picture",)),
    "a PDF": Malformed(b"%PDF-1.7\n", ("PDF",)),
    "a database": Malformed(b"SQLite format 3\0", ("database",)),
    "JSON": of('{"time": 1}\n', "only one column"),
    # separators and header
    "one column": of("value\n" + "1\n" * N, "only one column", "separated by"),
    "an unknown separator": of(rows().replace(",", "~"), "only one column"),
    "no header": of(without(rows(), 1), "line 1", "names of the columns"),
    "dates and no header": of(without(days(), 1), "line 1", "names of the columns"),
    "a name twice": of(rows(header="value,value"), "'value'", "two columns"),
    "a header without names": of(rows(header=","), "line 1", "names no column"),
    "a row too long": of(rows({6: "6,1,2"}), "line 8", "3 cells where the header has 2"),
    "a row too short": of(rows({6: "6"}), "line 8", "1 cell where the header has 2"),
    "text behind a quote": of(rows({6: '6,"1"2'}), "line 8", "quote"),
    "an open quote": of(rows({6: '6,"1'}), "quote"),
    "a comma in a number": of(rows({6: "6,1,5"}), "line 8", "quote cells"),
    "two decimal signs": of(rows().replace(",", ";").replace(".5", ",5").replace("9;", "9;1.", 1), "no number"),
    # columns
    "no such time column": of(rows(), "'when'", "'time', 'value'", "--time-column", flags=("--time-column", "when")),
    "no such value column": of(rows(), "'y'", "'time', 'value'", "--value-column", flags=("--value-column", "y")),
    "one column for both": of(rows(), "both", flags=("--time-column", "value", "--value-column", "value")),
    "several value columns": of("time,a,b\n" + "".join(f"{k},1,2\n" for k in range(N)), "'a', 'b'", "--value-column"),
    "several time columns": of("a,b,c\n" + "2024-01-01,2024-01-01,1\n" * N, "'a', 'b'", "--time-column"),
    "no time column": of("a,b\n" + "".join(f"{k},1\n" for k in range(N)), "'a', 'b'", "--time-column"),
    "no value column": of("time,a\n" + "".join(f"{k},one\n" for k in range(N)), "'a'", "--value-column"),
    # values
    "a missing value": of(rows({6: "6,"}), "line 8", "'value'", "no value", "--fill-gaps"),
    "a missing value called NA": of(rows({6: "6,NA"}), "line 8", "no value"),
    "a value that is not finite": of(rows({6: "6,inf"}), "line 8", "'value'", "not finite"),
    "a value that is too large": of(rows({6: "6,1e306"}), "line 8", "beyond"),
    "a value beyond floats": of(rows({6: "6,1e999"}), "line 8", "not finite"),
    "text among numbers": of(rows({6: "6,six", 9: "9,nine"}), "line 8", "'six' is no number", "1 more"),
    "thousands": of(rows({6: '6,"1,000.5"'}), "line 8", "no number"),
    "a number in hexadecimal": of(rows({6: "6,0x1F"}), "line 8", "no number"),
    "a currency": of(rows({6: "6,€5"}), "line 8", "no number"),
    "the last value is missing": of(rows({149: "149,"}), "line 151", "last", flags=("--fill-gaps", "5")),
    # times
    "a missing time": of(rows({6: ",1"}), "line 8", "'time'", "no time"),
    "text among times": of(rows({6: "six,1"}), "line 8", "'time'", "'six'"),
    "a day that never was": of(days({6: "2024-02-30,1"}), "line 8", "'2024-02-30'"),
    "a day written otherwise": of(days({6: "07.01.2024,1"}), "line 8", "'07.01.2024'"),
    "day or month": of("day,v\n" + "".join(f"0{k % 9 + 1}/01/2024,1\n" for k in range(N)), "--time-format", "%d/%m/%Y"),
    "times in words": of("day,v\n" + "yesterday,1\n" * N, "'yesterday'", flags=("--time-column", "day")),
    "unsorted": of(rows({6: "7,1", 7: "6,1"}), "line 9", "before that", "--repair sort"),
    "newest first": of("time,value\n" + "".join(f"{-k},1\n" for k in range(N)), "line 3", "--repair sort"),
    "a row twice": of(rows({6: "5,5.5"}), "line 8", "twice", "--repair duplicates"),
    "a time twice": of(rows({6: "5,9"}), "line 8", "twice, with different values"),
    "a gap": of(without(days(), 9), "line 9", "1 step is missing", "--fill-gaps"),
    "a wide gap": of(without(days(), *range(9, 30)), "line 9", "21 steps", flags=("--fill-gaps", "5")),
    "uneven": of(rows({6: "6.3,1"}), "line 8", "1.3 after", "1 is usual"),
    "uneven timestamps": of(days({6: "2024-01-07T05:00,1"}), "line 8", "29h", "1 day is usual"),
    "summer time without a zone": of(in_berlin("2024-03-30T00", 200, "2024-03-31T02"), "line 28", "--time-zone"),
    "an hour that no clock shows": of(in_berlin("2024-03-30T00", 200), "line 28", "never show",
                                      flags=("--time-zone", "Europe/Berlin")),
    "all that can be wrong": of(days({3: "2024-01-04,x", 6: "2024-01-06,5", 9: "2024-01-09,9", 12: "2024-01-13,inf"}),
                                "line 5", "line 8", "line 14", "'x'", "twice"),
    # Parquet
    "a file that is no Parquet": Malformed(rows().encode(), ("no Parquet",), name="series.parquet"),
    "an empty Parquet file": Malformed(b"", ("empty",), name="series.parquet"),
    "Parquet cut off": Malformed(WHOLE[: len(WHOLE) // 2], ("Parquet", "cut off"), name="series.parquet"),
    "Parquet damaged": Malformed(WHOLE[:60] + bytes(60) + WHOLE[120:], ("Parquet", "damaged"), name="series.parquet"),
    "Parquet without rows": table("no rows", time=TIME[:0], value=VALUE[:0]),
    "Parquet of one column": table("only one column", value=VALUE),
    "Parquet with a null": table("row 4", "'value'", "no value", time=TIME, value=[1, 2, 3, None] + [4] * (N - 4)),
    "Parquet with NaN": table("row 4", "no value", time=TIME, value=changed(VALUE, _3=np.nan)),
    "Parquet with infinity": table("row 4", "not finite", time=TIME, value=changed(VALUE, _3=-np.inf)),
    "Parquet of booleans": table("booleans", flags=("--value-column", "value"), time=TIME, value=[True, False] * 75),
    "Parquet of text": table("text", flags=("--value-column", "value"), time=TIME, value=list(map(str, VALUE))),
    "Parquet of lists": table("list", flags=("--value-column", "value"), time=TIME, value=[[1.0]] * N),
    "Parquet of large integers": table("row 4", "2⁵³", time=TIME, value=[*range(3), 2**60 + 1, *range(N - 4)]),
    "Parquet with booleans for times": table("booleans", flags=("--time-column", "time"), time=[True] * N, value=VALUE),
    "Parquet finer than a microsecond": table("row 2", "finer", value=VALUE,
                                              time=np.arange(N).astype("M8[ns]")),
    "Parquet unsorted": table("row 5", "before that", "--repair sort", time=changed(TIME, _4=0.5), value=VALUE),
}  # fmt: skip


def test_there_are_enough_of_them():
    assert len(MALFORMED) >= 60


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """A store in which there is something that could be spoilt."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "20260101T000000Z-abcdef").mkdir()
    (folder / "20260101T000000Z-abcdef" / "manifest.json").write_text("{}")
    return folder


def outline(store: Path) -> tuple[str, list[str]]:
    """Every byte and every folder."""
    return digest_folder(store), sorted(path.as_posix() for path in store.rglob("*"))


def ended(store: Path, data: Path | str, flags: tuple[str, ...], capsys) -> tuple[int, str]:
    """The exit code of the main job on a file, and what it says to its user."""
    with pytest.raises(SystemExit) as told:
        run_from_command_line(pipeline, PipelineSettings, ["--store", str(store), "--data", str(data), *flags])
    out, error = capsys.readouterr()
    assert "Traceback" not in out + error
    lines = [line for line in error.splitlines() if line.startswith("wavecast: ")]
    assert len(lines) == 1
    return told.value.code, lines[0]


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_gives_one_line_and_leaves_the_store(case, store, tmp_path, capsys):
    bad = MALFORMED[case]
    data = tmp_path / bad.name
    data.write_bytes(bad.content)
    before = outline(store)
    code, line = ended(store, data, bad.flags, capsys)
    assert code == MISTAKE
    assert str(data) in line
    assert all(word in line for word in bad.words), line
    assert outline(store) == before


@pytest.mark.usefixtures("prefect_server")
def test_what_is_no_file_gives_one_line_too(store, tmp_path, capsys):
    before = outline(store)
    absent, folder = tmp_path / "absent.csv", tmp_path
    assert "no such file" in ended(store, absent, (), capsys)[1]
    assert "folder" in ended(store, folder, (), capsys)[1]
    unknown = ended(store, "s3x://me:secret@nowhere/file.csv?key=hidden", (), capsys)[1]
    assert "s3x://…@nowhere/file.csv" in unknown
    assert "secret" not in unknown
    assert "hidden" not in unknown
    assert outline(store) == before
