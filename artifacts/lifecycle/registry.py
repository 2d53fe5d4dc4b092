"""The champion: one small file says which run forecasts are served from, and who was it before, why and since when."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from artifacts.store.store import Store
from rnn.errors import WavecastError

CHAMPION = "champion.json"
FORMAT = 1

How: TypeAlias = Literal["gate", "promote", "rollback"]


class CorruptRegistry(WavecastError):
    """The registry's file cannot be read."""


class ChampionChanged(WavecastError):
    """Somebody else promoted another champion in the meantime."""


class NoSuchChampion(WavecastError):
    """What is asked for cannot be, or be again, the champion."""


class Promotion(BaseModel):
    """A run and one of its methods became the champion `when` (UTC, ISO), by the gate or by hand, and `why`.

    `parent` is the champion before it, which a rollback goes back to.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    run: str
    method: str
    when: str
    how: How
    why: str
    parent: str | None = None

    @property
    def name(self) -> str:
        """The champion in words: its run, and its method where that is a naive one."""
        return self.run if self.method == "autoregressive" else f"{self.method} (since {self.run})"


class Registry:
    """The champions of a store, oldest first."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def promotions(self) -> list[Promotion]:
        """All of them; the last one is the champion. Raises CorruptRegistry."""
        data = self.store.read(CHAMPION)
        if data is None:
            return []
        remedy = "put a backup of it in place, or move it away and promote a run: its runs are whole without it"
        try:
            held = json.loads(data)
            if held["format"] > FORMAT:
                raise CorruptRegistry(f"{self.store.url}/{CHAMPION} was written by a newer Wavecast: update this one")
            return [Promotion.model_validate(each) for each in held["promotions"]]
        except (ValueError, KeyError, TypeError, ValidationError):
            raise CorruptRegistry(f"{self.store.url}/{CHAMPION} is damaged: {remedy}") from None

    def champion(self) -> Promotion | None:
        """The champion, if there is one."""
        promotions = self.promotions()
        return promotions[-1] if promotions else None

    def promote(self, run: str, method: str, how: How, why: str, instead_of: Promotion | None) -> Promotion:
        """Make `method` of `run` the champion, if the champion is still `instead_of`. Raises ChampionChanged."""
        with self.promoting(run, method, how, why, instead_of) as promotion:
            return promotion

    @contextmanager
    def promoting(self, run: str, method: str, how: How, why: str, instead_of: Promotion | None) -> Iterator[Promotion]:
        """The same, once the block has put the run in place; nobody else is promoted meanwhile.

        A run that is the champion already stays it, so that a task may be repeated. Raises ChampionChanged.
        """
        with self.unchanged(run, instead_of, but=(run, method)) as champion:
            if champion and (champion.run, champion.method) == (run, method):
                yield champion
                return
            parent = champion.run if champion else None
            promotion = Promotion(run=run, method=method, when=_now(), how=how, why=why, parent=parent)
            yield promotion
            self._append(promotion)

    @contextmanager
    def unchanged(
        self, run: str, champion: Promotion | None, but: tuple[str, str] | None = None
    ) -> Iterator[Promotion | None]:
        """While the block runs, `champion` is the champion, or (run, method) `but` is. Raises ChampionChanged.

        `run` is who was judged beside it.
        """
        with self.store.changing(CHAMPION):
            now = self.champion()
            if now != champion and (now is None or (now.run, now.method) != but):
                raise ChampionChanged(
                    f"{run} was judged beside {champion.name if champion else 'no champion'}, and meanwhile "
                    f"{now.name if now else 'none'} is the champion: retrain to judge it anew"
                )
            yield now

    def rollback(self, why: str) -> Promotion:
        """Make the champion before this one the champion again. Raises NoSuchChampion when there was none."""
        with self.store.changing(CHAMPION):
            promotions = self.promotions()
            if not promotions or promotions[-1].parent is None:
                raise NoSuchChampion("there is no champion to go back to: `wavecast history` shows what there was")
            before = next(one for one in reversed(promotions) if one.run == promotions[-1].parent)
            promotion = before.model_copy(update={"when": _now(), "how": "rollback", "why": why})
            self._append(promotion)
        return promotion

    def _append(self, promotion: Promotion) -> None:
        held = {"format": FORMAT, "promotions": [one.model_dump() for one in [*self.promotions(), promotion]]}
        self.store.replace(CHAMPION, (json.dumps(held, indent=2) + "\n").encode())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
