"""A sweep's second step: all outcomes in one table, and the leaderboard."""

from artifacts.cache import Entry
from artifacts.sweep import LEADERBOARD, OUTCOMES, read_outcomes, write_leaderboard, write_outcomes
from rnn.errors import WavecastError
from rnn.recipes import ArticleRecipe
from rnn.sweeping import leaderboard
from tasks.steps import cache_of, made_by, step


class AllDiverged(WavecastError):
    """No trial of a sweep came to an end."""


@step(name="rank", task_run_name="rank the settings")
def rank(store: str, blocks: list[Entry], base: ArticleRecipe) -> Entry:
    """Gather the blocks' outcomes; leave `outcomes.parquet` and `leaderboard.parquet`.

    Raises AllDiverged when there is nothing to rank.
    """
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
