"""Files that cannot be used: each gives one clear line and exit code 2 from the command line, and leaves the store.

`MALFORMED` makes them: by name, the file's bytes, the flags beside `--data`, and words that the line must have.
"""

import bz2
import gzip
import io
import lzma
import shlex
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from artifacts.store.digests import digest_folder
from flows.command_line.command import MISTAKE, run_from_command_line
from flows.doctor import doctor
from flows.pipeline import pipeline
from flows.settings.pipeline import PipelineSettings
from rnn.readers.read import read_series_file

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
    "too few for any forecast": of(rows(n=5), "5 points are too few"),
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
    "gzip within gzip": Malformed(gzip.compress(gzip.compress(rows().encode())), ("gzip", "unpack")),
    "an Excel workbook": Malformed(b"PK\x03\x04" + bytes(90), ("Excel",)),
    "an old Excel workbook": Malformed(b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(90), ("Excel",)),
    "a picture": Malformed(b"\x89PNG\r\n" + bytes(90), ("picture",)),
    "a PDF": Malformed(b"%PDF-1.7\n", ("PDF",)),
    "a database": Malformed(b"SQLite format 3\0", ("database",)),
    "JSON": of('{"time": 1}\n', "this is JSON"),
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
    "thousands": of(rows({6: '6,"1,00.5"'}), "line 8", "no number"),
    "a number in hexadecimal": of(rows({6: "6,0x1F"}), "line 8", "no number"),
    "a currency": of(rows({6: "6,€5"}), "line 8", "a number with '€'", "write all numbers of the column alike"),
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


