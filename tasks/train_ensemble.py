"""Step 3, for the autoregressive recipe: an ensemble, trained on the groups and rehearsed for the horizon."""

from artifacts.cache import Entry
from artifacts.contents import GROUPS, read_groups, write_ensemble
from rnn import autoregression
from rnn.recipes import AutoregressiveRecipe
from rnn.streams import stream
from tasks.progress import progress
from tasks.steps import cache_of, made_by, step


@step(name="train-ensemble", task_run_name="train {name}")
def train_ensemble(
    store: str, groups: Entry, name: str, recipe: AutoregressiveRecipe, horizon: int, seed: int
) -> Entry:
    """Train the ensemble of recipe `name` and leave its members and loss history. It takes a second: no checkpoints."""
    data = read_groups(groups / GROUPS)
    with (
        cache_of(store).filling(made_by()) as folder,
        progress(f"training-{name}", f"training {name}", recipe.iterations) as advance,
    ):
        trained = autoregression.train(
            data,
            recipe,
            stream(seed, name),
            lambda iteration, loss: advance(iteration, f"iteration {iteration}, loss {loss:.3g}"),
            horizon,
        )
        write_ensemble(folder.folder, trained)
    return folder.entry
