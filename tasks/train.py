"""The steps that train: a recipe's network, and the autoregressive ensemble."""

from prefect import get_run_logger

from artifacts.files.models import write_ensemble, write_trained
from artifacts.files.series import GROUPS, read_groups
from artifacts.store.cache import Entry
from artifacts.store.checkpoint import Checkpoint
from rnn.elman import training
from rnn.elman.network import ElmanNetwork
from rnn.ensemble import training as ensemble_training
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe
from rnn.series import ungroup
from tasks.support.progress import progress
from tasks.support.step import cache_of, content_key, made_by, step


@step(name="train", task_run_name="train {name}")
def train(store: str, groups: Entry, name: str, recipe: ArticleRecipe, seed: int) -> Entry:
    """Train the network of recipe `name` and leave its weights, loss history and fits.

    When the process is killed, the same call goes on from its last checkpoint.
    """
    data, cache = read_groups(groups / GROUPS), cache_of(store)
    key = content_key("train", {"groups": groups, "name": name, "recipe": recipe, "seed": seed})
    checkpoint = Checkpoint(cache.checkpoint(key), key, get_run_logger().info)
    with cache.filling(made_by()) as folder:
        network = ElmanNetwork.random(stream(seed, name), data.group_size, recipe.hidden, data.group_size)
        with progress(f"training-{name}", store, f"training {name}", recipe.epochs) as advance:
            trained = training.train(
                network,
                data,
                recipe,
                lambda epoch, loss: advance(epoch, f"epoch {epoch}, loss {loss:.3g}"),
                checkpoint,
            )
        write_trained(folder.folder, trained, ungroup(data).x)
    checkpoint.remove()
    return folder.entry


@step(name="train-ensemble", task_run_name="train {name}")
def train_ensemble(
    store: str, groups: Entry, name: str, recipe: AutoregressiveRecipe, horizon: int, seed: int
) -> Entry:
    """Train the ensemble of recipe `name` and leave its members and loss history. It takes a second: no checkpoints."""
    data = read_groups(groups / GROUPS)
    with (
        cache_of(store).filling(made_by()) as folder,
        progress(f"training-{name}", store, f"training {name}", recipe.iterations) as advance,
    ):
        trained = ensemble_training.train(
            data,
            recipe,
            stream(seed, name),
            lambda iteration, loss: advance(iteration, f"iteration {iteration}, loss {loss:.3g}"),
            horizon,
        )
        write_ensemble(folder.folder, trained)
    return folder.entry
