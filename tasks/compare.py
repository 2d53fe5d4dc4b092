"""An evaluation's next step: all answers in one table, judged and compared."""

from artifacts.cache import Entry
from artifacts.evaluation import (
    ANSWERS,
    COMPARISON,
    FORECASTS,
    RESULTS,
    Evaluation,
    read_exams,
    read_forecasts,
    write_comparison,
    write_forecasts,
    write_results,
)
from artifacts.evaluation_findings import comparison
from rnn.contest import Answers
from tasks.steps import cache_of, made_by, step

MARKDOWN = "comparison.md"


@step(name="compare", task_run_name="compare the methods")
def compare(store: str, exams: dict[str, Entry], answered: dict[str, Entry]) -> Entry:
    """Leave `forecasts.parquet`, `results.parquet`, `comparison.parquet`, and what they say as `comparison.md`."""
    answers: dict[str, dict[str, Answers]] = {series: {} for series in exams}
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
