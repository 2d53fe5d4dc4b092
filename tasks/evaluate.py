"""The steps of an evaluation: benchmark cases, predictions, scores, pictures, the run folder."""

from collections.abc import Sequence
from typing import Any

from prefect import task

from artifacts.files.evaluation import (
    ANSWERS,
    COMPARISON,
    FORECASTS,
    RESULTS,
    Evaluation,
    read_evaluation,
    read_exams,
    read_forecasts,
    write_answers,
    write_comparison,
    write_exams,
    write_forecasts,
    write_results,
)
from artifacts.reports import evaluate
from artifacts.reports.evaluate import comparison
from artifacts.reports.evaluate_pictures import OVERVIEWS, evaluation_pictures
from artifacts.store.cache import Entry
from rnn.evaluation import benchmark
from rnn.evaluation.benchmark import Predictions
from rnn.evaluation.methods import METHODS, PEERS
from tasks.support.draw import drawn
from tasks.support.progress import progress
from tasks.support.publish import PUBLISHING, put_run
from tasks.support.step import cache_of, made_by, step

MARKDOWN = "comparison.md"


@step(name="compare", task_run_name="compare the methods")
def compare(store: str, exams: dict[str, Entry], answered: dict[str, Entry]) -> Entry:
    """Leave `forecasts.parquet`, `results.parquet`, `comparison.parquet`, and what they say as `comparison.md`."""
    answers: dict[str, dict[str, Predictions]] = {series: {} for series in exams}
    for entry in answered.values():
        for series, methods in read_forecasts(entry / ANSWERS).items():
            answers[series] |= methods
    found = Evaluation({series: read_exams(entry.folder) for series, entry in exams.items()}, answers)
    every = found.marks()
    with cache_of(store).filling(made_by()) as folder:
        write_forecasts(folder / FORECASTS, answers)
        write_results(folder / RESULTS, every)
        write_comparison(folder / COMPARISON, every)
        (folder / MARKDOWN).write_text(comparison(found), encoding="utf-8")
    return folder.entry


@step(name="set-exams", task_run_name="set the exams of {series}")
def set_cases(store: str, series: str, seed: int, seeds: int, origins: int) -> Entry:
    """Make or read a series; leave it and what is to be forecast of it."""
    with cache_of(store).filling(made_by()) as folder:
        write_exams(folder.folder, benchmark.cases(series, seed, seeds, origins))
    return folder.entry


@step(name="contend", task_run_name="{method} on {series}")
def predict(store: str, exams: Entry, series: str, method: str) -> Entry:
    """Let one method answer all exams of a series; leave `answers.parquet`."""
    with cache_of(store).filling(made_by()) as folder:
        said = [benchmark.predict(method, {**METHODS, **PEERS}[method], exam) for exam in read_exams(exams.folder)]
        write_answers(folder / ANSWERS, series, benchmark.join(said))
    return folder.entry


def predict_all(store: str, exams: dict[str, Entry], methods: Sequence[str]) -> dict[str, Entry]:
    """Every method on every series, one after the other: what each left, by "method on series"."""
    pairs = [(series, method) for series in exams for method in methods]
    answered = {}
    with progress("evaluation-progress", f"{len(pairs)} contests", len(pairs)) as advance:
        for done, (series, method) in enumerate(pairs):
            advance(done, f"{method} on {series}")
            answered[f"{method} on {series}"] = predict(store, exams[series], series, method)
        advance(len(pairs), "done")
    return answered


@step(name="draw-evaluation", task_run_name="draw the pictures")
def draw_evaluation(store: str, exams: dict[str, Entry], compared: Entry) -> Entry:
    """Draw all pictures of an evaluation."""
    found = read_evaluation({name: entry.folder for name, entry in exams.items()}, compared.folder)
    return drawn(store, evaluation_pictures(found))


@task(name="publish-evaluation", task_run_name="publish the evaluation", **PUBLISHING)
def publish_evaluation(
    store: str,
    exams: dict[str, Entry],
    answered: dict[str, Entry],
    compared: Entry,
    pictures: Entry,
    config: dict[str, Any],
) -> str:
    """Put an evaluation's run folder in place and publish its report; returns where the folder is."""
    found = read_evaluation({name: entry.folder for name, entry in exams.items()}, compared.folder)
    steps = {**{f"set {name}": e for name, e in exams.items()}, **answered, "compare": compared, "draw": pictures}
    parts = {"": [compared], "plots": [pictures], **{f"series/{name}": [entry] for name, entry in exams.items()}}
    kernels = {"article": "exact", "autoregressive": "lockstep"}
    report, keys = evaluate.report(found, config), ("evaluation", "comparison")
    return put_run(store, report, parts, steps, kernels, keys, shown=OVERVIEWS)
