"""The steps of an evaluation: benchmark cases, predictions, scores, pictures, the run folder."""

from collections.abc import Sequence
from typing import Any

from prefect import task

from artifacts.files.evaluation import (
    COMPARISON,
    FORECASTS,
    PREDICTIONS,
    RESULTS,
    Evaluation,
    read_cases,
    read_evaluation,
    read_predictions,
    write_cases,
    write_comparison,
    write_predictions,
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


@step(name="set-cases", task_run_name="set the cases of {series}")
def set_cases(store: str, series: str, seed: int, seeds: int, origins: int) -> Entry:
    """Make or read a series; leave it and the truth that is to be forecast."""
    with cache_of(store).filling(made_by()) as folder:
        write_cases(folder.folder, benchmark.cases(series, seed, seeds, origins))
    return folder.entry


@step(name="predict", task_run_name="{method} on {series}")
def predict(store: str, cases: Entry, series: str, method: str) -> Entry:
    """Predict all cases of a series by one method; leave `answers.parquet`."""
    make = METHODS.get(method) or PEERS[method]
    with cache_of(store).filling(made_by()) as folder:
        predictions = [benchmark.predict(method, make, case) for case in read_cases(cases.folder)]
        write_predictions(folder / PREDICTIONS, {series: {method: benchmark.join(predictions)}})
    return folder.entry


def predict_all(store: str, cases: dict[str, Entry], methods: Sequence[str]) -> dict[str, Entry]:
    """Predict every series by every method, one after the other; returns the entries by "method on series"."""
    pairs = [(series, method) for series in cases for method in methods]
    predicted = {}
    with progress("evaluation-progress", store, f"{len(pairs)} pairs of method and series", len(pairs)) as advance:
        for done, (series, method) in enumerate(pairs):
            advance(done, f"{method} on {series}")
            predicted[f"{method} on {series}"] = predict(store, cases[series], series, method)
        advance(len(pairs), "done")
    return predicted


@step(name="compare", task_run_name="compare the methods")
def compare(store: str, cases: dict[str, Entry], predicted: dict[str, Entry]) -> Entry:
    """Score all predictions; leave `forecasts.parquet`, `results.parquet`, `comparison.parquet` and `comparison.md`."""
    predictions: dict[str, dict[str, Predictions]] = {series: {} for series in cases}
    for entry in predicted.values():
        for series, methods in read_predictions(entry / PREDICTIONS).items():
            predictions[series] |= methods
    evaluation = Evaluation({series: read_cases(entry.folder) for series, entry in cases.items()}, predictions)
    scores = evaluation.scores()
    with cache_of(store).filling(made_by()) as folder:
        write_predictions(folder / FORECASTS, predictions)
        write_results(folder / RESULTS, scores)
        write_comparison(folder / COMPARISON, scores)
        (folder / MARKDOWN).write_text(comparison(evaluation), encoding="utf-8")
    return folder.entry


@step(name="draw-evaluation", task_run_name="draw the pictures")
def draw_evaluation(store: str, cases: dict[str, Entry], compared: Entry) -> Entry:
    """Draw all pictures of an evaluation."""
    evaluation = read_evaluation({name: entry.folder for name, entry in cases.items()}, compared.folder)
    return drawn(store, evaluation_pictures(evaluation))


@task(name="publish-evaluation", task_run_name="publish the evaluation", **PUBLISHING)
def publish_evaluation(
    store: str,
    cases: dict[str, Entry],
    predicted: dict[str, Entry],
    compared: Entry,
    pictures: Entry,
    config: dict[str, Any],
) -> str:
    """Publish an evaluation's run folder and its report; returns where the folder is."""
    evaluation = read_evaluation({name: entry.folder for name, entry in cases.items()}, compared.folder)
    steps = {**{f"set {name}": e for name, e in cases.items()}, **predicted, "compare": compared, "draw": pictures}
    parts = {"": [compared], "plots": [pictures], **{f"series/{name}": [entry] for name, entry in cases.items()}}
    kernels = {"article": "exact", "autoregressive": "lockstep"}
    report, keys = evaluate.report(evaluation, config), ("evaluation", "comparison")
    return put_run(store, report, parts, steps, kernels, keys, shown=OVERVIEWS)
