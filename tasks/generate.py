"""Step 1: the noisy x·sin(x), as Parquet."""

from artifacts.cache import Entry
from artifacts.contents import DATASET, write_series
from rnn import series
from rnn.streams import stream
from tasks.steps import cache_of, made_by, step


@step(name="generate", task_run_name="generate {points} points")
def generate(store: str, points: int, spacing: float, noise: float, seed: int) -> Entry:
    """Generate the data set, block by block, and leave it as `dataset.parquet`."""
    with cache_of(store).filling(made_by()) as folder:
        blocks = series.generate_blocks(points, spacing, noise, stream(seed, "noise"))
        made = {"source": "generated x·sin(x)", "points": points, "noise": noise, "seed": seed}
        write_series(folder / DATASET, blocks, made)
    return folder.entry
