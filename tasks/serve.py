"""What is served from now on: the champion's forecast of the time after the newest data."""

from artifacts.cache import Entry
from artifacts.contents import DATASET, read_calendar, read_ensemble, read_series, read_times
from artifacts.forecast_files import FORECAST, write_forecasts
from artifacts.registry import Promotion
from artifacts.standing import contender
from artifacts.store import Store
from artifacts.verdict_file import VERDICT, read_serves
from rnn.gate_folds import Contender, Terms
from rnn.recipes import AutoregressiveRecipe
from rnn.serving import served_beside
from tasks.steps import cache_of, made_by, step


@step(name="serve", task_run_name="forecast with the champion")
def serve(
    store: str,
    data: Entry,
    challenger: Entry,
    verdict: Entry,
    champion: Promotion | None,
    recipe: AutoregressiveRecipe,
    terms: Terms,
    seed: int,
) -> Entry:
    """Forecast with whom the verdict serves, and leave `forecast.parquet`."""
    seen, serves = read_series(data / DATASET), read_serves(verdict / VERDICT)
    network = Contender("autoregressive", recipe, seed, read_ensemble(challenger.folder))
    served, others = network, {}
    if serves["run"] is not None and champion is not None:
        served = contender(Store(store), champion, read_times(data / DATASET), terms)
        others = {"challenger": network}
    elif serves["method"] != "autoregressive":
        served, others = Contender(serves["method"], recipe, seed), {"challenger": network}
    forecasts = served_beside(served, others, terms.trainings(seen).groups(len(seen)), terms.horizon)
    with cache_of(store).filling(made_by()) as folder:
        write_forecasts(folder / FORECAST, forecasts, None, read_calendar(data / DATASET))
    return folder.entry
