"""The dialect of a CSV file: its encoding, its separator of columns, its header, and its decimal mark."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import IO

from rnn.readers.encodings import wrong_encoding
from rnn.readers.header import lines_above_names, separator_line, times_across
from rnn.readers.options import Source
from rnn.readers.other_kinds import refuse_other_bytes, refuse_other_text
from rnn.readers.plain_text import plain_cell
from rnn.readers.problems import BadSource, short
from rnn.readers.values import is_number, is_time

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT = 2**18
"""Bytes at the start of the file that tell how it is written."""

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, ""), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_COMMA = re.compile(r"\s*[-+]?\d*,\d+(e[-+]?\d+)?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """The way a CSV file is written: `columns` is its header, which ends in line `header`; `rows` are the first few.

    `skipped`: so many lines stand above the header and are left out.
    """

    encoding: str
    separator: str
    decimal: str
    columns: tuple[str, ...]
    header: int
    rows: tuple[tuple[str, ...], ...]
    skipped: int = 0


def dialect(name: str, file: IO[bytes], most_rows: int, source: Source | None = None) -> Dialect:
    """Find out from the first bytes of `file` and what `source` says. Raises BadSource when no header is found."""
    source = source or Source()
    start = file.read(LOOKED_AT)
    whole = len(start) < LOOKED_AT
    encoding, text = _decoded(name, start, whole, source.encoding)
    if not text.strip():
        raise BadSource(f"{name}: the file has no text in it: check how it was written")
    refuse_other_text(name, text)
    lines = list(io.StringIO(text, newline=""))
    if not whole:
        lines = lines[:-1]
    lines, skipped, separator = _below_titles(name, lines, source.skip_rows)
    if source.value_column is None:
        _refuse_times_across(name, lines, skipped)
    hinted = None if source.skip_rows else _title_above(name, lines, skipped)
    try:
        separator = separator or _separator(name, lines)
        records, header_line = _records(name, lines, separator, most_rows, whole, skipped)
        columns = tuple(cell.strip() for cell in records[0])
        _check_header(name, columns, header_line)
    except BadSource as error:
        raise hinted or error from None
    rows = tuple(tuple(map(plain_cell, row)) for row in records[1:] if len(row) == len(columns))
    if hinted and (sum(map(bool, columns)) < 2 or not rows):
        raise hinted
    return Dialect(
        encoding=encoding,
        separator=separator,
        decimal=_decimal(separator, rows),
        columns=columns,
        header=header_line,
        rows=rows,
        skipped=skipped,
    )


def _below_titles(name: str, lines: list[str], skip: int) -> tuple[list[str], int, str]:
    """The lines below what is skipped, how many those are, and the separator if Excel's own first line gives it."""
    if skip and skip >= len(lines):
        raise BadSource(f"{name}: nothing is left below {skip} skipped lines: give a smaller --skip-rows")
    separator = separator_line(lines[0]) if lines and not skip else None
    skip = 1 if separator else skip
    return lines[skip:], skip, separator or ""


def _refuse_times_across(name: str, lines: list[str], skipped: int) -> None:
    """Raise BadSource where the names of the columns are times one after the other."""
    found = times_across(lines, tuple(SEPARATORS))
    if found is not None:
        line, first = found
        raise BadSource(f"{name}: line {skipped + line} has times side by side, such as {short(first)!r}: turn the "
                        "table, so that each row has one time and one value")  # fmt: skip


def _title_above(name: str, lines: list[str], skipped: int) -> BadSource | None:
    """The refusal of a file whose columns are named further down, if it is one."""
    above = lines_above_names(lines, tuple(SEPARATORS))
    if not above:
        return None
    title = short(next((line.strip() for line in lines if line.strip()), ""))
    return BadSource(
        f"{name}: line {skipped + 1} ({title!r}) does not name the columns, line {skipped + above + 1} does: give "
        f"--skip-rows {skipped + above}",
        {"skip_rows": skipped + above},
    )


def _decoded(name: str, start: bytes, whole: bool, given: str | None) -> tuple[str, str]:
    if not start:
        raise BadSource(f"{name}: the file is empty: check how it was written")
    refuse_other_bytes(name, start)
    encoding = given or next((encoding for mark, encoding in MARKS if start.startswith(mark)), "utf-8")
    if not encoding:
        raise BadSource(f"{name}: the file is in UTF-32: save it as UTF-8, or give --encoding utf-32")
    if not encoding.startswith(("utf-16", "utf-32")) and b"\x00" in start:
        like = "as UTF-16 without its mark" if start.count(b"\x00") > len(start) // 4 else "as no text"
        raise BadSource(f"{name}: the file has zero bytes in it, {like}: save it as UTF-8")
    try:
        return encoding, codecs.getincrementaldecoder(encoding)().decode(start, final=whole)
    except UnicodeError as error:
        line = start[: getattr(error, "start", 0)].count(b"\n") + 1
        raise wrong_encoding(name, encoding, line, start) from None


def _separator(name: str, lines: list[str]) -> str:
    """The separator that cuts the header into several columns, and the most rows into as many."""
    best, share = "", 0.0
    for separator in SEPARATORS:
        counts = Counter(len(row) for row in csv.reader(lines[:200], delimiter=separator) if row)
        header = len(next((row for row in csv.reader(lines[:20], delimiter=separator) if row), []))
        agree = counts[header] / counts.total() if header > 1 else 0.0
        if agree > share:
            best, share = separator, agree
    if not best:
        filled = [line.strip() for line in lines[:200] if line.strip()]
        if filled and all(line[0] == line[-1] == '"' and len(line) > 1 for line in filled):
            raise BadSource(f"{name}: every line stands in quotes as a whole: take the outer quotes off")
        if filled and len(filled[0].split()) > 1 and len({len(line.split()) for line in filled}) == 1:
            raise BadSource(f"{name}: the columns seem to be separated by spaces: put commas or tabs between them")
        if filled and re.search("[，；]", filled[0]):
            raise BadSource(f"{name}: the columns are separated by full-width commas or semicolons: write plain ones")
        raise BadSource(
            f"{name}: only one column is found in {short(lines[0].strip() if lines else '', 60)!r}: give a CSV file "
            "with two or more columns, separated by comma, semicolon, tab or bar"
        )
    return best


def _records(
    name: str, lines: list[str], separator: str, most: int, whole: bool, skipped: int
) -> tuple[list[list[str]], int]:
    """The header and the first rows, and the line in which the header ends. Empty lines are none."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    records: list[list[str]] = []
    header_line = 0
    try:
        for record in reader:
            if record:
                records.append(record)
                header_line = header_line or skipped + reader.line_num
            if len(records) > most:
                break
    except csv.Error as error:
        if whole or not records:
            raise broken_quotes(name, skipped + reader.line_num, error) from None
    if not records:
        raise BadSource(f"{name}: no line names the columns: put a line such as 'time,value' above the data")
    return records, header_line


def broken_quotes(name: str, line: int, error: csv.Error) -> BadSource:
    """The refusal of quotes that make no sense."""
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
