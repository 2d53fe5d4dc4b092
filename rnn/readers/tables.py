"""The table in a file, a folder, standard input or a database; a file is what its first bytes say it is."""

from rnn.readers.csv_dialect import dialect
from rnn.readers.csv_file import CsvTable
from rnn.readers.database import query_digest, query_result
from rnn.readers.files import digest, files_in, named, unpacked
from rnn.readers.folder import Folder
from rnn.readers.options import Source
from rnn.readers.parquet_file import MAGIC, ParquetTable
from rnn.readers.partition import Partition, partitions
from rnn.readers.problems import BadSource
from rnn.readers.table import SAMPLE, Table
from rnn.readers.urls import is_database
from rnn.readers.workbook import Workbook, is_workbook


def open_table(source: Source) -> Table:
    """The table that `source` names. Raises BadSource."""
    url = source.data or ""
    if is_database(url):
        return query_result(source)
    files = files_in(url)
    return _open_file(url, source) if files is None else Folder(url, [_open_part(file, url, source) for file in files])


def digest_of(source: Source) -> str:
    """The digest of the bytes of the file, or of what the database returns now. Raises BadSource."""
    return query_digest(source) if is_database(source.data) else digest(source.data or "")


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
