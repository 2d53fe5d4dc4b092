"""How far off each method would have been at earlier origins: what its intervals are made from."""

from prefect import get_run_logger

from artifacts.cache import Entry
from artifacts.contents import GROUPS, read_groups
from artifacts.forecast_files import HINDSIGHT, REHEARSALS, write_hindsight, write_rehearsals
from rnn.backtest import backtest
from rnn.errors import SeriesTooShort
from rnn.hindsight import hindsight
from rnn.methods import COMPARED, COMPARED_ON_OWN, windowed
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe
from rnn.streams import PURPOSES, stream
from tasks.steps import cache_of, made_by, step

ORIGINS = 5
"""Training at each costs as much as training once."""


@step(name="rehearse", task_run_name="rehearse at earlier origins")
def rehearse(
    store: str,
    groups: Entry,
    recipes: dict[str, ArticleRecipe],
    horizon: int,
    seed: int,
    judged: dict[str, AutoregressiveRecipe] | None = None,
) -> Entry:
    """Backtest the windowed `recipes` and the methods that they are compared with; leave `rehearsals.npz`.

    An ensemble rehearses in the course of its training. Where the truth will not be known the ensembles are `judged` by
    the same origins all the same, and how good everybody was there is left as `hindsight.json`. A series that is too
    short leaves nothing, and says so.
    """
    data = read_groups(groups / GROUPS)
    compared = COMPARED if judged is None else COMPARED_ON_OWN
    methods = compared | {name: windowed(recipe) for name, recipe in recipes.items()}
    with cache_of(store).filling(made_by()) as folder:
        try:
            tests = backtest(
                data, methods, horizon, ORIGINS,
                lambda name: stream(seed, name if name in PURPOSES else "fully connected"), judged,
            )  # fmt: skip
        except SeriesTooShort as short:
            get_run_logger().warning("no intervals: %s", short)
            tests = {}
        known = {name: test.errors for name, test in tests.items() if name not in (judged or {})}
        write_rehearsals(folder / REHEARSALS, known)
        if judged is not None and tests:
            size = data.group_size
            origins = [data.dropped + origin * size for origin in tests["persistence"].origins]
            write_hindsight(folder / HINDSIGHT, hindsight(tests), origins)
    return folder.entry
