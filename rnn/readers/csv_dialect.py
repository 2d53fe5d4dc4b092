"""How a CSV file is written: its encoding, what separates its columns, its header, and what stands before decimals."""

import codecs
import csv
import re
from collections import Counter
from dataclasses import dataclass
from typing import IO

from rnn.readers.problems import BadSource, short
from rnn.readers.values import is_number, is_time

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT = 2**18
"""Bytes at the start of the file that tell how it is written."""

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, ""), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
OTHERS = ((b"\x1f\x8b", "gzip: unpack it first"), (b"PK\x03\x04", "a zip archive or an Excel workbook: save it as CSV"),
          (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save it as CSV"), (b"BZh", "bzip2: unpack it first"),
          (b"\x28\xb5\x2f\xfd", "zstd: unpack it first"), (b"%PDF", "a PDF: give a CSV or Parquet file"),
          (b"\x89PNG", "a picture: give a CSV or Parquet file"), (b"SQLite", "a database: export it as CSV"),
          (b"\x93NUMPY", "a NumPy file: save it as CSV or Parquet"),
          (b"ARROW1", "an Arrow file: save it as CSV or Parquet"))  # fmt: skip
"""What other files begin with."""

_COMMA = re.compile(r"\s*[-+]?\d*,\d+\s*")


@dataclass(frozen=True)
class Dialect:
    """How the file is written; `columns` is its header, which ends in line `header`. `rows` are the first few."""

    encoding: str
    separator: str
    decimal: str
    columns: tuple[str, ...]
    header: int
    rows: tuple[tuple[str, ...], ...]


def dialect(name: str, file: IO[bytes], most_rows: int) -> Dialect:
    """Find out from the first bytes of `file`. Raises BadSource when it is no CSV file with a header."""
    start = file.read(LOOKED_AT)
    whole = len(start) < LOOKED_AT
    encoding, text = _decoded(name, start, whole)
    if not text.strip():
        raise BadSource(f"{name}: the file has no text in it: check how it was written")
    lines = text.splitlines(keepends=True)
    if not whole:
        lines = lines[:-1]
    separator = _separator(name, lines)
    records, header_line = _records(name, lines, separator, most_rows, whole)
    columns = tuple(cell.strip() for cell in records[0])
    _check_header(name, columns, header_line)
    rows = tuple(tuple(row) for row in records[1:] if len(row) == len(columns))
    return Dialect(encoding, separator, _decimal(separator, rows), columns, header_line, rows)


def _decoded(name: str, start: bytes, whole: bool) -> tuple[str, str]:
    if not start:
        raise BadSource(f"{name}: the file is empty: check how it was written")
    for mark, what in OTHERS:
        if start.startswith(mark):
            raise BadSource(f"{name}: this is no CSV or Parquet file but {what}")
    encoding = next((encoding for mark, encoding in MARKS if start.startswith(mark)), "utf-8")
    if not encoding:
        raise BadSource(f"{name}: the file is in UTF-32: save it as UTF-8")
    if encoding != "utf-16" and b"\x00" in start:
        like = "as UTF-16 without its mark" if start.count(b"\x00") > len(start) // 4 else "as no text"
        raise BadSource(f"{name}: the file has zero bytes in it, {like}: save it as UTF-8")
    try:
        return encoding, codecs.getincrementaldecoder(encoding)().decode(start, final=whole)
    except UnicodeDecodeError as error:
        line = start[: error.start].count(b"\n") + 1
        raise wrong_encoding(name, encoding, line) from None


def wrong_encoding(name: str, encoding: str, line: int) -> BadSource:
    """What is said of bytes that are no letter in the file's encoding."""
    if encoding == "utf-16":
        return BadSource(f"{name}: line {line} is not written in UTF-16, or cut off: save the file as UTF-8")
    return BadSource(
        f"{name}: line {line} is not written in UTF-8, perhaps in Latin-1 or Windows-1252: save the file as UTF-8"
    )


def _separator(name: str, lines: list[str]) -> str:
    """The one that cuts the header into several columns, and the most rows into as many."""
    best, share = "", 0.0
    for separator in SEPARATORS:
        counts = Counter(len(row) for row in csv.reader(lines[:200], delimiter=separator) if row)
        header = len(next((row for row in csv.reader(lines[:20], delimiter=separator) if row), []))
        agree = counts[header] / counts.total() if header > 1 else 0.0
        if agree > share:
            best, share = separator, agree
    if not best:
        raise BadSource(
            f"{name}: only one column is found in {short(lines[0].strip() if lines else '', 60)!r}: give a CSV file "
            "with two or more columns, separated by comma, semicolon, tab or bar"
        )
    return best


def _records(name: str, lines: list[str], separator: str, most: int, whole: bool) -> tuple[list[list[str]], int]:
    """The header and the first rows, and the line in which the header ends. Empty lines are none."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    records: list[list[str]] = []
    header_line = 0
    try:
        for record in reader:
            if record:
                records.append(record)
                header_line = header_line or reader.line_num
            if len(records) > most:
                break
    except csv.Error as error:
        if whole or not records:
            raise broken_quotes(name, reader.line_num, error) from None
    return records, header_line


def broken_quotes(name: str, line: int, error: csv.Error) -> BadSource:
    """What is said of quotes that make no sense."""
    if "end of data" in str(error):
        return BadSource(
            f"{name}: line {line}: the file ends inside quotes: is it cut off, or is a quote before it never closed?"
        )
    return BadSource(f"{name}: line {line}: text stands behind a closing quote: double the quotes within a cell")


def _check_header(name: str, columns: tuple[str, ...], line: int) -> None:
    for cell in columns:
        if is_number(cell, ",") or is_number(cell, ".") or is_time(cell):
            raise BadSource(
                f"{name}: line {line} has data ({short(cell)!r}) where the names of the columns belong: put a line "
                "such as 'time,value' above it"
            )
    twice = next((cell for cell in columns if cell and columns.count(cell) > 1), None)
    if twice is not None:
        raise BadSource(f"{name}: two columns are called {short(twice)!r}: rename one")
    if not any(columns):
        raise BadSource(f"{name}: line {line} names no column: put a line such as 'time,value' there")


def _decimal(separator: str, rows: tuple[tuple[str, ...], ...]) -> str:
    """A comma, when some number has one and the comma is not what separates columns."""
    if separator == ",":
        return _decimal_when_quoted(rows)
    return "," if any(_COMMA.fullmatch(cell) for row in rows for cell in row) else "."


def _decimal_when_quoted(rows: tuple[tuple[str, ...], ...]) -> str:
    """Between commas a number may have one in quotes: "1,5". Some column must be all such, or whole numbers."""
    for column in zip(*rows, strict=False):
        given = [cell for cell in column if cell.strip()]
        if given and any(_COMMA.fullmatch(cell) for cell in given) and all(is_number(cell, ",") for cell in given):
            return ","
    return "."
