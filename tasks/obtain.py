"""Step 1: the series, read from the user's file or generated."""

from artifacts.cache import Entry
from rnn.experiment import OneSeries
from tasks.generate import generate
from tasks.read import read_file


def obtain(store: str, series: OneSeries, seed: int, at_least: int) -> Entry:
    """The series that the settings name, of at least so many points where it is read, as `dataset.parquet`."""
    if series.data is None:
        return generate(store, series.points, series.step, series.noise, seed)
    return read_file(store, series.source, at_least)
