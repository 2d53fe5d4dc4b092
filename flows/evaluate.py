"""Every method on x·sin(x) and on known series, from the same origins. Try `wavecast evaluate --help`."""

from prefect import flow

from flows.command_line import run_from_command_line
from flows.settings.evaluate import EvaluateSettings
from tasks.evaluate import compare, draw_evaluation, predict_all, publish_evaluation, set_cases
from tasks.support.record_flush import wait_for_task_records
from tasks.support.step import in_one_line

ALL_SERIES = EvaluateSettings()
"""The evaluation whose result stands in docs/evaluation.md."""


@flow(name="evaluate")
@wait_for_task_records
@in_one_line
def evaluate(settings: EvaluateSettings = ALL_SERIES) -> str:
    """Compare the network with its peers on series that others know; returns where the run folder is."""
    s = settings
    cases = {name: set_cases(s.store, name, s.seed, s.seeds, s.origins) for name in s.series}
    predictions = predict_all(s.store, cases, s.methods())
    compared = compare(s.store, cases, predictions)
    pictures = draw_evaluation(s.store, cases, compared)
    return publish_evaluation(s.store, cases, predictions, compared, pictures, s.model_dump(mode="json"))


if __name__ == "__main__":
    run_from_command_line(evaluate, EvaluateSettings)
