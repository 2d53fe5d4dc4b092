"""Retraining: healthy data → challenger → gate → champion → forecast → artifacts. Try `wavecast retrain --help`."""

from contextlib import suppress

from prefect import flow

from artifacts.lifecycle.registry import ChampionChanged
from flows.command_line.command import run_from_command_line
from flows.command_line.known_series import with_known_series
from flows.settings.retrain import RetrainSettings
from flows.settings.sink import without_sink
from tasks.data import champions_task, choose_task, group, obtain
from tasks.feed import forecasting_anyway, instead_of_training, labelled_with_age, look_at
from tasks.identity import continued, noted
from tasks.retrain import champion, draw_retraining, gate, nothing_new, publish_retraining, serve
from tasks.sink import sends_what_is_served
from tasks.support.broken_promotion import finish_broken_promotion
from tasks.support.publish import tell_forecast
from tasks.support.record_flush import wait_for_task_records
from tasks.support.step import in_one_line
from tasks.train import train_ensemble

DEFAULT = RetrainSettings()


@flow(name="retrain")
@wait_for_task_records
@in_one_line
@sends_what_is_served
def retrain(settings: RetrainSettings = DEFAULT) -> str:
    """Train a challenger, promote it if it deserves it, and forecast; returns where the run folder is."""
    s = with_known_series(settings)
    finish_broken_promotion(s.store)
    with forecasting_anyway(s.store):
        data = continued(s.store, obtain(s.store, s, s.seed, s.points_needed), s, moves=True)
    feed = look_at(s.store, data, s.data, s.allowed_age)
    if stand_in := instead_of_training(s.store, feed, s.trust_feed):
        return stand_in
    noted(s.store, data, s, moves=True)
    s = s.asking(choose_task(data, s, champions_task(s.store), s.folds))
    task, config = s.task, without_sink(s.model_dump(mode="json"))
    if place := nothing_new(s.store, data, config):
        place = labelled_with_age(s.store, feed) or place
        tell_forecast(place)
        return place
    groups = group(s.store, data, task.group_size, s.autoregressive.groups_needed, s.newest)
    challenger = train_ensemble(s.store, groups, "autoregressive", s.autoregressive, task.horizon, s.seed)
    while True:
        defender = champion(s.store)
        verdict = gate(s.store, data, challenger, defender, s.autoregressive, s.terms, s.seed)
        forecast = serve(s.store, data, challenger, verdict, defender, s.autoregressive, s.terms, s.seed)
        pictures = draw_retraining(s.store, data, forecast, verdict)
        with suppress(ChampionChanged):  # somebody else was promoted meanwhile: it is judged beside that one
            place = publish_retraining(s.store, data, challenger, verdict, forecast, pictures, defender, config)
            tell_forecast(place)
            return place


if __name__ == "__main__":
    run_from_command_line(retrain, RetrainSettings)
