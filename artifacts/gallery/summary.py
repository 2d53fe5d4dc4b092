"""The summary of a run for the gallery, read from its folder.

A folder that is no run, or none that this version can read, gets a summary too, which states the problem.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from artifacts.files.forecasts import FORECAST, METRICS
from artifacts.files.parquet import read_table
from artifacts.files.sweep import LEADERBOARD
from artifacts.lifecycle.verdict import VERDICT
from artifacts.reports.pipeline_charts import main_method
from artifacts.reports.yardstick import yardstick
from artifacts.store.digests import digest_json
from artifacts.store.runs import Run, UnreadableRun
from artifacts.store.store import Store
from artifacts.web.pages import numbers
from artifacts.web.phrases import DECISIONS, finite, headline, tag

STEPS = 24
"""Errors by step that a sparkline is drawn from at most."""

UNREADABLE = (
    UnreadableRun, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
    pa.ArrowException,
)  # fmt: skip
"""The errors that reading a damaged or foreign folder may raise."""


@dataclass(frozen=True)
class Summary:
    """A run in figures. `stamp` changes when its manifest does; `problem`: the reason why it cannot be read.

    `method`: the main method, or the one that a retraining serves. `error`: its RMSE; `ratio`: that over the error of
    `naive`, the best naive forecast, None where it is not finite; `by_step`: the errors by step, or by fold for a
    retraining. `tag`: the result in two words, and "good", "bad" or "".
    """

    name: str
    stamp: str
    problem: str = ""
    flow: str = ""
    when: str = ""
    recipes: list[str] = field(default_factory=list)
    data: str = ""
    seed: int | None = None
    method: str = ""
    error: float | None = None
    ratio: float | None = None
    naive: str = ""
    inside90: float | None = None
    by_step: list[float | None] = field(default_factory=list)
    tag: tuple[str, str] = ("", "")
    headline: str = ""
    sentence: str = ""
    report: bool = False
    forecasts: bool = False

    @property
    def id(self) -> str:
        """A short name that is valid in file names and URLs, whatever the folder's name."""
        return digest_json(self.name)[:12]

    def plain(self) -> dict[str, Any]:
        """The fields as JSON's types."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Summary":
        """Make a summary from `plain`'s result. Raises TypeError and KeyError for anything else."""
        return cls(**{**plain, "tag": tuple(plain["tag"])})


def summarise(store: Store, name: str, stamp: str) -> Summary:
    """Summarise the run `name`. An error of reading becomes the summary's `problem`."""
    try:
        return _of_run(store.run(name), stamp)
    except UnreadableRun as unreadable:
        return Summary(name=name, stamp=stamp, problem=f"it {unreadable.reason}")
    except FileNotFoundError as error:
        if not store.files.exists(f"{store.root}/{name}"):
            return Summary(name=name, stamp="", problem="it vanished while the gallery was being built")
        return Summary(name=name, stamp=stamp, problem=f"it is broken: {_file_of(error, name)} is missing")
    except UNREADABLE as error:
        return Summary(name=name, stamp=stamp, problem=f"it is broken: {_in_words(error)}")


def _of_run(run: Run, stamp: str) -> Summary:
    config, files = run.config, run.digests
    about: dict[str, Any] = {
        "flow": run.flow,
        "when": str(run.execution.get("published", "")),
        "recipes": [str(each) for each in config.get("recipes", [config["recipe"]] if "recipe" in config else [])],
        "data": _data(config),
        "seed": config.get("seed") if isinstance(config.get("seed"), int) else None,
        "report": "report.html" in files,
        "forecasts": FORECAST in files and "dataset.parquet" in files,
    }
    if VERDICT in files:
        about |= _of_verdict(json.loads(run.read(VERDICT)))
    elif METRICS in files:
        about |= _of_metrics(json.loads(run.read(METRICS)))
    elif LEADERBOARD in files:
        about |= _of_leaderboard(read_table(run.read(LEADERBOARD))[0])
    return Summary(name=run.name, stamp=stamp, **about)


def _data(config: Mapping[str, Any]) -> str:
    """The data of a run, in a word or two."""
    if config.get("data"):
        return str(config["data"]).replace("\\", "/").rstrip("/").rpartition("/")[2]
    series = config.get("series")
    if isinstance(series, list):
        return f"{len(series)} series" if len(series) > 1 else str(series[0])
    return "x·sin(x)"


def _of_metrics(metrics: Mapping[str, Any]) -> dict[str, Any]:
    scores = known_scores(metrics)
    if not scores:
        return {"tag": tag(None), "headline": headline("newest", None, None)}
    method = main_method(list(scores))
    score = scores[method]
    error, bar = finite(score["rmse"]), yardstick({name: finite(each["rmse"]) for name, each in scores.items()})
    ratio = bar.ratio(error) if bar else None
    intervals = score.get("intervals") or {}
    return {
        "method": method,
        "error": error,
        "ratio": finite(ratio),
        "naive": bar.naive if bar else "",
        "inside90": finite(intervals.get("coverage90")),
        "by_step": _some(score["rmse_by_step"]),
        "tag": tag(ratio),
        "headline": headline(method, ratio, bar.naive if bar else None),
    }


def known_scores(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Each method's scores: against the truth, or else at earlier origins."""
    scores: dict[str, Any] = metrics["forecast"] or metrics.get("hindsight", {}).get("methods", {})
    return scores


def _of_verdict(verdict: Mapping[str, Any]) -> dict[str, Any]:
    decision, folds = str(verdict["decision"]), verdict["folds"]
    kept = decision == "keep"
    to_naive = verdict.get("champion_to_naive" if kept else "to_naive") or {}
    mean = finite(to_naive.get("mean"))
    ratio = None if mean is None else float(np.exp(np.clip(mean, -50, 50)))
    ratio = 1.0 if decision == "serve naive" else ratio
    served = {"keep": "champion", "promote": "challenger"}.get(decision)
    errors = [finite(fold[served] if served else fold["naive"][verdict["naive"]]) for fold in folds]
    known = [error for error in errors if error is not None]
    serves = str(verdict["serves"]["method"])
    return {
        "method": serves,
        "error": float(np.sqrt(np.mean(np.square(known)))) if known else None,
        "ratio": ratio,
        "naive": str(verdict["naive"]),
        "by_step": _some(errors),
        "tag": DECISIONS.get(decision, (decision, "")),
        "headline": headline(serves, ratio, str(verdict["naive"]))
        if decision != "serve naive"
        else f"{serves.capitalize()} is served: nothing learned is better",
        "sentence": str(verdict["sentence"]),
    }


def _of_leaderboard(columns: Mapping[str, Any]) -> dict[str, Any]:
    error, naive = float(columns["forecast_rmse"][0]), float(columns["persistence_rmse"][0])
    ratio = finite(error / naive) if naive else None
    return {
        "error": finite(error),
        "ratio": ratio,
        "naive": "persistence",
        "tag": tag(ratio),
        "headline": f"{len(columns['forecast_rmse'])} settings tried",
    }


def _some(errors: list[Any]) -> list[float | None]:
    places = sorted({int(place) for place in np.linspace(0, len(errors) - 1, STEPS)}) if errors else []
    return numbers([finite(errors[place]) for place in places], 3)


def _file_of(error: FileNotFoundError, name: str) -> str:
    path = str(error.filename or error.args[-1] if error.args else "a file")
    return path.rpartition(f"/{name}/")[2] or path


def _in_words(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing from one of its files"
    return " ".join(str(error).split())[:200] or type(error).__name__
