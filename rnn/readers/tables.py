"""The table in a file, a folder, standard input or a database; a file is what its first bytes say it is."""

from collections import Counter

from rnn.readers.csv_dialect import dialect
from rnn.readers.csv_file import CsvTable
from rnn.readers.database import query_digest, query_result
from rnn.readers.files import digest, files_in, named, unpacked
from rnn.readers.folder import Folder
from rnn.readers.options import Source
from rnn.readers.parquet_file import MAGIC, ParquetTable
from rnn.readers.partition import Partition, partitions
from rnn.readers.problems import BadSource, short
from rnn.readers.table import SAMPLE, Table
from rnn.readers.urls import is_database
from rnn.readers.workbook import Workbook, is_workbook


def open_table(source: Source) -> Table:
    """The table that `source` names. Raises BadSource."""
    url = source.data or ""
    if is_database(url):
        return query_result(source)
    files = files_in(url)
    return _open_file(url, source) if files is None else _open_folder(url, files, source)


def digest_of(source: Source) -> str:
    """The digest of the bytes of the file, or of what the database returns now. Raises BadSource."""
    return query_digest(source) if is_database(source.data) else digest(source.data or "")


def _open_folder(url: str, files: list[str], source: Source) -> Folder:
    """The files of a folder as one table. Raises BadSource, which names what does not belong to the others."""
    parts: dict[str, Table] = {}
    odd: dict[str, str] = {}
    for file in files:
        try:
            parts[file] = _open_part(file, url, source)
        except BadSource as error:
            if not odd:
                first = error
            odd[file] = str(error).removeprefix(f"{named(file)}: ").partition(": ")[0]
    kinds = Counter(frozenset(part.sample) for part in parts.values())
    if len(files) == 1 and odd:
        raise first
    if not parts:
        raise BadSource(f"{named(url)}: none of its {len(files)} files can be read: {_listed(url, odd)}")
    usual = kinds.most_common(1)[0][0]
    if odd or (len(kinds) > 1 and kinds[usual] > 1):
        for file, part in parts.items():
            if frozenset(part.sample) != usual:
                odd[file] = f"columns {', '.join(repr(short(name)) for name in list(part.sample)[:4])}"
        raise BadSource(
            f"{named(url)}: {len(odd)} of its {len(files)} files do not belong to the others: {_listed(url, odd)}: "
            "take them out of the folder, or give one file"
        )
    return Folder(url, list(parts.values()))


def _listed(url: str, odd: dict[str, str]) -> str:
    """The first few files with what is the matter with each."""
    few = [
        f"{short(file.removeprefix(url.rstrip('/') + '/'))} ({short(why, 80)})" for file, why in list(odd.items())[:4]
    ]
    return "; ".join(few) + (f"; and {len(odd) - 4} more" if len(odd) > 4 else "")


def _open_part(url: str, folder: str, source: Source) -> Table:
    table = _open_file(url, source)
    return Partition(table, folder, source) if partitions(url, folder) else table


def _open_file(url: str, source: Source) -> Table:
    with unpacked(url) as file:
        start = file.read(8)
        if start.startswith(MAGIC):
            return ParquetTable(url)
        if start and url.lower().endswith((".parquet", ".pq")):
            raise BadSource(f"{named(url)}: this is no Parquet file, although it is called so: write it anew")
        if is_workbook(start):
            return Workbook(url, source)
        file.seek(0)
        return CsvTable(url, dialect(named(url), file, SAMPLE, source))
