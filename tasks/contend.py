"""An evaluation's first steps: the exams of each series, and every method's answers to them."""

from collections.abc import Sequence

from artifacts.cache import Entry
from artifacts.evaluation import ANSWERS, read_exams, write_answers, write_exams
from rnn import contest
from rnn.methods import METHODS, PEERS
from tasks.progress import progress
from tasks.steps import cache_of, made_by, step


@step(name="set-exams", task_run_name="set the exams of {series}")
def set_exams(store: str, series: str, seed: int, seeds: int, origins: int) -> Entry:
    """Make or read a series; leave it and what is to be forecast of it."""
    with cache_of(store).filling(made_by()) as folder:
        write_exams(folder.folder, contest.exams(series, seed, seeds, origins))
    return folder.entry


@step(name="contend", task_run_name="{method} on {series}")
def contend(store: str, exams: Entry, series: str, method: str) -> Entry:
    """Let one method answer all exams of a series; leave `answers.parquet`."""
    with cache_of(store).filling(made_by()) as folder:
        said = [contest.answer(method, {**METHODS, **PEERS}[method], exam) for exam in read_exams(exams.folder)]
        write_answers(folder / ANSWERS, series, contest.join(said))
    return folder.entry


def contend_all(store: str, exams: dict[str, Entry], methods: Sequence[str]) -> dict[str, Entry]:
    """Every method on every series, one after the other: what each left, by "method on series"."""
    pairs = [(series, method) for series in exams for method in methods]
    answered = {}
    with progress("evaluation-progress", f"{len(pairs)} contests", len(pairs)) as advance:
        for done, (series, method) in enumerate(pairs):
            advance(done, f"{method} on {series}")
            answered[f"{method} on {series}"] = contend(store, exams[series], series, method)
        advance(len(pairs), "done")
    return answered
