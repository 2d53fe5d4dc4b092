"""Small finished runs for the tests of this room: trained for two epochs, with made-up and naive forecasts."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from artifacts.files.evaluation import Evaluation
from artifacts.files.forecasts import FORECAST, METRICS, write_forecasts, write_metrics
from artifacts.files.models import write_ensemble, write_trained
from artifacts.files.series import DATASET, read_series, write_series
from artifacts.reports.pipeline_pictures import pictures
from artifacts.reports.pipeline_run import PipelineRun
from artifacts.reports.retrain import Retraining
from artifacts.store.cache import Cache, Entry
from artifacts.store.digests import digest_files
from artifacts.store.manifest import write_manifest
from rnn.datasets.xsinx import curve, generate
from rnn.elman.forecaster import Elman
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import train
from rnn.ensemble import training
from rnn.ensemble.model import TrainedEnsemble
from rnn.evaluation import benchmark
from rnn.evaluation.methods import METHODS
from rnn.forecast import Forecast, grid
from rnn.intervals import Intervals
from rnn.lifecycle.folds import Fold
from rnn.lifecycle.gate import judge
from rnn.metrics import fit_rmse, score
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, UntunedRecipe
from rnn.series import group, ungroup

SMALL = AutoregressiveRecipe(iterations=3, memories=(3, 6), recurrent_memories=(6,), members=6, folds=2)
ALL = {"untuned": UntunedRecipe(epochs=9), "article": ArticleRecipe(epochs=2), "autoregressive": SMALL}


def make_run(
    recipes=ALL, *, points: int = 120, step: float = 0.05, group_size: int = 6, horizon: int = 5, known: bool = True,
    y: Callable[[np.ndarray], np.ndarray] | None = None,
) -> PipelineRun:  # fmt: skip
    """A run's contents, in memory. `y` replaces the series' values; without `known` what follows is not known."""
    series = generate(points, step, 0.01, stream(0, "noise"))
    if y is not None:
        series = type(series)(series.x, y(series.x), step)
    groups = group(series, group_size)
    models = {
        name: train(ElmanNetwork.random(stream(0, name), group_size, 4, group_size), groups, recipe)
        if isinstance(recipe, ArticleRecipe)
        else training.train(groups, recipe, stream(0, name), horizon=horizon)
        for name, recipe in recipes.items()
    }
    x = grid("text", float(series.x[-1]), step, group_size, horizon)
    forecasts = [
        Forecast(name, x, y, Intervals(y - 1, y + 1, y - 2, y + 2))
        for name, model in models.items()
        for y in [model.forecast(horizon) if isinstance(model, TrainedEnsemble)
                  else forecast(model.network, x, model.h_last)]
    ]  # fmt: skip
    for name in ("persistence", "linear"):
        (fitted,) = METHODS[name](group_size, 0).fit_each([ungroup(groups)], x.size)
        forecasts.append(fitted.forecast_at(x, None))
    forecasts += [Forecast("fully connected", x, np.cos(x))]
    truth = curve(x) if known else None
    fits = {
        name: fit_rmse(models[name].fitted, groups.y[:, :, 0], recipe.window)
        for name, recipe in recipes.items()
        if isinstance(recipe, ArticleRecipe)
    }
    scores = {} if truth is None else score(forecasts, truth)
    return PipelineRun(series, recipes, models, forecasts, truth, scores, fits, {"seed": 0, "step": step})


def is_same(one, other) -> bool:
    """Equal in every field, arrays bit for bit."""
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return type(one) is type(other) and all(is_same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, dict):
        return list(one) == list(other) and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return one == other


@pytest.fixture(scope="session")
def same() -> Callable[..., bool]:
    """`is_same`, to compare what was read with what was written."""
    return is_same


@pytest.fixture(scope="session")
def make() -> Callable[..., PipelineRun]:
    """`make_run`, for a run of another shape."""
    return make_run


@pytest.fixture(scope="session")
def run(make) -> PipelineRun:
    """All recipes, every method, the truth known; 120 points in groups of 6, 5 groups ahead."""
    return make()


@pytest.fixture(scope="session")
def plots(run, tmp_path_factory) -> Path:
    """The folder with that run's pictures."""
    folder = tmp_path_factory.mktemp("plots")
    for picture in pictures(run):
        picture.draw(folder / picture.name)
    return folder


@pytest.fixture(scope="session")
def parts(run, plots, tmp_path_factory) -> dict[str, list[Entry]]:
    """What the steps of that run left in a cache, as `put_run_folder` takes it."""
    cache = Cache(tmp_path_factory.mktemp("steps"))
    with cache.filling("a run") as data:
        write_series(data / DATASET, run.series, {"seed": 0})
    with cache.filling("a run") as forecasts:
        write_forecasts(forecasts / FORECAST, run.forecasts, run.truth)
        write_metrics(forecasts / METRICS, dict(run.scores), dict(run.fits))
    with cache.filling("a run") as drawn:
        for plot in plots.iterdir():
            (drawn / plot.name).write_bytes(plot.read_bytes())
    found = {"": [data.entry, forecasts.entry], "plots": [drawn.entry]}
    x = ungroup(group(run.series, 6)).x
    for recipe, trained in run.models.items():
        with cache.filling("a run") as model:
            if isinstance(trained, TrainedEnsemble):
                write_ensemble(model.folder, trained)
            else:
                write_trained(model.folder, trained, x)
        found[f"models/{recipe}"] = [model.entry]
    return found


