"""The forecast of a champion that was chosen by hand, as a run of its own: nothing is trained, and no server is asked.

The data are those of the newest forecast that was served.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa

from artifacts.files.forecast_table import to_csv
from artifacts.files.forecasts import FORECAST, write_forecasts
from artifacts.files.series import DATASET, read_calendar, read_made, read_series, read_times
from artifacts.lifecycle.contender import load_champion, terms_of
from artifacts.lifecycle.registry import Promotion
from artifacts.lifecycle.served import FLOWS, SERVE, newest_served
from artifacts.lifecycle.verdict import VERDICT
from artifacts.reports.forecast_to_use import FORECAST_CSV, of_folder, table_to_use
from artifacts.reports.pipeline_charts import forecast_chart
from artifacts.reports.pipeline_run import axis_of
from artifacts.reports.report import Report, Table, file_table, write_html
from artifacts.store.atomic import whole_folder
from artifacts.store.cache import Cache
from artifacts.store.manifest import origin, write_manifest
from artifacts.store.store import Store
from artifacts.web.blocks import Section
from rnn.errors import WavecastError
from rnn.lifecycle.serving import served_beside
from rnn.series import Series

KERNELS: dict[str, str] = {}
"""Nothing is trained, so no kernel is noted."""


class NoData(WavecastError):
    """There are no data to forecast from."""


def serve_champion(store: Store, promotion: Promotion, before: Promotion | None) -> str:
    """Publish the forecast of the model in `promotion` where the store's newest data end; returns the run's name.

    `before`: the champion until then. A model whose forecast is served already is not asked again. Raises
    ChampionGone, CorruptModel, NoData, CannotWrite, and what forecasting raises.
    """
    now = newest_served(store)
    if now and now.model == promotion.model:
        return now.run.name
    terms = terms_of(store, promotion)
    with whole_folder(Cache(store.workspace).root) as folder:
        dataset = folder / DATASET
        series = _put_newest_data(store, dataset)
        champion = load_champion(store, promotion, read_times(dataset), terms)
        groups = terms.trainings(series).groups(len(series))
        forecasts = served_beside(champion, {}, groups, terms.horizon)
        made, calendar = read_made(dataset), read_calendar(dataset)
        write_forecasts(folder / FORECAST, forecasts, None, calendar)
        how = "promoted by hand" if promotion.how == "promote" else "gone back to"
        verdict: dict[str, Any] = {
            "decision": how,
            "sentence": f"{promotion.name} is {how}: {promotion.why}",
            "champion": before and {"run": before.run, "method": before.method},
            "serves": {"run": promotion.run, "method": promotion.method},
            "naive": "",
            "folds": [],
        }
        (folder / VERDICT).write_text(json.dumps(verdict, indent=2) + "\n")
        (folder / FORECAST_CSV).write_text(to_csv(table_to_use(of_folder(folder))), encoding="utf-8")
        title = f"{terms.horizon} group{'s' if terms.horizon > 1 else ''} beyond the data"
        chart = forecast_chart(series.x, series.y, forecasts, None, title, axis_of(made, calendar))
        report = Report(
            flow=SERVE,
            title=f"The forecast of {promotion.name}",
            sentences=[str(verdict["sentence"])],
            tables=[Table("The file", file_table(made))],
            pictures=[],
            config=_config(store, promotion, champion.seed, terms.group_size, terms.horizon),
            sections=[Section("The forecast", "The forecast that is served from now on.", [chart])],
        )
        return _publish(store, folder, report, before)


def _put_newest_data(store: Store, dataset: Path) -> Series:
    """Copy the data of the newest served forecast to `dataset`, or else the newest that can be read. Raises NoData."""
    now = newest_served(store)
    for run in chain([now.run] if now else [], store.readable_runs()):
        if run.flow in FLOWS and DATASET in run.digests:
            with suppress(FileNotFoundError, ValueError, KeyError, pa.ArrowException):
                dataset.write_bytes(run.read(DATASET))
                return read_series(dataset)
    raise NoData(f"there are no data in {store.url} to forecast from: put them back, or `wavecast retrain` first")


def _config(store: Store, promotion: Promotion, seed: int, group_size: int, horizon: int) -> dict[str, Any]:
    data = store.run(promotion.run).config.get("data")
    task = {"data": data, "seed": seed, "group_size": group_size, "horizon": horizon}
    return {"store": store.url, **task, "run": promotion.run, "how": promotion.how, "why": promotion.why}


def _publish(store: Store, folder: Path, report: Report, before: Promotion | None) -> str:
    now, parent, config = datetime.now(UTC), before.run if before else None, dict(report.config)
    name = f"{now:%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}"
    write_html(folder, report, origin(folder, SERVE, config, KERNELS, parent))
    execution = {"run": name, "published": now.isoformat(timespec="milliseconds"), "flow_run": "", "steps": {}}
    write_manifest(folder, SERVE, config, KERNELS, execution, parent)
    store.publish(folder, name)
    return name
