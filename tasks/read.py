"""Step 1 with a series of the user's own: read from a file, checked, and kept as Parquet.

`read_file(store, source, at_least)` is what a flow calls: it returns an Entry whose folder has `dataset.parquet`, from
which `artifacts.contents` reads the series (`read_series`), its calendar (`read_calendar`) and how it was read
(`read_made`: the file's name and digest, what was found in it). The same bytes in the file are read once.
"""

from prefect import get_run_logger

from artifacts.cache import Entry
from artifacts.contents import DATASET, FOUND, write_series
from rnn.series import Series
from rnn.source.files import digest as digest_of
from rnn.source.options import Source
from rnn.source.read import read_series_file
from tasks.steps import cache_of, made_by, step

BLOCK = 2**18
"""Points of a series that are written at a time."""


def read_file(store: str, source: Source, at_least: int) -> Entry:
    """Read the file that `source` names, unless its bytes have been read so before. Raises BadSource."""
    return read(store, source, digest_of(source.data or ""), at_least)


@step(name="read", task_run_name="read the file")
def read(store: str, source: Source, digest: str, at_least: int) -> Entry:
    """Read and check a file whose bytes have that `digest`; leave `dataset.parquet`, and tell what was found.

    A file that is refused leaves nothing in the store. Raises BadSource.
    """
    series, calendar, found = read_series_file(source, at_least)
    for sentence in found.sentences():
        get_run_logger().info(sentence)
    blocks = (
        Series(series.x[start : start + BLOCK], series.y[start : start + BLOCK], series.step)
        for start in range(0, len(series), BLOCK)
    )
    with cache_of(store).filling(made_by()) as folder:
        made = {"source": found.file, "digest": digest, FOUND: found.plain()}
        write_series(folder / DATASET, blocks, made, calendar)
    return folder.entry
