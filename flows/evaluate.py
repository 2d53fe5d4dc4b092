"""Every method on x·sin(x) and on known series, from the same origins. Try `python flows/evaluate.py --help`."""

from prefect import flow

from flows.command_line import run_from_command_line
from flows.settings import EvaluateSettings
from tasks.compare import compare
from tasks.contend import contend_all, set_exams
from tasks.draw import draw_evaluation
from tasks.publish import publish_evaluation
from tasks.settling import settled
from tasks.steps import in_one_line

ALL_SERIES = EvaluateSettings()
"""The evaluation whose result stands in docs/evaluation.md."""


@flow(name="evaluate")
@settled
@in_one_line
def evaluate(settings: EvaluateSettings = ALL_SERIES) -> str:
    """Compare the network with its peers on series that others know; returns where the run folder is."""
    s = settings
    exams = {name: set_exams(s.store, name, s.seed, s.seeds, s.origins) for name in s.series}
    answered = contend_all(s.store, exams, s.methods())
    compared = compare(s.store, exams, answered)
    pictures = draw_evaluation(s.store, exams, compared)
    return publish_evaluation(s.store, exams, answered, compared, pictures, s.model_dump(mode="json"))


if __name__ == "__main__":
    run_from_command_line(evaluate, EvaluateSettings)
