"""Sweep: train a recipe with some of its fields varied. Try `wavecast sweep --help`."""

from prefect import flow

from flows.command_line.command import run_from_command_line
from flows.settings.sweep import SweepSettings
from tasks.support.record_flush import wait_for_task_records
from tasks.support.runners import runner
from tasks.support.step import in_one_line
from tasks.sweep import draw_sweep, publish_sweep, rank, run_all_trials

LEARNING_RATE = SweepSettings()
"""The article's search, by hand, for a learning rate."""


@flow(name="sweep")
@wait_for_task_records
@in_one_line
def sweep(settings: SweepSettings = LEARNING_RATE) -> str:
    """Train a recipe with every combination of some of its fields, over several seeds; returns where the run is."""
    s = settings
    over = s.varied()
    with runner(s.runner, s.workers, s.dask_address) as where:
        blocks = run_all_trials(where, s.store, s.recipe, s.blocks(), s.experiment(), s.chosen_kernel())
    ranked = rank(s.store, blocks, s.base)
    pictures = draw_sweep(s.store, ranked, s.base, over)
    return publish_sweep(s.store, blocks, ranked, pictures, s.base, over, s.model_dump(mode="json"))


if __name__ == "__main__":
    run_from_command_line(sweep, SweepSettings)
