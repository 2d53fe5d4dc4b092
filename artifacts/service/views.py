"""The service's views of its store, each kept current: the forecast, the champions, and the signs of health."""

from datetime import UTC, datetime, timedelta
from typing import Any

from artifacts.lifecycle.feed import FEED, read_feed
from artifacts.lifecycle.identity import SERIES, read_identity
from artifacts.lifecycle.latest import JSON, LATEST
from artifacts.lifecycle.monitor import MONITOR
from artifacts.lifecycle.registry import CHAMPION, Promotion, Registry
from artifacts.service.health import Health, Signs, judge, read_monitor
from artifacts.service.measures import State
from artifacts.service.served_forecast import ServedForecast, read_served
from artifacts.service.watched import Watched
from artifacts.store.store import Store
from rnn.errors import WavecastError

LISTED = 1000
"""So many promotions, the newest, are listed at most."""


class NoChampion(WavecastError):
    """A store has no champion yet."""


class Views:
    """The views of one store."""

    def __init__(self, store: Store, allowed: timedelta | None = None) -> None:
        self.store, self._allowed = store, allowed
        self.served: Watched[ServedForecast] = Watched(store, f"{LATEST}/{JSON}", read_served)
        self._promotions: Watched[list[Promotion]] = Watched(store, CHAMPION, lambda s: Registry(s).promotions())
        self._monitor = Watched(store, MONITOR, read_monitor)
        self._feed = Watched(store, FEED, read_feed)
        self._identity = Watched(store, SERIES, read_identity)

    def champion(self) -> dict[str, Any]:
        """The champion, and what is served. Raises NoChampion, CorruptRegistry."""
        promotions = self._promotions.get()
        if not promotions:
            raise NoChampion(f"{self.store.url} has no champion yet: `wavecast retrain` trains the first challenger")
        try:
            told = self.served.get().told
        except WavecastError:  # /forecast says why
            return {**_plain(promotions[-1]), "served": None}
        served = {name: told[name] for name in ("unique_id", "run", "model", "label", "made")}
        by_champion = tuple(told["model"].values()) == promotions[-1].model
        return {**_plain(promotions[-1]), "served": {**served, "by_champion": by_champion}}

    def history(self) -> dict[str, Any]:
        """All promotions, the champion's last. Raises CorruptRegistry."""
        promotions = self._promotions.get()
        return {"total": len(promotions), "promotions": [_plain(each) for each in promotions[-LISTED:]]}

    def health(self, now: datetime | None = None) -> Health:
        """The health of what is served. Raises NoForecast, CorruptMonitor, CorruptIdentity."""
        signs = Signs(self.served.get(), self._monitor.get(), self._feed.get(), self._identity.get())
        return judge(signs, now or datetime.now(UTC), self._allowed)

    def health_in_words(self) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and what is told of it; what cannot be read is a reason."""
        try:
            health, told = self.health(), self.served.get().told
        except WavecastError as error:
            unknown = dict.fromkeys(("fresh", "good", "drifting"))
            return False, {"healthy": False, **unknown, "reasons": [str(error)]}
        monitor = self._monitor.get()
        return health.is_well, {
            "healthy": health.is_well,
            "fresh": health.fresh,
            "good": health.good,
            "drifting": health.drifting,
            "reasons": list(health.reasons),
            **{name: told[name] for name in ("unique_id", "label", "made")},
            "newest": told["data"]["last"],
            "age_seconds": None if health.age is None else round(health.age.total_seconds()),
            "monitored": None if monitor is None else monitor["when"],
        }

    def state(self) -> State:
        """What Prometheus is told; what cannot be read is left out."""
        try:
            promotions = self._promotions.get()
        except WavecastError:
            promotions = []
        promoted = _moment(promotions[-1].when) if promotions else None
        try:
            served = self.served.get()
        except WavecastError:
            return State(None, None, promoted)
        try:
            return State(served, self.health(), promoted)
        except WavecastError:
            return State(served, None, promoted)


def _plain(promotion: Promotion) -> dict[str, Any]:
    return {"name": promotion.name, **promotion.model_dump()}


def _moment(when: str) -> datetime | None:
    try:
        return datetime.fromisoformat(when).astimezone(UTC)
    except ValueError:  # a registry that somebody has edited
        return None