def zipped(*names: str, content: str = "") -> bytes:
    """A zip archive of such files."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content or rows())
    return sink.getvalue()


def dated(times: list[str], values: list[str] | None = None, header: str = "when,v") -> str:
    """A file of such times and values."""
    values = values or [str(k % 7) for k in range(len(times))]
    return "\n".join([header, *(f"{time},{value}" for time, value in zip(times, values, strict=True))]) + "\n"


def quoted(*cells: str, n: int = N) -> str:
    """A daily file whose quoted values come from `cells`, again and again."""
    first = np.datetime64("2024-01-01")
    return "day,v\n" + "".join(f'{first + k},"{cells[k % len(cells)]}"\n' for k in range(n))


def clocks(step: str, n: int = N, first: str = "2024-01-01") -> list[str]:
    """Times in even steps such as "1h"."""
    return [str(time) for time in pd.date_range(first, periods=n, freq=step)]


GZIP, BZ2, XZ = (pack(rows().encode()) for pack in (gzip.compress, bz2.compress, lzma.compress))
HOURS, DAYS = clocks("h"), [time[:10] for time in clocks("D")]
EVERY = "time,v\n" + "".join(f"{k},{k}\n" for k in range(N))


def packed(content: bytes, *words: str, name: str = "series.csv.gz", flags: tuple[str, ...] = ()) -> Malformed:
    return Malformed(content, words, flags, name)


MORE = {
    # compressed
    "gzip cut off": packed(GZIP[:-20], "damaged or cut off"),
    "gzip of nothing": packed(gzip.compress(b""), "empty"),
    "gzip of noise": packed(GZIP[:20] + bytes(range(40)), "series.csv.gz"),
    "gzip of a picture": packed(gzip.compress(b"\x89PNG\r\n" + bytes(90)), "picture"),
    "gzip with a mistake": packed(gzip.compress(rows({6: "6,six"}).encode()), "line 8", "'six' is no number"),
    "gzip header alone": packed(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "series.csv.gz"),
    "bzip2 cut off": packed(BZ2[:-10], "series.csv.bz2", name="series.csv.bz2"),
    "bzip2 of noise": packed(b"BZh9" + bytes(40), "series.csv.bz2", name="series.csv.bz2"),
    "xz cut off": packed(XZ[:-20], "damaged or cut off", name="series.csv.xz"),
    "xz of noise": packed(b"\xfd7zXZ\x00" + bytes(40), "damaged", name="series.csv.xz"),
    "zip of two files": packed(zipped("a.csv", "b.csv"), "a zip archive of 2 files", "'a.csv'", name="series.zip"),
    "zip of nothing": packed(zipped(), "series.zip", name="series.zip"),
    "zip of a folder": packed(zipped("a/"), "zip archive of 0 files", name="series.zip"),
    "zip cut off": packed(zipped("a.csv")[:-30], "damaged", name="series.zip"),
    "zip with a mistake": packed(zipped("a.csv", content=rows({6: "6,six"})), "line 8", name="series.zip"),
    "zip of an old workbook": packed(zipped("a.csv", content="\u00d0"), "one column", name="series.zip"),
    "zstd": packed(b"\x28\xb5\x2f\xfd" + bytes(20), "zstd", "unpack", name="series.csv.zst"),
    # workbooks
    "a workbook that is none": packed(zipped("[Content_Types].xml"), "Excel workbook", name="series.xlsx"),
    "an old workbook that is none": packed(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel", name="it.xls"),
    # encodings
    "an encoding that is not the file's": of(
        rows(header="time,größe"), "ascii", "--encoding", flags=("--encoding", "ascii")
    ),
    "utf-16 that is utf-8": of(rows(), "utf-16", flags=("--encoding", "utf-16-le")),
    "utf-32 that is utf-8": of(rows(), "utf-32", flags=("--encoding", "utf-32")),
    "latin-1 without being asked": of(rows(header="time,größe"), "--encoding latin-1", encoding="latin-1"),
    # other things
    "a web page": of("<!DOCTYPE html><html><body>Sign in</body></html>\n", "web page, not a table"),
    "a web page in capitals": of("\n\n  <HTML><HEAD><TITLE>404, gone</TITLE></HEAD></HTML>", "web page"),
    "a web page behind a mark": of("\ufeff<html><p>a,b</p></html>\n1,2\n", "web page"),
    "XML": of('<?xml version="1.0"?><rows><row a="1"/></rows>', "XML, not a table"),
    "a comment above a page": of("<!-- saved, --><html></html>", "web page"),
    # titles and headers
    "a title": of("Sales,\n" + days(), "line 1", "--skip-rows 1"),
    "a title without a separator": of("Sales report of 2024\n\n" + days(), "line 3 does", "--skip-rows 2"),
    "three lines of title": of("Sales\nby me\n\n" + days(), "--skip-rows 3"),
    "a title in quotes": of('"Sales, all"\n' + days(), "--skip-rows 1"),
    "comments above": of("# made by hand\n# twice\n" + days(), "--skip-rows 2"),
    "titles between semicolons": of("Umsatz;;\n" + days().replace(",", ";"), "--skip-rows 1"),
    "too much skipped": of(rows(), "nothing is left", flags=("--skip-rows", "1000")),
    "all but the header skipped": of(rows(), "names of the columns belong", flags=("--skip-rows", "1")),
    "skipped to the last row": of(rows(), "line 151", flags=("--skip-rows", "150")),
    "a header without rows": of("day,v\n", "no rows below"),
    "a header without rows or a newline": of("day,v", "no rows below"),
    "a header and empty lines": of("day,v\n\n\n", "no rows below"),
    "a separator line alone": of("sep=;\n", "no"),
    "a separator line that lies": of("sep=;\n" + days(), "one column"),
    # thousands
    "thousands or decimals": of(
        quoted("1,234", "1,250"), "'1,234' may be 1234 or 1.234", "--thousands , or --decimal ,"
    ),
    "thousands or decimals, mixed": of(quoted("1,234", "2"), "--thousands ,"),
    "thousands or decimals, between semicolons": of(
        quoted("1,234").replace(',"', ';"').replace("day,", "day;"), "may be"
    ),
    "marks of two digits": of(quoted("12,34,56", "5"), "no number", flags=("--value-column", "v")),
    "marks of four digits": of(quoted("1,2345", "1,23"), "line", flags=("--thousands", ",")),
    "a mark that begins": of(quoted(",234,567", "1"), "no number", flags=("--value-column", "v")),
    "two marks of two kinds": of(quoted("1.234,567.8", "1"), "no number", flags=("--value-column", "v")),
    "spaces of two digits": of(quoted("12 34", "10 000", "1"), "no number", flags=("--value-column", "v")),
    "a mark after decimals": of(quoted("1.5,000", "2"), "no number", flags=("--value-column", "v")),
    "both marks the same": of(
        quoted("1,5"), "cannot stand before decimals and between", flags=("--thousands", ",", "--decimal", ",")
    ),
    "points far down": of(
        "day;v\n"
        + "".join(
            f"{np.datetime64('2010-01-01') + k};{k % 900 + 99 if k < 1500 else '1.' + str(100 + k % 800)}\n"
            for k in range(2000)
        ),
        "--thousands .",
    ),
    "commas far down": of(quoted(*["985"] * 1499, "1,040", n=1500), "no number", "--thousands"),
    "large whole numbers": of(quoted("9007199254740993", "1"), "beyond 2⁵³", "round it"),
    "large whole numbers far down": of(quoted(*["5"] * 1499, "-9007199254740993", n=1500), "line 1501", "2⁵³"),
    # formats of times
    "a format of a percent sign": of(days(), "stray %", flags=("--time-format", "%")),
    "a format of seconds": of(days(), "epoch_s", flags=("--time-format", "%s")),
    "a format of quarters": of(days(), "without a format", flags=("--time-format", "%Y-Q%q")),
    "a format that is none": of(days(), "no format of times", flags=("--time-format", "%Y-%")),
    "a format with a year twice": of(days(), "no format of times", flags=("--time-format", "%Y-%Y")),
    "a format of two zones": of(days(), "no format of times", flags=("--time-format", "%Y %z %Z")),
    "a format that fits nothing": of(days(), "fits none", flags=("--time-format", "%d.%m.%Y")),
    "an epoch of days": of(days(), "no time", flags=("--time-format", "epoch_s")),
    "an epoch beyond": of(
        dated([str(10**14 + k) for k in range(N)], header="ts,v"),
        "'100000000000000'",
        flags=("--time-format", "epoch_s"),
    ),
    "nanoseconds between microseconds": of(
        dated([str(1704067200 * 10**9 + k) for k in range(N)], header="ts,v"),
        "line 3",
        flags=("--time-format", "epoch_ns"),
    ),
    # times
    "a week that never was": of(
        dated(["2024-W01", "2024-W53"] + [f"2024-W{k:02d}" for k in range(2, 50)]), "'2024-W53'"
    ),
    "a quarter that never was": of(dated([f"{2000 + k // 4}Q{k % 4 + 1}" for k in range(40)] + ["2010Q5"]), "'2010Q5'"),
    "a compact month that never was": of(
        dated([f"{2010 + k // 12}{k % 12 + 1:02d}" for k in range(60)] + ["201513"], header="month,v"), "month"
    ),
    "a compact day that never was": of(dated(["20240228", "20240230"] * 20, header="date,v"), "date"),
    "an offset on some": of(dated([*HOURS[:140], *(f"{hour}+00" for hour in HOURS[140:])]), "line 142"),
    "an offset of three digits": of(dated([f"{hour}+001" for hour in HOURS]), "understood"),
    "two years a row": of(dated([f"0{k % 9 + 1}/0{k % 9 + 1}/24" for k in range(N)]), "give --time-format %d/%m/%y or"),
    "times of day alone": of(dated([hour[11:16] for hour in HOURS[:24]]), "--time-column"),
    "years beyond 9999": of(dated([f"{9900 + k}-01-01" for k in range(100)]), "9999"),
    "hours at the end of time": of(dated(clocks("h", first="9999-12-26", n=N)), "9999"),
    "times in the year 0": of(dated([f"0000-01-{k + 1:02d}" for k in range(31)]), "line 2"),
    "a file of two stores": of(
        "day,shop,v\n" + "".join(f"{day},{shop},{k}\n" for k, day in enumerate(DAYS) for shop in "AB"),
        "'shop' (A, B)",
        "--where shop=A",
    ),
    "a file of stores and items": of(
        "day,shop,item,v\n" + "".join(f"{day},{s},{i},{k}\n" for k, day in enumerate(DAYS) for s in "AB" for i in "xy"),
        "'shop' and 'item'",
        "--where shop=A item=x",
    ),
    "a panel below each other": of(
        "shop,day,v\n" + "".join(f"{s},{day},{s == 'A':d}\n" for s in "AB" for day in DAYS), "--where shop=A"
    ),
    "a panel of numbers": of(
        "id,day,v\n" + "".join(f"{s},{day},{k}\n" for s in (7, 8, 9) for k, day in enumerate(DAYS)),
        "3 series",
        "--where id=7",
        flags=("--value-column", "v"),
    ),
    "a panel with spaces": of(
        "the shop,day,v\n" + "".join(f"{s},{day},{k}\n" for s in ("A B", "C") for k, day in enumerate(DAYS)),
        "--where 'the shop=A B'",
    ),
    "a date and a time of day": of(
        "date,time,v\n" + "".join(f"{h[:10]},{h[11:16]},{k}\n" for k, h in enumerate(HOURS)), "--time-column date time"
    ),
    "a time of day that never was": of(
        "date,time,v\n" + "".join(f"{h[:10]},{'25:00' if k == 7 else h[11:16]},{k}\n" for k, h in enumerate(HOURS)),
        "line 9",
        "'2024-01-01 25:00'",
        flags=("--time-column", "date", "time"),
    ),
    "a time of day that is missing": of(
        "date,time,v\n" + "".join(f"{h[:10]},{'' if k == 7 else h[11:16]},{k}\n" for k, h in enumerate(HOURS)),
        "line 9",
        flags=("--time-column", "date", "time"),
    ),
    "one column twice": of(rows(), "twice", flags=("--time-column", "time", "time")),
    "a second column that is not there": of(rows(), "no column 'clock'", flags=("--time-column", "time", "clock")),
    # clocks and jitter
    "winter time without a zone": of(
        dated(
            [
                time[:16]
                for time in pd.date_range("2024-10-20", periods=386, freq="h", tz="Europe/London")
                .tz_localize(None)
                .astype(str)
            ]
        ),
        "clocks change",
        "Europe/London",
    ),
    "summer time of New York": of(
        dated(
            [
                time[:16]
                for time in pd.date_range("2024-11-01", periods=200, freq="h", tz="America/New_York")
                .tz_localize(None)
                .astype(str)
            ]
        ),
        "America/New_York",
    ),
    "midnights with offsets": of(
        dated([time.isoformat() for time in pd.date_range("2024-10-01", periods=60, tz="Europe/Berlin")]),
        "offset changes",
        "Europe/Berlin",
    ),
    "jitter": of(
        dated(
            [
                str(time + pd.Timedelta(seconds=k % 3 - 1))
                for k, time in enumerate(pd.date_range("2024-01-01", periods=N, freq="min"))
            ]
        ),
        "miss even steps of 1min by up to 1s",
        "--repair round-times",
    ),
    "jitter of hours": of(
        dated(
            [
                str(time + pd.Timedelta(minutes=k * 7 % 11))
                for k, time in enumerate(pd.date_range("2024-01-01", periods=N, freq="h"))
            ]
        ),
        "miss even steps of 1h",
        "--repair round-times",
    ),
    "times at random": of(
        dated(
            sorted(
                str(np.datetime64("2024-01-01T00:00:00") + int(k))
                for k in np.random.default_rng(0).choice(10**6, N, replace=False)
            )
        ),
        "is usual",
        "even steps",
    ),
    "epochs a month apart": of(
        dated(
            [str(int(time.timestamp())) for time in pd.date_range("2020-01-01", periods=40, freq="MS")], header="ts,v"
        ),
        "seconds since 1970",
        "--time-format epoch_s",
    ),
    # ends and gaps
    "no value at the end": of(days({149: "2024-05-29,"}), "no value in the last row", "--repair trim-ends"),
    "no values at the end": of(
        days({k: f"{np.datetime64('2024-01-01') + k}," for k in range(140, 150)}), "last 10 rows", "trim-ends"
    ),
    "no value at the start": of(days({0: "2024-01-01,NA"}), "no value in the first row", "--repair trim-ends"),
    "no value at the start, filled": of(
        days({0: "2024-01-01,"}), "first value is missing", "trim-ends", flags=("--fill-gaps", "9")
    ),
    "no value at both ends and between": of(
        days({0: "2024-01-01,", 70: "2024-03-11,", 149: "2024-05-29,"}), "first row", "last row", "line 72"
    ),
    "no value but at the ends": of(
        days({k: f"{np.datetime64('2024-01-01') + k}," for k in range(1, 149)}), "147 more", "complete the file"
    ),
    "no value at all": of(days({k: f"{np.datetime64('2024-01-01') + k}," for k in range(N)}), "holds numbers"),
    "trimmed and still a hole": of(
        days({70: "2024-03-11,", 149: "2024-05-29,"}), "line 72", flags=("--repair", "trim-ends")
    ),
    "most of it missing": of(
        dated([str(np.datetime64("2024-01-01") + k) for k in sorted({*range(100), *range(100, 900, 13)})]),
        "filling would invent",
    ),
    # where
    "a condition that no row keeps": of(
        "a," + days().replace("\n2", "\nx,2").replace("day", "day"),
        "no row has a=y",
        "holds x",
        flags=("--where", "a=y"),
    ),
    "a condition on no column": of(rows(), "no column 'shop'", "mend --where", flags=("--where", "shop=A")),
    "a condition without a column": of(rows(), "--where", "column=value", flags=("--where", "A")),
    "a condition that leaves two rows": of(
        "a,time,v\n" + "".join(f"{k // 2},{k},{k}\n" for k in range(N)),
        "2 rows",
        flags=("--where", "a=3", "--value-column", "v"),
    ),
    # hostile
    "a header of commas": of("," * 5000 + "\n" + rows(), "--skip-rows 1"),
    "a cell of a megabyte": of(rows({6: "6," + "9" * 2**20}), "line 8"),
    "a name of a megabyte": of("time," + "v" * 2**20 + "\n1,x\n2,y\n3,z\n", "only one column"),
    "control characters": of(rows({6: "6,\x1b[31m5"}), "line 8", "no number"),
    "a formula": of(rows({6: '6,"=1+1"'}), "no number"),
    "letters that look like digits": of(rows({6: "6,З"}), "no number"),
    "a digit in a circle": of(rows({6: "6,⑤"}), "no number"),
    "two signs": of(rows({6: "6,-(5)"}), "no number"),
    "percent": of(rows({6: "6,5%"}), "a number with '%'", "write all numbers of the column alike"),
    "half a parenthesis": of(rows({6: "6,(5"}), "no number"),
    "true and false": of(rows({6: "6,TRUE"}), "no number"),
    "an error of a spreadsheet": of(rows({6: "6,#DIV/0!"}), "no number"),
    # Parquet
    "Parquet of one series a store": table(
        "'shop' (A, B)",
        "--where shop=A",
        day=pd.to_datetime(DAYS * 2),
        shop=["A"] * N + ["B"] * N,
        v=np.arange(2.0 * N),
    ),
    "Parquet with a last row to come": table("last row", "trim-ends", time=TIME, value=changed(VALUE, _149=np.nan)),
    "Parquet of epochs a month apart": table(
        "epoch_s",
        v=VALUE[:40],
        time=[int(time.timestamp()) for time in pd.date_range("2020-01-01", periods=40, freq="MS")],
    ),
}


def test_there_are_enough_of_them():
    assert len(MALFORMED) >= 60
    assert len(MORE) >= 100


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


def said_of(data: Path, flags: tuple[str, ...], capsys) -> tuple[int, str]:
    """The exit code and the one line of a command that only reads the file."""

    def read(settings: PipelineSettings) -> None:
        read_series_file(settings.source, settings.points_needed)

    with pytest.raises(SystemExit) as told:
        run_from_command_line(read, PipelineSettings, ["--data", str(data), *flags])
    return told.value.code, capsys.readouterr().err


@pytest.mark.parametrize("case", MORE)
def test_more_of_them_give_one_line(case, tmp_path, capsys):
    bad = MORE[case]
    data = tmp_path / bad.name
    data.write_bytes(bad.content)
    code, line = said_of(data, bad.flags, capsys)
    assert code == MISTAKE
    assert line.count("\n") == 1
    assert len(line) < 1200
    assert all(word in line for word in bad.words), line


@pytest.mark.parametrize("case", [*MALFORMED, *MORE])
def test_the_doctor_ends_with_code_2_or_a_command_that_works(case, tmp_path, capsys):
    bad = (MALFORMED | MORE)[case]
    data = tmp_path / bad.name
    data.write_bytes(bad.content)
    code = 0
    try:
        run_from_command_line(doctor, arguments=[str(data), *bad.flags])
    except SystemExit as end:
        code = end.code
    out, error = capsys.readouterr()
    assert "Traceback" not in out + error
    if code == 0:
        words = shlex.split(out.splitlines()[-1])
        assert words[:2] == ["wavecast", "run"]
        run_from_command_line(lambda settings: None, PipelineSettings, words[2:])
    else:
        assert code == MISTAKE
        assert "wavecast run" not in out


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize("case", list(MORE)[::10])
def test_some_more_leave_the_store_too(case, store, tmp_path, capsys):
    bad = MORE[case]
    data = tmp_path / bad.name
    data.write_bytes(bad.content)
    before = outline(store)
    code, line = ended(store, data, bad.flags, capsys)
    assert code == MISTAKE
    assert all(word in line for word in bad.words), line
    assert outline(store) == before


@pytest.mark.usefixtures("prefect_server")
def test_what_is_no_file_gives_one_line_too(store, tmp_path, capsys):
    before = outline(store)
    absent, folder = tmp_path / "absent.csv", tmp_path
    assert "no such file" in ended(store, absent, (), capsys)[1]
    assert "folder" in ended(store, folder, (), capsys)[1]
    unknown = ended(store, "s3x://me:secret@nowhere/file.csv?key=hidden", (), capsys)[1]
    assert "s3x://$WAVECAST_DATA_LOGIN@nowhere/file.csv" in unknown
    assert "secret" not in unknown
    assert "hidden" not in unknown
    assert outline(store) == before
