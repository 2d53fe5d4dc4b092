"""Many trainings at once: a recipe with some of its fields varied. Try `python flows/sweep.py --help`."""

from prefect import flow

from flows.command_line import run_from_command_line
from flows.settings import SweepSettings
from tasks.attempt import attempt_all
from tasks.draw import draw_sweep
from tasks.publish import publish_sweep
from tasks.rank import rank
from tasks.runners import runner
from tasks.settling import settled
from tasks.steps import in_one_line

LEARNING_RATE = SweepSettings()
"""The article's search, by hand, for a learning rate."""


@flow(name="sweep")
@settled
@in_one_line
def sweep(settings: SweepSettings = LEARNING_RATE) -> str:
    """Train a recipe with every combination of some of its fields, over several seeds; returns where the run is."""
    s = settings
    over = s.varied()
    with runner(s.runner, s.workers, s.dask_address) as where:
        blocks = attempt_all(where, s.store, s.recipe, s.blocks(), s.experiment(), s.chosen_kernel())
    ranked = rank(s.store, blocks, s.base)
    pictures = draw_sweep(s.store, ranked, s.base, over)
    return publish_sweep(s.store, blocks, ranked, pictures, s.base, over, s.model_dump(mode="json"))


if __name__ == "__main__":
    run_from_command_line(sweep, SweepSettings)
