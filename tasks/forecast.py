"""Step 4: what the networks and the baselines say of the groups beyond the series, and how far off they are."""

from artifacts.cache import Entry
from artifacts.contents import DATASET, GROUPS, read_calendar, read_groups, read_model
from artifacts.forecast_files import (
    FORECAST,
    HINDSIGHT,
    METRICS,
    REHEARSALS,
    read_hindsight,
    read_rehearsals,
    write_forecasts,
    write_metrics,
)
from rnn.forecasting import GridName
from rnn.judging import fit_rmse, score
from rnn.methods import COMPARED, COMPARED_ON_OWN
from rnn.recipes import ArticleRecipe, Recipe
from rnn.series import curve
from rnn.side_by_side import side_by_side
from rnn.streams import stream
from rnn.training import Trained
from tasks.steps import cache_of, made_by, step


@step(name="forecast", task_run_name="forecast {horizon} groups ahead")
def forecast(
    store: str,
    groups: Entry,
    models: dict[str, Entry],
    rehearsed: Entry,
    recipes: dict[str, Recipe],
    grid: GridName,
    horizon: int,
    seed: int,
    *,
    own: Entry | None = None,
) -> Entry:
    """Forecast with every model and what it is compared with; leave `forecast.parquet` and `metrics.json`.

    Of the user's `own` data nobody knows what follows: the metrics are those of earlier origins.
    """
    data = read_groups(groups / GROUPS)
    trained = {name: read_model(models[name].folder, recipe) for name, recipe in recipes.items()}
    rehearsals = read_rehearsals(rehearsed / REHEARSALS)
    compared = COMPARED if own is None else COMPARED_ON_OWN
    rng = stream(seed, "fully connected")
    forecasts = side_by_side(data, trained, rehearsals, grid, horizon, rng, compared)
    truth = curve(forecasts[0].x) if own is None else None
    calendar = None if own is None else read_calendar(own / DATASET)
    fits = {}
    for name, recipe in recipes.items():
        model = trained[name]
        if isinstance(recipe, ArticleRecipe) and isinstance(model, Trained):
            fits[name] = fit_rmse(model.fitted, data.y[:, :, 0], recipe.window)
    with cache_of(store).filling(made_by()) as folder:
        write_forecasts(folder / FORECAST, forecasts, truth, calendar)
        scores = {} if truth is None else score(forecasts, truth)
        write_metrics(folder / METRICS, scores, fits, *read_hindsight(rehearsed / HINDSIGHT))
    return folder.entry
