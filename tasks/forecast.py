"""Step 4: what the networks and the baselines say of the groups beyond the series, and how far off they are."""

from artifacts.cache import Entry
from artifacts.contents import (
    FORECAST,
    GROUPS,
    METRICS,
    read_groups,
    read_trained,
    write_forecasts,
    write_metrics,
)
from rnn import forecasting
from rnn.baselines import BASELINES
from rnn.forecasting import Forecast, GridName
from rnn.judging import fit_rmse, score
from rnn.recipes import ArticleRecipe
from rnn.series import curve
from rnn.streams import stream
from tasks.steps import cache_of, made_by, step


@step(name="forecast", task_run_name="forecast {horizon} groups ahead")
def forecast(
    store: str,
    groups: Entry,
    models: dict[str, Entry],
    recipes: dict[str, ArticleRecipe],
    grid: GridName,
    horizon: int,
    seed: int,
) -> Entry:
    """Forecast with every model and baseline; leave `forecast.parquet` and `metrics.json`."""
    data = read_groups(groups / GROUPS)
    x = forecasting.grid(grid, float(data.x[-1, -1, 0]), data.step, data.group_size, horizon)
    truth = curve(x)
    trained = {name: read_trained(entry.folder) for name, entry in models.items()}
    forecasts = [Forecast(name, x, forecasting.forecast(t.network, x, t.h_last)) for name, t in trained.items()]
    rng = stream(seed, "fully connected")
    forecasts += [Forecast(name, x, baseline(data, x, rng)) for name, baseline in BASELINES.items()]
    fits = {name: fit_rmse(t.fitted, data.y[:, :, 0], recipes[name].window) for name, t in trained.items()}
    with cache_of(store).filling(made_by()) as folder:
        write_forecasts(folder / FORECAST, forecasts, truth)
        write_metrics(folder / METRICS, score(forecasts, truth), fits)
    return folder.entry
