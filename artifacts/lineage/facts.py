"""The data and the results of a run as named facts; files that are missing or unknown give none."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from artifacts.files.evaluation import COMPARISON
from artifacts.files.forecasts import METRICS
from artifacts.files.parquet import read_outline, read_table
from artifacts.files.series import DATASET, FOUND
from artifacts.files.sweep import LEADERBOARD
from artifacts.lifecycle.verdict import VERDICT, figures
from artifacts.store.manifest import Facts, flatten
from artifacts.store.runs import Run

FILE = "the file's "
"""The first words of the names of facts about a user's file."""


def data_of(run: Run) -> Facts:
    """The origin of the data, their number of rows and digest; the digests of all series of an evaluation."""
    if DATASET in run.digests:
        rows, made = _read(run, DATASET, read_outline, (None, {}))
        of_file = {"digest": made.pop("digest", None), **made.pop(FOUND, {})}
        summary = {
            f"{FILE}{name.replace('_', ' ')}": value for name, value in flatten(of_file).items() if value is not None
        }
        return {"rows": rows, "digest": run.digests[DATASET], **flatten(made), **summary}
    series = [file for file in run.digests if file.endswith("/series.parquet")]
    return {file.split("/")[-2]: run.digests[file] for file in series}


def results_of(run: Run) -> Facts:
    """The errors and decisions of a run, by name."""
    results: Facts = {}
    for file, read in _RESULTS.items():
        if file in run.digests:
            results |= _read(run, file, read, {})
    return results


def _read(run: Run, file: str, read: Any, otherwise: Any) -> Any:
    """The result of `read` on a file; `otherwise` when the file is gone, damaged or of an unknown kind."""
    with TemporaryDirectory() as folder:
        try:
            return read(run.fetch(file, Path(folder)))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return otherwise


def _metrics(path: Path) -> Facts:
    metrics = json.loads(path.read_text(encoding="utf-8"))
    forecast = {f"forecast error of {name}": score["rmse"] for name, score in metrics.get("forecast", {}).items()}
    fit = {f"training error of {name}": score["rmse"] for name, score in metrics.get("fit", {}).items()}
    return {**forecast, **fit}


def _leaderboard(path: Path) -> Facts:
    columns, _ = read_table(path)
    first = {name: column[0].item() if hasattr(column[0], "item") else column[0] for name, column in columns.items()}
    return {
        "training error of the best setting": first["fit_rmse"],
        "forecast error of the best setting": first["forecast_rmse"],
        "learning rate of the best setting": first["lr"],
    }


def _comparison(path: Path) -> Facts:
    columns, _ = read_table(path)
    rows = zip(columns["series"], columns["method"], columns["rmse"].tolist(), strict=True)
    return {f"forecast error of {method} on {series}": error for series, method, error in rows}


def _verdict(path: Path) -> Facts:
    verdict = json.loads(path.read_text(encoding="utf-8"))
    serves = verdict.get("serves") or {}
    model = {"model that is served": f"{serves.get('method')} of {serves.get('run') or 'this run'}"} if serves else {}
    return {"decision": verdict["decision"], **model, **figures(verdict)}


_RESULTS = {METRICS: _metrics, LEADERBOARD: _leaderboard, COMPARISON: _comparison, VERDICT: _verdict}
