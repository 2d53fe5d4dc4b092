"""Load the champion for the gate: its weights, its recipe, and how many points of today's series it learned from."""

import numpy as np

from artifacts.files.models import read_ensemble
from artifacts.files.series import DATASET, read_times
from artifacts.lifecycle.registry import Promotion
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from rnn.arrays import AnyArray
from rnn.errors import WavecastError
from rnn.lifecycle.folds import Contender, Terms
from rnn.recipes import AutoregressiveRecipe


class ChampionGone(WavecastError):
    """The champion's run folder is missing or damaged."""


class OtherTask(WavecastError):
    """The champion was trained for another group size or horizon."""


def terms_of(store: Store, champion: Promotion) -> Terms:
    """The task that the champion was trained for, and how it was judged. Raises ChampionGone."""
    try:
        config = store.run(champion.run).config
        return Terms.model_validate({name: config[name] for name in Terms.model_fields})
    except (UnreadableRun, OSError, ValueError, KeyError) as error:
        raise _gone(store, champion, error) from None


def load_champion(store: Store, champion: Promotion, times: AnyArray, terms: Terms) -> Contender:
    """Load the champion that a challenger is compared with, on a series with points at `times` (points,).

    Raises ChampionGone, CorruptModel, and OtherTask when its group size or horizon is not that of `terms`.
    """
    try:
        config = store.run(champion.run).config
        folder = store.folder(champion.run)
        learned = _learned(times, read_times(folder / DATASET))
        recipe = AutoregressiveRecipe.model_validate(config["autoregressive"])
        task = config["group_size"], config["horizon"]
        seed = int(config["seed"])
    except (UnreadableRun, OSError, ValueError, KeyError, IndexError) as error:
        raise _gone(store, champion, error) from None
    if task != (terms.group_size, terms.horizon):
        raise OtherTask(
            f"the champion forecasts {task[1]} groups of {task[0]}, and {terms.horizon} of {terms.group_size} are "
            "asked for: keep its --group-size and --horizon, or give another --store"
        )
    if champion.method != "autoregressive":
        return Contender(champion.method, recipe, seed)
    ensemble = read_ensemble(folder / "models" / "autoregressive")
    return Contender(champion.method, recipe, seed, ensemble, learned)


def _learned(times: AnyArray, known: AnyArray) -> int:
    """How many of the points at `times` come before the end of those that were learned from; all where it is unknown.

    Numbers have no place among dates.
    """
    if times.dtype.kind != known.dtype.kind:
        return len(times)
    return int(np.searchsorted(times, known[-1], side="right"))


def _gone(store: Store, champion: Promotion, error: Exception) -> ChampionGone:
    reason = f"it {error.reason}" if isinstance(error, UnreadableRun) else type(error).__name__
    return ChampionGone(
        f"the champion's run {store.place(champion.run)} cannot be read ({reason}): put the folder back, or choose "
        f"another champion with {store.command('promote RUN')} or {store.command('rollback')}"
    )
