"""Step 3: a recipe's network, trained on the groups."""

from prefect import get_run_logger

from artifacts.cache import Entry
from artifacts.checkpoint import Checkpoint
from artifacts.contents import GROUPS, read_groups, write_trained
from rnn import training
from rnn.network import ElmanNetwork
from rnn.recipes import ArticleRecipe
from rnn.series import ungroup
from rnn.streams import stream
from tasks.progress import progress
from tasks.steps import cache_of, content_key, made_by, step


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
        with progress(f"training-{name}", f"training {name}", recipe.epochs) as advance:
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
