"""Keep the served forecast in `<store>/latest/`, whose files are replaced together.

On a local disk the folder's three files change in one step (see `replace_folder`). On an object store, which has no
such step, each file is whole, and forecast.json comes last: it has the digests of the others, by which a reader knows
that all three belong together, as `read_latest` does.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from artifacts.files.forecast_table import COLUMNS, Origin, forecast_table, to_csv, to_parquet, to_rows
from artifacts.files.forecasts import FORECAST, read_forecasts
from artifacts.files.parquet import read_table
from artifacts.files.series import CALENDAR, DATASET, series_in, unique_id
from artifacts.lifecycle.identity import CorruptIdentity, counted
from artifacts.lifecycle.ledger import UNREADABLE, CorruptLedger, reason_of
from artifacts.lifecycle.monitor import SERVED, best_naive, judge_live
from artifacts.lifecycle.served import Served, newest_served
from artifacts.lifecycle.verdict import VERDICT, folds_rmse, label_of
from artifacts.store.atomic import replace_folder, whole_folder, writing_to
from artifacts.store.store import Store
from artifacts.web.phrases import day_of
from rnn.calendar import Calendar, to_clock
from rnn.errors import WavecastError
from rnn.series import Series

LATEST = "latest"
CSV, PARQUET, JSON = "forecast.csv", "forecast.parquet", "forecast.json"
FORMAT = 1

TRIES, PAUSE = 20, 0.1
"""So often, and after so many seconds, a reader looks again when files do not belong together."""


class NoForecast(WavecastError):
    """Nothing is served yet, or `latest/` cannot be read."""


def renew_latest(store: Store) -> str | None:
    """Let `latest/` hold what is served now; returns where it is, None while nothing is served.

    What is there already is left as it is. Raises NoForecast when the run that serves cannot be read, CannotWrite.
    """
    with store.changing(LATEST):
        served = newest_served(store)
        if served is None:
            return None
        files = _files(store, served, f", so {LATEST}/ stays as it was: put the folder back, or retrain")
        if any(_read(store, name) != content for name, content in files.items()):
            _replace(store, files)
    return store.place(LATEST)


def wrong_latest(store: Store) -> str | None:
    """What is wrong with `latest/`, in words: it is not whole, or not what is served; None where all is well.

    How good the forecasts have been is not compared: it is computed anew when the monitor runs. Raises NoForecast when
    the run that serves cannot be read.
    """
    served = newest_served(store)
    if served is None:
        return None
    files = _files(store, served, ", and its forecast is served")
    try:
        told = json.loads(_read(store, JSON) or b"")
        if told["run"] != served.run.name:
            return f"{LATEST}/ holds the forecast of {told['run']}, and that of {served.run.name} is served"
    except (ValueError, KeyError, TypeError, RecursionError):
        return f"{LATEST}/{JSON} is missing or damaged"
    wrong = [name for name, content in files.items() if name != JSON and _read(store, name) != content]
    return f"{LATEST}/{wrong[0]} is not the forecast that is served" if wrong else None


def read_latest(store: Store) -> tuple[dict[str, Any], bytes]:
    """What `forecast.json` says, and the bytes of the `forecast.parquet` that belongs to it. Raises NoForecast."""
    for _ in range(TRIES):
        told, table = _read(store, JSON), _read(store, PARQUET)
        if told is None and table is None:
            break
        try:
            content: dict[str, Any] = json.loads(told or b"")
            if table is not None and content["files"][PARQUET] == _digest(table):
                return content, table
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        time.sleep(PAUSE)
    else:
        raise NoForecast(
            f"{store.place(LATEST)} is damaged: its files do not belong together; "
            f"{store.command('forecast')} makes it anew"
        )
    makes = f"{store.command('retrain')} makes it, or {store.command('forecast')}"
    raise NoForecast(f"{store.url} has no {LATEST}/ yet: {makes}")


def _read(store: Store, name: str) -> bytes | None:
    try:
        return store.read(f"{LATEST}/{name}")
    except OSError:
        return None


def _replace(store: Store, files: Mapping[str, bytes]) -> None:
    """Put all files in place in one step, where that can be done; else one by one, forecast.json last."""
    if store.local:
        with writing_to(store.url), whole_folder(Path(store.root)) as folder:
            for name, content in files.items():
                (folder / name).write_bytes(content)
            if replace_folder(folder, Path(store.root) / LATEST):
                return
    for name, content in files.items():
        store.replace(f"{LATEST}/{name}", content)


def _files(store: Store, served: Served, so: str) -> dict[str, bytes]:
    """The files by name, forecast.json the last. Raises NoForecast, ending with `so`, when the run cannot be read."""
    try:
        return _made_from(store, served)
    except UNREADABLE as error:
        raise NoForecast(f"{served.run.place} cannot be read ({reason_of(error)}){so}") from None


def _made_from(store: Store, served: Served) -> dict[str, bytes]:
    run = served.run
    columns, made = read_table(run.read(DATASET), ["x", "y"])
    series, verdict = series_in(columns, made), json.loads(run.read(VERDICT))
    table, origin = _table(served, series, made, verdict)
    files = {CSV: to_csv(table).encode(), PARQUET: to_parquet(table)}
    rows = to_rows(table)
    about = {
        "format": FORMAT,
        "unique_id": origin.unique_id,
        "label": origin.label,
        "made": rows[0]["made"],
        "run": run.name,
        "model": {"run": served.model[0], "method": served.model[1]},
        "data": {
            "digest": run.data,
            "file": made.get("source"),
            "points": len(series),
            "last": rows[0]["cutoff"],
            "last_utc": _in_utc(origin.x, made),
        },
        "quality": {"outcomes": _outcomes(store, series), "gate": folds_rmse(verdict)},
        "files": {name: _digest(content) for name, content in files.items()},
        "columns": COLUMNS,
        "forecast": rows,
    }
    return {**files, JSON: (json.dumps(about, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()}


def _table(
    served: Served, series: Series, made: Mapping[str, Any], verdict: Mapping[str, Any]
) -> tuple[pa.Table, Origin]:
    forecasts, _ = read_forecasts(served.run.read(FORECAST))
    calendar = Calendar(**made[CALENDAR]) if made.get(CALENDAR) else None
    forecast = next(each for each in forecasts if each.method == SERVED)
    origin = Origin(
        unique_id=unique_id(made),
        x=float(series.x[-1]),
        model="/".join(served.model),
        label=_label(verdict, float(series.x[-1]), calendar),
        made=_published(served),
    )
    return forecast_table(replace(forecast, calendar=calendar), origin), origin


def _in_utc(x: float, made: Mapping[str, Any]) -> str | None:
    """The moment at `x`, ISO 8601 with a Z, which clocks alone do not tell; None where times are numbers."""
    if not made.get(CALENDAR):
        return None
    return f"{Calendar(**made[CALENDAR]).times(np.array([x]))[0].item().isoformat()}Z"


def _label(verdict: Mapping[str, Any], x: float, calendar: Calendar | None) -> str:
    """What the forecast is, with the day of its data: so it stays true when a night breaks off and renews nothing."""
    if verdict.get("label"):
        return label_of(verdict)
    until = f"up to {x:g}"
    if calendar is not None:
        until = f"of {day_of(to_clock(calendar.times(np.array([x])), calendar.zone)[0].item())}"
    return f"{label_of(verdict)} on data {until}"


def _published(served: Served) -> datetime | None:
    try:
        published = datetime.fromisoformat(str(served.run.execution["published"]))
        return published.astimezone(UTC).replace(microsecond=0)  # one format, whichever flow made it
    except (KeyError, ValueError):  # a folder made by hand
        return None


def _outcomes(store: Store, series: Series) -> dict[str, Any] | None:
    """How the forecasts that were served have turned out, by the ledger; None before the first outcome.

    `mase`: their mean absolute error over that of repeating the last season (or value) within the data (Hyndman and
    Koehler 2006).
    """
    try:
        rows = counted(store)
    except (CorruptLedger, CorruptIdentity):
        return None
    methods = judge_live(rows)
    live = next((each for each in methods if each.method == SERVED), None)
    if live is None:
        return None
    season = series.seasons.main(series.y)
    usual = float(np.mean(np.abs(series.y[season:] - series.y[:-season]))) if len(series) > season else 0.0
    mae = float(np.mean(np.abs(rows.error[rows.method == SERVED])))
    naive = best_naive(methods)
    return {
        "points": int(live.points.sum()),
        "rmse": _finite(live.error),
        "mae": _finite(mae),
        "mase": _finite(mae / usual) if usual > 0 else None,
        "coverage50": _finite(live.coverage50),
        "coverage90": _finite(live.coverage90),
        "naive": naive and naive.method,
        "times_naive": _finite(live.error / naive.error) if naive and naive.error > 0 else None,
    }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
