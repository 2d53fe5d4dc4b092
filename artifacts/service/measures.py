"""Measures for Prometheus: the served forecast, its health, and the service's own requests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from artifacts.files.forecast_table import LEVELS
from artifacts.lifecycle.freshness import newest_observation
from artifacts.service.health import Health, when_made
from artifacts.service.served_forecast import ServedForecast

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Seconds."""

QUALITY = {
    "points": "Outcomes of served forecasts that are known.",
    "rmse": "Root mean squared error of the forecasts that were served, in the unit of the series.",
    "mae": "Mean absolute error of the forecasts that were served, in the unit of the series.",
    "mase": "Mean absolute error over that of repeating the last season within the data.",
    "times_naive": "RMSE of the served forecasts over that of the best naive one.",
}
"""The figures of `quality.outcomes` in forecast.json, and what each is."""


@dataclass(frozen=True)
class State:
    """What is told: the forecast, None where nothing is served, its health, and since when who is the champion."""

    served: ServedForecast | None
    health: Health | None
    promoted: datetime | None


class Measures:
    """The figures of one service."""

    def __init__(self, state: Callable[[], State]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_OfStore(state))
        self._requests = Counter(
            "wavecast_http_requests", "Requests that were answered.", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "wavecast_http_request_duration_seconds", "How long an answer took.", ["route"],
            buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip

    def note(self, route: str, status: int, seconds: float) -> None:
        """Note one answer."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)


class _OfStore(Collector):
    """The figures of the store, as they are when Prometheus asks."""

    def __init__(self, state: Callable[[], State]) -> None:
        self._state = state

    def describe(self) -> list[Metric]:
        """Nothing: what there is depends on the store, which is not asked before Prometheus asks."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures."""
        state = self._state()
        yield _gauge("wavecast_up", "Whether a forecast is served.", float(state.served is not None))
        if state.promoted is not None:
            told = "When the champion was promoted."
            yield _gauge("wavecast_champion_promoted_timestamp_seconds", told, state.promoted.timestamp())
        if state.served is not None:
            yield from _of_forecast(state.served)
        if state.health is not None:
            yield from _of_health(state.health)


def _of_forecast(served: ServedForecast) -> Iterator[Metric]:
    told = served.told
    names = {"unique_id": str(told["unique_id"])}
    model = "/".join(map(str, told["model"].values()))
    about = {**names, "run": str(told["run"]), "model": model, "label": str(told["label"])}
    yield _gauge("wavecast_forecast_info", "The forecast that is served.", 1.0, about)
    yield _gauge("wavecast_forecast_points", "Times that it forecasts.", float(len(served.table)), names)
    for name, what, when in (
        ("made", "When the forecast was made.", when_made(served)),
        ("cutoff", "The newest observation that it knew.", newest_observation(served.told, served.table)),
    ):
        if when is not None:
            yield _gauge(f"wavecast_forecast_{name}_timestamp_seconds", what, when.timestamp(), names)
    outcomes: dict[str, Any] = (told.get("quality") or {}).get("outcomes") or {}
    for name, what in QUALITY.items():
        if outcomes.get(name) is not None:
            yield _gauge(f"wavecast_outcomes_{name}", what, float(outcomes[name]), names)
    coverage = GaugeMetricFamily(
        "wavecast_outcomes_coverage", "The share of outcomes within the intervals of a level.", labels=[*names, "level"]
    )
    for level in map(str, LEVELS):
        if outcomes.get(f"coverage{level}") is not None:
            coverage.add_metric([*names.values(), level], float(outcomes[f"coverage{level}"]))
    if coverage.samples:
        yield coverage


def _of_health(health: Health) -> Iterator[Metric]:
    yield _gauge("wavecast_healthy", "Whether nothing speaks against the forecast.", float(health.is_well))
    for name in ("fresh", "good", "drifting"):
        value = getattr(health, name)
        if value is not None:
            yield _gauge(f"wavecast_{name}", f"Whether the forecast is {name}.", float(value))


def _gauge(name: str, what: str, value: float, labels: dict[str, str] | None = None) -> Metric:
    family = GaugeMetricFamily(name, what, labels=list(labels or {}))
    family.add_metric(list((labels or {}).values()), value)
    return family
