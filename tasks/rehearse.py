"""How far off each method would have been at earlier origins: what its intervals are made from."""

from prefect import get_run_logger

from artifacts.cache import Entry
from artifacts.contents import GROUPS, read_groups
from artifacts.forecast_files import REHEARSALS, write_rehearsals
from rnn.backtest import backtest
from rnn.errors import SeriesTooShort
from rnn.methods import COMPARED, windowed
from rnn.recipes import ArticleRecipe
from rnn.streams import PURPOSES, stream
from tasks.steps import cache_of, made_by, step

ORIGINS = 5
"""Training at each costs as much as training once."""


@step(name="rehearse", task_run_name="rehearse at earlier origins")
def rehearse(store: str, groups: Entry, recipes: dict[str, ArticleRecipe], horizon: int, seed: int) -> Entry:
    """Backtest the windowed `recipes` and the methods that they are compared with; leave `rehearsals.npz`.

    An ensemble rehearses in the course of its training. A series that is too short leaves none, and says so.
    """
    data = read_groups(groups / GROUPS)
    methods = COMPARED | {name: windowed(recipe) for name, recipe in recipes.items()}
    with cache_of(store).filling(made_by()) as folder:
        try:
            tests = backtest(
                data, methods, horizon, ORIGINS,
                lambda name: stream(seed, name if name in PURPOSES else "fully connected"),
            )  # fmt: skip
        except SeriesTooShort as short:
            get_run_logger().warning("no intervals: %s", short)
            tests = {}
        write_rehearsals(folder / REHEARSALS, {name: test.errors for name, test in tests.items()})
    return folder.entry
