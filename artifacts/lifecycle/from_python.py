"""Read a store from Python: the champion as a Forecaster, the served forecast as a DataFrame."""

from dataclasses import replace

from artifacts.files.forecast_table import from_parquet, to_frame
from artifacts.files.series import DATASET, read_calendar, read_series, read_times
from artifacts.lifecycle import contender
from artifacts.lifecycle.latest import NoForecast, read_latest
from artifacts.lifecycle.registry import Registry
from artifacts.lifecycle.served import newest_served
from artifacts.store.existing import existing_store
from rnn.forecaster import Forecaster
from rnn.frames import DataFrame
from rnn.series import ungroup


def latest_forecast(store: str) -> DataFrame:
    """The forecast that a store serves, a row a series and time (`artifacts.files.forecast_table.COLUMNS`).

    Nothing is computed: it is `latest/`, whole, even while it is replaced. Raises NoSuchStore and NoForecast.
    """
    _, table = read_latest(existing_store(store))
    return to_frame(from_parquet(table))


def load_champion(store: str) -> Forecaster:
    """The champion of a store, ready to predict where the data of its served forecast end; it is not trained again.

    `predict(14)` gives the next 14 points. To go on from other data: `champion.moved_to(series)`. Raises NoSuchStore,
    NoForecast where there is no champion or no data, ChampionGone and CorruptModel.
    """
    opened = existing_store(store)
    champion, served = Registry(opened).champion(), newest_served(opened)
    if champion is None or served is None:
        raise NoForecast(f"{opened.url} has no champion yet: {opened.command('retrain')} trains the first challenger")
    dataset = opened.folder(served.run.name) / DATASET
    terms = contender.terms_of(opened, champion)
    loaded = contender.load_champion(opened, champion, read_times(dataset), terms)
    series = read_series(dataset)
    known = ungroup(terms.trainings(series).groups(len(series)))
    return loaded.forecaster(replace(known, calendar=read_calendar(dataset)))