@pytest.fixture(scope="session")
def retraining(run) -> Callable[..., Retraining]:
    """A retraining of that run's ensemble, on its data: `retraining(0.5, 0.6)` with these errors, naive ones being 1.

    Without the second there was no champion.
    """

    def judged(challenger: float = 0.5, champion: float | None = None) -> Retraining:
        naive = {"persistence": 1.0, "seasonal naive": 2.0}
        was = None if champion is None else "itself"
        folds = [Fold(90 + k, challenger, champion, was, naive) for k in range(4)]
        verdict = judge(folds, None if champion is None else "autoregressive", 5, 0.05)
        said = {f.method: f for f in run.forecasts}
        shown = [dataclasses.replace(said["autoregressive"], method="served"), said["persistence"]]
        return Retraining(run.series, run.made, run.axis, shown, verdict, [f"{fold.origin}" for fold in folds])

    return judged


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    """Two seeds of x·sin(x) and two origins of another series, by methods that take no time; the article diverges."""
    methods = {
        "autoregressive": METHODS["ridge autoregression"],
        "article": lambda size, seed: Elman(lr=10, epochs=9, group_size=size),
        "persistence": METHODS["persistence"],
        "linear": METHODS["linear"],
    }
    cases = {"xsinx": benchmark.cases("xsinx", 0, 2, 1), "logistic": benchmark.cases("logistic", 0, 1, 2)}
    predictions = {
        series: {
            name: benchmark.join([benchmark.predict(name, method, case) for case in asked])
            for name, method in methods.items()
        }
        for series, asked in cases.items()
    }
    return Evaluation(cases, predictions)


FLOW_RUN = "aaaaaa00-0000-4000-8000-000000000000"
NAME = "20260301T000000Z-aaaaaa"


@pytest.fixture(scope="session")
def kept(tmp_path_factory) -> Path:
    """A store with one small run, trained as its manifest says: an article's network and an ensemble."""
    store = tmp_path_factory.mktemp("kept")
    folder = store / NAME
    folder.mkdir()
    recipes = {"article": ArticleRecipe(epochs=4, hidden=4), "autoregressive": SMALL}
    series = generate(120, 0.05, 0.01, stream(3, "noise"))
    write_series(folder / DATASET, series, {"source": "generated x·sin(x)", "noise": 0.01, "seed": 3})
    groups = group(read_series(folder / DATASET), 6)
    for name in recipes:
        (folder / "models" / name).mkdir(parents=True)
    network = ElmanNetwork.random(stream(3, "article"), 6, 4, 6)
    write_trained(folder / "models/article", train(network, groups, recipes["article"]), series.x)
    write_ensemble(
        folder / "models/autoregressive", training.train(groups, SMALL, stream(3, "autoregressive"), horizon=5)
    )
    scores = {"forecast": {"article": {"rmse": 2.5}}, "fit": {"article": {"rmse": 0.5}}}
    (folder / METRICS).write_text(json.dumps(scores))
    config = {
        "store": "runs", "seed": 3, "group_size": 6, "horizon": 5, "recipes": list(recipes),
        **{name: recipe.model_dump(mode="json") for name, recipe in recipes.items()},
    }  # fmt: skip
    step = {"seconds": 1.5, "cached": False, "made_by": FLOW_RUN, "when": "2026-03-01T00:00:01+00:00"}
    steps = {"generate": {**step, "key": {"noise": "ab", "seed": "cd"}}, "train article": {**step, "key": {"lr": "ef"}}}
    execution = {"run": NAME, "published": "2026-03-01T00:00:02+00:00", "flow_run": FLOW_RUN, "steps": steps}
    write_manifest(folder, "pipeline", config, {"article": "exact", "autoregressive": "lockstep"}, execution)
    return store


@pytest.fixture
def store(kept, tmp_path) -> Path:
    """A copy of that store, to be changed."""
    return Path(shutil.copytree(kept, tmp_path / "store"))


@pytest.fixture
def tamper() -> Callable[..., Path]:
    """`tamper(folder, {"seeds/seed": 4})`: other values in a run's manifest; files that were changed count as its own.

    With `to` the run is another one of that name.
    """

    def change(folder: Path, values: dict, to: str | None = None) -> Path:
        place = folder if to is None else Path(shutil.copytree(folder, folder.with_name(to)))
        manifest = json.loads((place / "manifest.json").read_text())
        manifest["files"] = {name: digest for name, digest in digest_files(place).items() if name != "manifest.json"}
        for path, value in values.items():
            *parents, last = path.split("/")
            part = manifest
            for parent in parents:
                part = part[parent]
            part[last] = value
        (place / "manifest.json").write_text(json.dumps(manifest))
        return place

    return change
