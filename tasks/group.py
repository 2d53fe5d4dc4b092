"""Step 2: the series in groups, the network's time steps."""

from prefect import get_run_logger

from artifacts.cache import Entry
from artifacts.contents import DATASET, GROUPS, read_series, write_groups
from rnn import series
from tasks.steps import cache_of, made_by, step


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
