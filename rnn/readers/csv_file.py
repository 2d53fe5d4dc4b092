"""A CSV file as a table: cells stay text here, and are read by pyarrow a block at a time."""

import codecs
import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.csv

from rnn.readers.csv_dialect import SEPARATORS, Dialect, broken_quotes
from rnn.readers.encodings import wrong_encoding
from rnn.readers.extra_rows import REMEDY, REPAIR, Ragged
from rnn.readers.files import named, reading, unpacked
from rnn.readers.plain_text import plain
from rnn.readers.problems import BadSource, Problem, short
from rnn.readers.table import SAMPLE

BLOCK_BYTES = 2**20
LONGEST_CELL = 2**24

SEVERAL = 3
"""So many rows with a cell too many are no typing errors."""


class CsvTable:
    """A CSV file. `ragged`: how many rows, so far, have not as many cells as the header; they are left out."""

    text_is_data = True
    is_ordered = True

    def __init__(self, url: str, dialect: Dialect) -> None:
        self.url, self.dialect, self.decimal = url, dialect, dialect.decimal
        separator = SEPARATORS.get(dialect.separator, repr(dialect.separator))
        self.kind = f"CSV, {dialect.encoding.removesuffix('-sig').upper()}, {separator}"
        self.kind += "-separated" + (", with decimal commas" if dialect.decimal == "," else "")
        cells = list(zip(*dialect.rows[:SAMPLE], strict=True)) or [()] * len(dialect.columns)
        self.sample = dict(zip(dialect.columns, (pa.array(column, pa.string()) for column in cells), strict=True))
        self.ragged = 0

    def blocks(self, names: list[str]) -> Iterator[list[Any]]:
        """The cells of the columns `names` as text. Raises BadSource for what is no text in the file's encoding."""
        self.ragged = 0
        places = [str(self.dialect.columns.index(name)) for name in names]
        with unpacked(self.url) as file, reading(self.url):
            try:
                for batch in self._reader(file, places):
                    yield [plain(batch.column(place)) for place in places]
            except UnicodeError:
                raise self._wrong_encoding() from None
            except pa.ArrowInvalid as error:
                raise self._broken(error) from None

    def _reader(self, file: Any, places: list[str]) -> Any:
        # What is said to be UTF-8 already, Arrow would pass on, and never look at the columns that are not read.
        encoding = "utf-8-sig" if self.dialect.encoding == "utf-8" else self.dialect.encoding
        stream = pa.transcoding_input_stream(pa.PythonFile(file, mode="r"), encoding, "utf-8")
        if self.header_only():
            return ()
        return pyarrow.csv.open_csv(
            stream,
            # In one thread: read ahead holds more than is asked for, and rows are counted in their order.
            pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=BLOCK_BYTES,
                skip_rows=self.dialect.header,
                column_names=[str(i) for i in range(len(self.dialect.columns))],
            ),
            pyarrow.csv.ParseOptions(
                delimiter=self.dialect.separator, newlines_in_values=True, invalid_row_handler=self._leave_out
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.string()), include_columns=places, strings_can_be_null=False
            ),
        )

    def head(self, name: str) -> Any:
        """The first cells of a column, as text."""
        return self.sample[name]

    def header_only(self) -> bool:
        """Whether nothing follows the header; pyarrow takes that for a mistake."""
        return not self.dialect.rows and not any(True for _ in self._records())

    def _leave_out(self, row: Any) -> str:
        self.ragged += 1
        return "skip"

    def problems(self) -> list[Problem]:
        """The problem of the rows that were left out, once all blocks have been read."""
        if not self.ragged:
            return []
        width = len(self.dialect.columns)
        ragged = Ragged(width)
        for line, row in self._records():
            ragged.look(line, row)
            if ragged.is_settled:
                break
        line, cells = ragged.first or (0, 0)
        have = "1 cell" if cells == 1 else f"{cells} cells"
        more = f", and {self.ragged - 1} more like it" if self.ragged > 1 else ""
        what = f"line {line}: {have} where the header has {width}"
        if ragged.are_extra:
            return [Problem("extra", what, self.ragged, remedy=REMEDY, repair=REPAIR)]
        remedy = "quote cells that hold the separator, and complete rows cut off"
        if ragged.split_decimals and (self.ragged >= SEVERAL or not self.dialect.rows):
            remedy = "name the last column too, or, if it has the decimals, put semicolons between the columns"
        elif cells == width + 1 and not self.dialect.rows:
            remedy = "name the last column too, or take the separator at the ends of rows off"
        return [Problem("ragged", what + more, 1, remedy=remedy)]

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """The line in which each record ends, found by reading the file once more."""
        wanted, places = set(records), {}
        if not wanted:
            return {}
        width, count = len(self.dialect.columns), 0
        for line, row in self._records():
            if len(row) == width:
                if count in wanted:
                    places[count] = f"line {line}"
                count += 1
            if len(places) == len(wanted):
                break
        return places

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Every record behind the header with the line in which it ends, empty lines left out. Raises BadSource."""
        csv.field_size_limit(LONGEST_CELL)
        with unpacked(self.url) as file, reading(self.url):
            text = io.TextIOWrapper(file, self.dialect.encoding, newline="")
            skipped = sum(1 for _ in itertools.islice(text, self.dialect.skipped))
            reader = csv.reader(text, delimiter=self.dialect.separator, strict=True)
            try:
                header = True
                for row in reader:
                    if row and not header:
                        yield skipped + reader.line_num, row
                    header = header and not row
            except csv.Error as error:
                raise broken_quotes(named(self.url), skipped + reader.line_num, error) from None
            except UnicodeError:
                raise self._wrong_encoding() from None

    def _wrong_encoding(self) -> BadSource:
        """The line, counted anew byte by byte."""
        line, decoder = 1, codecs.getincrementaldecoder(self.dialect.encoding)()
        with unpacked(self.url) as file:
            try:
                for block in iter(lambda: file.readline(2**16), b""):
                    line += decoder.decode(block).count("\n")
                decoder.decode(b"", final=True)
            except UnicodeError:
                pass
        return wrong_encoding(named(self.url), self.dialect.encoding, line)

    def _broken(self, error: pa.ArrowInvalid) -> BadSource:
        """The refusal of rows that pyarrow cannot tell apart; Python's reader says where they are."""
        for _ in self._records():
            pass
        return BadSource(f"{named(self.url)}: cannot be read as CSV ({short(str(error), 120)}): check its quotes")
