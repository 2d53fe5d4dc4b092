"""Evaluate every method on x·sin(x) and known series, or on a suite of many. Try `wavecast evaluate --help`."""

from prefect import flow

from flows.command_line.command import run_from_command_line
from flows.settings.evaluate import TEXTBOOK, EvaluateSettings
from rnn.evaluation.suites import windows
from tasks.evaluate import compare, draw_evaluation, predict_all, publish_evaluation, set_cases
from tasks.evaluate_suite import draw_suite, forecast_all, judge, publish_suite
from tasks.support.record_flush import wait_for_task_records
from tasks.support.runners import runner
from tasks.support.step import in_one_line

ALL_SERIES = EvaluateSettings()
"""The evaluation whose result stands first in docs/evaluation.md."""


@flow(name="evaluate")
@wait_for_task_records
@in_one_line
def evaluate(settings: EvaluateSettings = ALL_SERIES) -> str:
    """Compare the network with its peers on series that others know; returns where the run folder is."""
    return _on_textbook(settings) if settings.suite == TEXTBOOK else _on_suite(settings)


def _on_textbook(s: EvaluateSettings) -> str:
    cases = {name: set_cases(s.store, name, s.seed, s.seeds, s.origins) for name in s.series}
    predictions = predict_all(s.store, cases, s.chosen())
    compared = compare(s.store, cases, predictions)
    pictures = draw_evaluation(s.store, cases, compared)
    return publish_evaluation(s.store, cases, predictions, compared, pictures, s.model_dump(mode="json"))


def _on_suite(s: EvaluateSettings) -> str:
    assert s.suite != "textbook"  # noqa: S101 — for mypy
    every = windows(s.suite, s.sample, s.seed)
    with runner(s.runner, s.workers, s.dask_address) as where:
        forecast_all(where, s.store, s.suite, every, s.chosen(), s.seed)
    judged = judge(s.store, s.suite, s.sample, s.chosen(), s.seed)
    pictures = draw_suite(s.store, s.suite, judged)
    return publish_suite(s.store, s.suite, judged, pictures, s.model_dump(mode="json"))


if __name__ == "__main__":
    run_from_command_line(evaluate, EvaluateSettings)
