"""The pictures of a run."""

from collections.abc import Sequence
from typing import Any

from artifacts import replay, retraining
from artifacts.cache import Entry
from artifacts.contents import read_contents
from artifacts.evaluation import read_evaluation
from artifacts.evaluation_pictures import evaluation_pictures
from artifacts.pictures import Picture, pictures
from artifacts.sweep import OUTCOMES, read_outcomes
from artifacts.sweep_pictures import sweep_pictures
from rnn.recipes import ArticleRecipe, Recipe
from rnn.replay import Plan
from tasks.steps import cache_of, made_by, step


@step(name="draw", task_run_name="draw the pictures")
def draw(store: str, data: Entry, models: dict[str, Entry], forecast: Entry, recipes: dict[str, Recipe]) -> Entry:
    """Draw all pictures of the main job."""
    folders = {name: entry.folder for name, entry in models.items()}
    return _drawn(store, pictures(read_contents(data.folder, folders, forecast.folder, recipes)))


@step(name="draw-sweep", task_run_name="draw the pictures")
def draw_sweep(store: str, ranked: Entry, base: ArticleRecipe, over: dict[str, list[Any]]) -> Entry:
    """Draw all pictures of a sweep."""
    outcomes, _ = read_outcomes(ranked / OUTCOMES, type(base))
    return _drawn(store, sweep_pictures(outcomes, over))


@step(name="draw-evaluation", task_run_name="draw the pictures")
def draw_evaluation(store: str, exams: dict[str, Entry], compared: Entry) -> Entry:
    """Draw all pictures of an evaluation."""
    found = read_evaluation({name: entry.folder for name, entry in exams.items()}, compared.folder)
    return _drawn(store, evaluation_pictures(found))


@step(name="draw-retraining", task_run_name="draw the pictures")
def draw_retraining(store: str, data: Entry, forecast: Entry, verdict: Entry) -> Entry:
    """Draw all pictures of a retraining."""
    found = retraining.read_retraining(data.folder, forecast.folder, verdict.folder)
    return _drawn(store, retraining.pictures(found))


@step(name="draw-replay", task_run_name="draw the pictures")
def draw_replay(store: str, data: Entry, done: Entry, plan: Plan) -> Entry:
    """Draw all pictures of a replay."""
    return _drawn(store, replay.pictures(replay.read_replayed(data.folder, done.folder, plan)))


def _drawn(store: str, every: Sequence[Picture]) -> Entry:
    with cache_of(store).filling(made_by()) as folder:
        for picture in every:
            picture.draw(folder / picture.name)
    return folder.entry
