"""A workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) as a table: one sheet, read whole, since no sheet has very many rows."""

import datetime
from collections.abc import Iterable, Iterator
from typing import IO, Any

import pyarrow as pa

from rnn.readers.files import named, reading, unpacked
from rnn.readers.options import Source
from rnn.readers.plain_text import plain
from rnn.readers.problems import BadSource, Problem, short
from rnn.readers.table import BLOCK, SAMPLE

OLD = b"\xd0\xcf\x11\xe0"
"""The first bytes of workbooks from before 2007; later ones are zip archives."""


def is_workbook(start: bytes) -> bool:
    """Whether a file whose first bytes are these can be a workbook; archives with one other file are unpacked."""
    return start.startswith((OLD, b"PK\x03\x04"))


class Workbook:
    """One sheet of a workbook. Raises BadSource when it cannot be read, or names no columns."""

    decimal = "."
    text_is_data = True
    is_ordered = True

    def __init__(self, url: str, source: Source) -> None:
        self.url = url
        with unpacked(url) as file, reading(url):
            sheet, rows = _sheet(named(url), file, source)
        self.kind = f"workbook, sheet '{short(sheet)}'"
        above, names = _names(named(url), rows, source.skip_rows)
        self._first = above + 2  # rows are counted from 1, as the program that shows them does
        body = [row[: len(names)] for row in rows[above + 1 :]]
        kept = [place for place, row in enumerate(body) if any(cell != "" for cell in row)]
        self._kept = kept
        columns = list(zip(*(body[place] for place in kept), strict=True)) or [()] * len(names)
        self._cells = {name: as_array(cells) for name, cells in zip(names, columns, strict=True) if name}
        self.sample = {name: cells.slice(0, SAMPLE) for name, cells in self._cells.items()}

    def head(self, name: str) -> Any:
        """The first cells of a column."""
        return self.sample[name]

    def blocks(self, names: list[str]) -> Iterator[list[Any]]:
        """The columns `names`, some rows at a time."""
        for start in range(0, len(self._kept), BLOCK):
            yield [self._cells[name].slice(start, BLOCK) for name in names]

    def problems(self) -> list[Problem]:
        """Rows of a sheet all have as many cells."""
        return []

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """Rows, as the program that shows the sheet counts them."""
        return {record: f"row {self._first + self._kept[record]}" for record in records}


def _sheet(name: str, file: IO[bytes], source: Source) -> tuple[str, list[list[Any]]]:
    """The name of the sheet that is meant, and its rows from the first of the sheet on."""
    try:
        import python_calamine
    except ImportError:
        raise BadSource(
            f"{name}: this is an Excel workbook or the like, which needs an optional library: pip install "
            "'wavecast[excel]', or save the sheet as CSV"
        ) from None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        sheets = {sheet: book.get_sheet_by_name(sheet) for sheet in _wanted(name, book.sheet_names, source.sheet)}
        meant = next((sheet for sheet, read in sheets.items() if read.height > 1), next(iter(sheets)))
        return meant, sheets[meant].to_python(skip_empty_area=False)
    except python_calamine.PasswordError:
        raise BadSource(f"{name}: the Excel workbook has a password: save it without one, or as CSV") from None
    except python_calamine.CalamineError as error:
        reason = short(" ".join(str(error).split()), 120)
        raise BadSource(
            f"{name}: cannot be read as an Excel workbook, it is damaged or cut off ({reason}): save it anew, or as CSV"
        ) from None


def _wanted(name: str, sheets: list[str], given: str | None) -> list[str]:
    if given is None and sheets:
        return sheets
    if given not in sheets:
        names = ", ".join(repr(short(sheet)) for sheet in sheets[:8])
        raise BadSource(f"{name}: there is no sheet {given!r}, but {names or 'none at all'}: mend --sheet")
    return [given]


def _names(name: str, rows: list[list[Any]], skip: int) -> tuple[int, list[str]]:
    """The number of rows above that of the columns' names, and the names; those of empty columns are empty."""
    first = next((place for place, row in enumerate(rows) if place >= skip and any(cell != "" for cell in row)), None)
    if first is None:
        raise BadSource(f"{name}: the sheet is empty: name another with --sheet")
    cells = rows[first]
    if sum(cell != "" for cell in cells) < 2 and not skip:
        wide = next((place for place in range(first, len(rows)) if _are_names(rows[place])), None)
        if wide is not None:
            raise BadSource(
                f"{name}: row {first + 1} ({short(str(next(filter(None, cells))))!r}) does not name the columns, row "
                f"{wide + 1} does: give --skip-rows {wide}",
                {"skip_rows": wide},
            )
    data = next((cell for cell in cells if cell != "" and not isinstance(cell, str)), None)
    if data is not None:
        raise BadSource(f"{name}: row {first + 1} has data ({data}) where the names of the columns belong: name them")
    names = [str(cell).strip() for cell in cells]
    twice = next((one for one in names if one and names.count(one) > 1), None)
    if twice is not None:
        raise BadSource(f"{name}: two columns are called {short(twice)!r}: rename one")
    return first, names


def _are_names(row: list[Any]) -> bool:
    given = [cell for cell in row if cell != ""]
    return len(given) > 1 and all(isinstance(cell, str) for cell in given)


def as_array(cells: Iterable[Any]) -> pa.Array:
    """Cells of one column as numbers or timestamps where all are; else as text. Empty cells are null."""
    known = [None if cell == "" else cell for cell in cells]
    given = [cell for cell in known if cell is not None]
    if given and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in given):
        return pa.array([None if cell is None else float(cell) for cell in known], pa.float64())
    if given and all(isinstance(cell, datetime.date) for cell in given):
        return pa.array([_moment(cell) for cell in known], pa.timestamp("us"))
    return plain(pa.array([None if cell is None else _text(cell) for cell in known], pa.string()))


def _moment(cell: Any) -> datetime.datetime | None:
    if cell is None or isinstance(cell, datetime.datetime):
        return cell
    return datetime.datetime.combine(cell, datetime.time())


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
