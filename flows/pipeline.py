"""The main job: data → groups → networks → forecast → artifacts. Try `wavecast run --help`."""

from prefect import flow
from prefect.runtime import flow_run

from flows.command_line.command import run_from_command_line
from flows.settings.pipeline import PipelineSettings
from tasks.data import choose_task, group, obtain
from tasks.pipeline import draw, forecast, publish, rehearse
from tasks.support.publish import tell_forecast
from tasks.support.record_flush import wait_for_task_records
from tasks.support.step import in_one_line
from tasks.train import train, train_ensemble

ARTICLE = PipelineSettings()
"""The settings of the article's experiment."""

LATER = ("artifacts.reports.pipeline", "artifacts.gallery.build", "sklearn.neural_network")
"""What the later steps import: a command has it done while Prefect's server starts."""


@flow(name="pipeline")
@wait_for_task_records
@in_one_line
def pipeline(settings: PipelineSettings = ARTICLE) -> str:
    """Repeat the article's experiment and judge it; returns where the run folder is."""
    s = settings.seeded(flow_run.id)
    recipes, windowed, fed_back = s.chosen(), s.windowed(), s.fed_back()
    data = obtain(s.store, s, s.seed, s.points_needed)
    s = s.asking(choose_task(data, s))
    task = s.task
    groups = group(s.store, data, task.group_size, s.groups_needed)
    models = {name: train(s.store, groups, name, recipe, s.seed) for name, recipe in windowed.items()}
    for name, recipe in fed_back.items():
        models[name] = train_ensemble(s.store, groups, name, recipe, task.horizon, s.seed)
    judged, own = (None, None) if s.data is None else (fed_back, data)
    rehearsed = rehearse(s.store, groups, windowed, task.horizon, s.seed, judged)
    forecasts = forecast(s.store, groups, models, rehearsed, recipes, s.grid, task.horizon, s.seed, own=own)
    pictures = draw(s.store, data, models, forecasts, recipes)
    place = publish(s.store, data, models, rehearsed, forecasts, pictures, recipes, s.model_dump(mode="json"))
    tell_forecast(place)
    return place


if __name__ == "__main__":
    run_from_command_line(pipeline, PipelineSettings)
