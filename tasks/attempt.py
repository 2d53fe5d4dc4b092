"""A sweep's first step: trials trained in lockstep, a block of them a task, blocks beside each other."""

from collections.abc import Sequence
from typing import Any

from prefect import get_run_logger
from prefect.futures import as_completed
from prefect.task_runners import TaskRunner

from artifacts.cache import Entry
from artifacts.checkpoint import Checkpoint
from artifacts.sweep import OUTCOMES, write_outcomes
from rnn import kernels, sweeping
from rnn.experiment import Experiment
from rnn.recipes import ArticleRecipe
from rnn.sweeping import Trial
from tasks.progress import progress
from tasks.steps import cache_of, content_key, made_by, step


@step(name="attempt", task_run_name="train {recipe} models in lockstep")
def attempt(
    store: str, recipe: str, recipes: list[ArticleRecipe], seeds: list[int], experiment: Experiment, kernel: str
) -> Entry:
    """Train a block of trials, recipes[i] with seeds[i], and leave their outcomes as `outcomes.parquet`.

    When the process is killed, the same call goes on from its last checkpoint.
    """
    cache = cache_of(store)
    asked = {"recipe": recipe, "recipes": recipes, "seeds": seeds, "experiment": experiment, "kernel": kernel}
    key = content_key("attempt", asked)
    checkpoint = Checkpoint(cache.checkpoint(key), key, get_run_logger().info)
    block = [Trial(*trial) for trial in zip(recipes, seeds, strict=True)]
    with cache.filling(made_by()) as folder:
        outcomes = sweeping.attempt(block, recipe, experiment, kernels.named(kernel), keeper=checkpoint)
        write_outcomes(folder / OUTCOMES, outcomes, {"recipe": recipe, "kernel": kernel})
    checkpoint.remove()
    return folder.entry


def attempt_all(
    runner: TaskRunner[Any],
    store: str,
    recipe: str,
    blocks: Sequence[Sequence[Trial]],
    experiment: Experiment,
    kernel: str,
) -> list[Entry]:
    """All blocks on `runner`, in whatever order they end; what they leave, in the order of the blocks."""
    total = sum(map(len, blocks))
    with progress("training-sweep", f"training {total} models", total) as advance:
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
            futures[runner.submit(attempt, arguments)] = len(block)
        done = 0
        for future in as_completed(list(futures)):
            done += futures[future]
            advance(done, f"{done} done")
    return [future.result() for future in futures]
