"""The steps of a sweep: train blocks of trials, rank them, draw and publish."""

from collections.abc import Sequence
from typing import Any

from prefect import get_run_logger, task
from prefect.futures import as_completed
from prefect.task_runners import TaskRunner

from artifacts.files.sweep import LEADERBOARD, OUTCOMES, read_outcomes, write_leaderboard, write_outcomes
from artifacts.reports.sweep import report
from artifacts.reports.sweep_pictures import sweep_pictures
from artifacts.store.cache import Entry
from artifacts.store.checkpoint import Checkpoint
from rnn.elman import kernels
from rnn.errors import WavecastError
from rnn.evaluation import sweep
from rnn.evaluation.sweep import Trial, leaderboard
from rnn.experiment import Experiment
from rnn.recipes import ArticleRecipe
from tasks.support.draw import drawn
from tasks.support.progress import progress
from tasks.support.publish import PUBLISHING, put_run
from tasks.support.step import cache_of, content_key, made_by, step


@step(name="attempt", task_run_name="train {recipe} models in lockstep")
def run_trials(
    store: str, recipe: str, recipes: list[ArticleRecipe], seeds: list[int], experiment: Experiment, kernel: str
) -> Entry:
    """Train a block of trials, recipes[i] with seeds[i]; leave their outcomes as `outcomes.parquet`.

    After a kill, the same call resumes from the last checkpoint.
    """
    cache = cache_of(store)
    arguments = {"recipe": recipe, "recipes": recipes, "seeds": seeds, "experiment": experiment, "kernel": kernel}
    key = content_key("attempt", arguments)
    checkpoint = Checkpoint(cache.checkpoint(key), key, get_run_logger().info)
    block = [Trial(*trial) for trial in zip(recipes, seeds, strict=True)]
    with cache.filling(made_by()) as folder:
        outcomes = sweep.run_trials(block, recipe, experiment, kernels.named(kernel), keeper=checkpoint)
        write_outcomes(folder / OUTCOMES, outcomes, {"recipe": recipe, "kernel": kernel})
    checkpoint.remove()
    return folder.entry


def run_all_trials(
    runner: TaskRunner[Any],
    store: str,
    recipe: str,
    blocks: Sequence[Sequence[Trial]],
    experiment: Experiment,
    kernel: str,
) -> list[Entry]:
    """Run all blocks on `runner`, in any order; returns their entries in the order of the blocks."""
    total = sum(map(len, blocks))
    with progress("training-sweep", store, f"training {total} models", total) as advance:
        futures = {}
        for block in blocks:
            arguments = {
                "store": store,
                "recipe": recipe,
                "recipes": [trial.recipe for trial in block],
                "seeds": [trial.seed for trial in block],
                "experiment": experiment,
                "kernel": kernel,
            }
            futures[runner.submit(run_trials, arguments)] = len(block)
        done = 0
        for future in as_completed(list(futures)):
            done += futures[future]
            advance(done, f"{done} done")
    return [future.result() for future in futures]


class AllDiverged(WavecastError):
    """Every trial of a sweep diverged."""


@step(name="rank", task_run_name="rank the settings")
def rank(store: str, blocks: list[Entry], base: ArticleRecipe) -> Entry:
    """Gather the outcomes of all blocks; leave `outcomes.parquet` and `leaderboard.parquet`. Raises AllDiverged."""
    read = [read_outcomes(block / OUTCOMES, type(base)) for block in blocks]
    outcomes = [outcome for outcomes, _ in read for outcome in outcomes]
    if all(outcome.diverged for outcome in outcomes):
        least = min(outcome.trial.recipe.lr for outcome in outcomes)
        raise AllDiverged(
            f"every one of the {len(outcomes)} trials diverged: "
            f"try learning rates below {least:g}, such as {least / 10:g}"
        )
    with cache_of(store).filling(made_by()) as folder:
        write_outcomes(folder / OUTCOMES, outcomes, read[0][1])
        write_leaderboard(folder / LEADERBOARD, leaderboard(outcomes))
    return folder.entry


@step(name="draw-sweep", task_run_name="draw the pictures")
def draw_sweep(store: str, ranked: Entry, base: ArticleRecipe, over: dict[str, list[Any]]) -> Entry:
    """Draw all pictures of a sweep."""
    outcomes, _ = read_outcomes(ranked / OUTCOMES, type(base))
    return drawn(store, sweep_pictures(outcomes, over))


@task(name="publish-sweep", task_run_name="publish the sweep", **PUBLISHING)
def publish_sweep(
    store: str,
    blocks: list[Entry],
    ranked: Entry,
    pictures: Entry,
    base: ArticleRecipe,
    over: dict[str, list[Any]],
    config: dict[str, Any],
) -> str:
    """Publish a sweep's run folder and its report; returns where the folder is."""
    outcomes, made = read_outcomes(ranked / OUTCOMES, type(base))
    steps = {**{f"block {i}": block for i, block in enumerate(blocks, 1)}, "rank": ranked, "draw": pictures}
    parts = {"": [ranked], "plots": [pictures]}
    kernels = {made["recipe"]: made["kernel"]}
    return put_run(store, report(outcomes, over, config), parts, steps, kernels, ("sweep", "leaderboard"))
