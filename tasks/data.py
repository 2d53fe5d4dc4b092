"""The steps that provide the data: generate or read a series, and cut it into groups."""

from prefect import get_run_logger

from artifacts.files.series import (
    DATASET,
    FOUND,
    GROUPS,
    read_calendar,
    read_made,
    read_series,
    write_groups,
    write_read,
    write_series,
)
from artifacts.lifecycle.registry import Registry
from artifacts.store.cache import Entry
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from rnn import series
from rnn.datasets import xsinx
from rnn.errors import SeriesTooShort
from rnn.experiment import AskedTask, OneSeries, Task
from rnn.origins import fold_origins
from rnn.random_streams import stream
from rnn.readers.options import Source
from rnn.readers.summary import FileSummary
from rnn.task_choice import choose
from tasks.support.blocks import without_block
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
        oldest = "the oldest point is" if groups.dropped == 1 else f"the {groups.dropped} oldest points are"
        logger.warning("the length does not divide by %d: %s dropped", group_size, oldest)
    return folder.entry


def obtain(store: str, series: OneSeries, seed: int, at_least: int) -> Entry:
    """The series that the settings name, of at least so many points where it is read, as `dataset.parquet`."""
    if series.data is None:
        return generate(store, series.points, series.step, series.noise, seed)
    return read_file(store, series.source, at_least, getattr(series, "unique_id", None))


def read_file(store: str, source: Source, at_least: int, unique_id: str | None = None) -> Entry:
    """Read the file that `source` names, unless its bytes have been read so before. Raises BadSource."""
    from rnn.readers.tables import digest_of  # it needs pandas, which a generated series does not

    source = without_block(source)
    return read(store, source, digest_of(source), at_least, unique_id)


@step(name="read", task_run_name="read the file")
def read(store: str, source: Source, digest: str, at_least: int, unique_id: str | None = None) -> Entry:
    """Read and check a file whose bytes have that `digest`; leave `dataset.parquet`, and tell what was found.

    `unique_id`: what the series is called, if it is not as its column of values.

    A file that is refused leaves nothing in the store. Raises BadSource.
    """
    from rnn.readers.read import read_series_file  # it needs pandas, which a generated series does not

    series, calendar, found = read_series_file(source, at_least)
    for sentence in found.sentences():
        get_run_logger().info(sentence)
    with cache_of(store).filling(made_by()) as folder:
        write_read(folder / DATASET, series, calendar, found, digest, unique_id)
    return folder.entry


def choose_task(data: Entry, asked: AskedTask, champions: Task | None = None, folds: int | None = None) -> Task:
    """The task for the series in `data`: as `asked`, and what is not asked for a file as suits it; logs the reason.

    `champions`: the task of the store's champion, which is kept. `folds`: on how many the gate will judge, so that too
    few are told before anything is trained. Raises HorizonTooLong, SeriesTooShort, NoVerdict.
    """
    summary = read_made(data / DATASET).get(FOUND)
    if summary is None:
        return asked.task
    found = FileSummary(**summary)
    task, why = choose(found, asked, champions, read_calendar(data / DATASET))
    if why:
        get_run_logger().info("%s (--group-size and --horizon ask for others)", why)
    if folds is not None:
        fold_origins(found.points, task.group_size, task.horizon, folds)
    return task


def champions_task(store: str) -> Task | None:
    """The task of the store's champion; None where there is no champion, or none whose run can be read."""
    runs = Store(store)
    champion = Registry(runs).champion()
    if champion is None:
        return None
    try:
        config = runs.run(champion.run).config
        return Task(group_size=config["group_size"], horizon=config["horizon"])
    except (UnreadableRun, OSError, ValueError, KeyError):
        return None  # the gate refuses a champion that cannot be read, and says how to go on


def check_points(data: Entry, at_least: int) -> None:
    """Raises SeriesTooShort when the series in `data` has fewer points."""
    points = len(read_series(data / DATASET))
    if points < at_least:
        raise SeriesTooShort(
            f"{points} points, and at least {at_least} are needed: give a longer series, smaller groups or fewer days"
        )
