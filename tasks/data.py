"""The steps that provide the data: generate or read a series, and cut it into groups."""

from dataclasses import replace

from prefect import get_run_logger

from artifacts.files.series import DATASET, FOUND, GROUPS, read_series, write_groups, write_series
from artifacts.store.cache import Entry
from rnn import series
from rnn.datasets import xsinx
from rnn.experiment import OneSeries
from rnn.random_streams import stream
from rnn.readers.files import digest as digest_of
from rnn.readers.options import Source
from tasks.support.step import cache_of, made_by, step


@step(name="generate", task_run_name="generate {points} points")
def generate(store: str, points: int, spacing: float, noise: float, seed: int) -> Entry:
    """Generate the data set, block by block, and leave it as `dataset.parquet`."""
    with cache_of(store).filling(made_by()) as folder:
        blocks = xsinx.generate_blocks(points, spacing, noise, stream(seed, "noise"))
        made = {"source": "generated x·sin(x)", "points": points, "noise": noise, "seed": seed}
        write_series(folder / DATASET, blocks, made)
    return folder.entry


@step(name="group", task_run_name="group by {group_size}")
def group(store: str, data: Entry, group_size: int, at_least: int, newest: int | None = None) -> Entry:
    """Cut the series into groups, at least `at_least` of them, and leave them as `groups.npz`; tells what it drops.

    Of the `newest` points alone, where that is said.
    """
    with cache_of(store).filling(made_by()) as folder:
        groups = series.group(series.newest(read_series(data / DATASET), newest), group_size, at_least)
        write_groups(folder / GROUPS, groups)
    logger = get_run_logger()
    logger.info("%d groups of %d points", len(groups), group_size)
    if groups.dropped:
        logger.warning("the length does not divide by %d: the %d oldest points are dropped", group_size, groups.dropped)
    return folder.entry


def obtain(store: str, series: OneSeries, seed: int, at_least: int) -> Entry:
    """The series that the settings name, of at least so many points where it is read, as `dataset.parquet`."""
    if series.data is None:
        return generate(store, series.points, series.step, series.noise, seed)
    return read_file(store, series.source, at_least)


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
    from rnn.readers.read import read_series_file  # it needs pandas, which a generated series does not

    series, calendar, found = read_series_file(source, at_least)
    for sentence in found.sentences():
        get_run_logger().info(sentence)
    blocks = (
        replace(series, x=series.x[start : start + BLOCK], y=series.y[start : start + BLOCK])
        for start in range(0, len(series), BLOCK)
    )
    with cache_of(store).filling(made_by()) as folder:
        made = {"source": found.file, "digest": digest, FOUND: found.plain()}
        write_series(folder / DATASET, blocks, made, calendar)
    return folder.entry
