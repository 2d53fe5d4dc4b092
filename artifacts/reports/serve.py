"""Publish a forecast without training as a run: after a champion was chosen by hand, or on the newest data.

No server is asked. A run is published as every run is, so that its forecast is what is served from then on.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa

from artifacts.files.forecast_table import to_csv
from artifacts.files.forecasts import FORECAST, read_forecasts, write_forecasts
from artifacts.files.series import DATASET, read_calendar, read_made, read_series, read_times
from artifacts.lifecycle.contender import load_champion, terms_of
from artifacts.lifecycle.registry import BY_HAND, Promotion
from artifacts.lifecycle.served import FLOWS, SERVE, newest_served, publishing_moment
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
from artifacts.web.phrases import count
from rnn.errors import WavecastError
from rnn.lifecycle.folds import Contender, Terms
from rnn.lifecycle.serving import served_beside
from rnn.series import Series

KERNELS: dict[str, str] = {}
"""Nothing is trained, so no kernel is noted."""


class NoData(WavecastError):
    """There are no data to forecast from."""


@dataclass(frozen=True)
class Server:
    """The model that serves: the `contender`, the `run` that it comes from (None: no other than its own), its task."""

    contender: Contender
    run: str | None
    terms: Terms

    @property
    def name(self) -> str:
        """Its name in a sentence."""
        return self.run if self.run and self.contender.method == "autoregressive" else f"'{self.contender.method}'"


@dataclass(frozen=True)
class Reason:
    """The reason of a forecast: the `decision` in a few words, and a `sentence`; and a `label` of what it is.

    Without a label it is the champion's, on the newest data. `promotion`: which is made next; it is noted with the
    forecast, so that whoever comes after a kill can make it (artifacts/lifecycle/unfinished.py).
    """

    decision: str
    sentence: str
    label: str | None = None
    promotion: Promotion | None = None


def serve_champion(store: Store, promotion: Promotion, before: Promotion | None) -> str:
    """Publish the forecast of the model in `promotion` where the store's newest data end; returns the run's name.

    `before`: the champion until then. A model whose forecast is served already is not asked again. Raises
    ChampionGone, CorruptModel, NoData, CannotWrite, and what forecasting raises.
    """
    now = newest_served(store)
    if now and now.model == promotion.model:
        return now.run.name
    how = "promoted by hand" if promotion.how == "promote" else "champion again"
    why = "" if promotion.why == BY_HAND else f": {promotion.why.removesuffix('.')}"
    with new_run(store) as folder:
        put_served_data(store, folder / DATASET)
        server = champion_on(store, promotion, folder / DATASET)
        reason = Reason(how, f"{promotion.name} is {how}{why}.", promotion=promotion)
        facts = {"run": promotion.run, "how": promotion.how, "why": promotion.why}
        return publish_forecast(store, folder, server, reason, before, facts)


def champion_on(store: Store, champion: Promotion, dataset: Path) -> Server:
    """The champion, ready to forecast where the series in `dataset` ends. Raises ChampionGone and CorruptModel."""
    terms = terms_of(store, champion)
    return Server(load_champion(store, champion, read_times(dataset), terms), champion.run, terms)


@contextmanager
def new_run(store: Store) -> Iterator[Path]:
    """A hidden folder for the files of a run; what has not been published when the block ends is removed."""
    with whole_folder(Cache(store.workspace).root) as folder:
        yield folder


def put_served_data(store: Store, dataset: Path) -> None:
    """Copy the data of the newest served forecast to `dataset`, or else the newest that can be read. Raises NoData."""
    now = newest_served(store)
    for run in chain([now.run] if now else [], store.readable_runs()):
        if run.flow in FLOWS and DATASET in run.digests:
            with suppress(FileNotFoundError, ValueError, KeyError, pa.ArrowException):
                dataset.write_bytes(run.read(DATASET))
                read_series(dataset)
                return
    raise NoData(
        f"there are no data in {store.url} to forecast from: put them back, or {store.command('retrain')} first"
    )


def publish_forecast(
    store: Store, folder: Path, server: Server, reason: Reason, before: Promotion | None, facts: dict[str, Any]
) -> str:
    """Forecast where the data set in `folder` ends, and publish that as a run; returns the run's name.

    `before`: the champion until then. `facts`: what else the settings of the run record. Raises CannotWrite, and what
    forecasting raises.
    """
    series, terms, contender = read_series(folder / DATASET), server.terms, server.contender
    forecasts = served_beside(contender, {}, terms.trainings(series).groups(len(series)), terms.horizon)
    write_forecasts(folder / FORECAST, forecasts, None, read_calendar(folder / DATASET))
    verdict: dict[str, Any] = {
        "decision": reason.decision,
        "sentence": reason.sentence,
        "label": reason.label,
        "champion": before and {"run": before.run, "method": before.method},
        "promotion": reason.promotion and reason.promotion.model_dump(),
        "serves": {"run": server.run, "method": contender.method},
        "naive": "",
        "folds": [],
    }
    (folder / VERDICT).write_text(json.dumps(verdict, indent=2) + "\n")
    (folder / FORECAST_CSV).write_text(to_csv(table_to_use(of_folder(folder))), encoding="utf-8")
    task = {"seed": contender.seed, "group_size": terms.group_size, "horizon": terms.horizon}
    config = {"store": store.url, "data": _data_of(store, server), **task, **facts}
    report = _report(folder, series, server, reason, config)
    now, parent = datetime.now(UTC), before.run if before else None
    name = f"{now:%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}"
    write_html(folder, report, origin(folder, SERVE, config, KERNELS, parent))
    published = publishing_moment(store).isoformat(timespec="milliseconds")
    execution = {"run": name, "published": published, "flow_run": "", "steps": {}}
    write_manifest(folder, SERVE, config, KERNELS, execution, parent)
    store.publish(folder, name)
    return name


def _data_of(store: Store, server: Server) -> Any:
    """The setting `data` of the run that the model comes from, else of the forecast that is served; or None."""
    if server.run is not None:
        return store.run(server.run).config.get("data")
    now = newest_served(store)
    return now.run.config.get("data") if now else None


def _report(folder: Path, series: Series, server: Server, reason: Reason, config: dict[str, Any]) -> Report:
    made, calendar = read_made(folder / DATASET), read_calendar(folder / DATASET)
    forecasts, _ = read_forecasts(folder / FORECAST)
    title = f"{count(forecasts[0].x.size, 'point')} beyond the data"
    chart = forecast_chart(series.x, series.y, forecasts, None, title, axis_of(made, calendar))
    return Report(
        flow=SERVE,
        title=f"The forecast of {server.name}",
        sentences=[reason.sentence],
        tables=[Table("The file", file_table(made))],
        pictures=[],
        config=config,
        sections=[Section("The forecast", "The forecast that is served from now on.", [chart])],
    )
