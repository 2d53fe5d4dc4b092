"""The registry of champions: a small file with every promotion, its time and its reason; the last is the champion."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from artifacts.files.parquet import NotAFile
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from rnn.errors import WavecastError

CHAMPION = "champion.json"
FORMAT = 1

How: TypeAlias = Literal["gate", "promote", "rollback"]

BY_HAND = "by hand"
"""The reason of a promotion by a person who gives none."""


class CorruptRegistry(WavecastError):
    """The registry's file cannot be read."""


class ChampionChanged(WavecastError):
    """Another champion was promoted in the meantime."""


class NoSuchChampion(WavecastError):
    """There is no earlier champion to go back to."""


class Promotion(BaseModel):
    """One promotion: `method` of `run` became the champion at `when` (UTC, ISO), by the gate or by hand, because `why`.

    `parent`: the run of the champion before it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    run: Annotated[str, StringConstraints(pattern=r"^[^/\\.][^/\\]*$")]
    """A folder of the store, and no way out of it."""
    method: str
    when: str
    how: How
    why: str
    parent: str | None = None

    @property
    def model(self) -> tuple[str, str]:
        """What is the champion: its run and its method."""
        return self.run, self.method

    @property
    def name(self) -> str:
        """The champion's name for messages: its run, or its method where that is a naive one."""
        return self.run if self.method == "autoregressive" else f"{self.method} (since {self.run})"


@dataclass(frozen=True)
class Rollback:
    """A rollback: the `promotion` of the earlier champion, the one that is rolled back, and the runs passed over."""

    promotion: Promotion
    rolled_back: Promotion | None
    gone: tuple[str, ...]


def _not_rolled_back(promotions: Sequence[Promotion]) -> list[Promotion]:
    """The champions that led to the present one, oldest first, without those that were rolled back.

    A rollback takes champions off the end until the one that it went back to is the last.
    """
    reigned: list[Promotion] = []
    for promotion in promotions:
        if promotion.how == "rollback":
            before = [place for place, each in enumerate(reigned[:-1]) if each.model == promotion.model]
            reigned = reigned[: before[-1]] if before else reigned
        reigned.append(promotion)
    return reigned


def _earlier(promotions: Sequence[Promotion]) -> list[Promotion]:
    """What a rollback may go back to, the latest first: champions that led to the present one and are others."""
    reigned = _not_rolled_back(promotions)
    return [each for each in reversed(reigned) if each.model != reigned[-1].model]


class Registry:
    """The champions of a store, oldest first."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def promotions(self) -> list[Promotion]:
        """All promotions, the champion's last. Raises CorruptRegistry."""
        remedy = "put a backup of it in place, or move it away and promote a run: its runs are whole without it"
        try:
            data = self.store.read(CHAMPION)
            if data is None:
                return []
            content = json.loads(data)
            if content["format"] > FORMAT:
                raise CorruptRegistry(f"{self.store.url}/{CHAMPION} was written by a newer Wavecast: update this one")
            return [Promotion.model_validate(each) for each in content["promotions"]]
        except (NotAFile, ValueError, KeyError, TypeError, RecursionError, ValidationError):
            raise CorruptRegistry(f"{self.store.url}/{CHAMPION} is damaged: {remedy}") from None

    def champion(self) -> Promotion | None:
        """The present champion; None if there is none."""
        promotions = self.promotions()
        return promotions[-1] if promotions else None

    def earlier(self) -> Promotion | None:
        """The champion that a rollback would go back to; None without one. Raises CorruptRegistry."""
        return next((each for each in _earlier(self.promotions()) if self._is_there(each.run)), None)

    def promote(self, run: str, method: str, how: How, why: str, instead_of: Promotion | None) -> Promotion:
        """Make `method` of `run` the champion if the present one is still `instead_of`. Raises ChampionChanged."""
        with self.promoting(run, method, how, why, instead_of) as promotion:
            return promotion

    @contextmanager
    def promoting(self, run: str, method: str, how: How, why: str, instead_of: Promotion | None) -> Iterator[Promotion]:
        """As `promote`, under the registry's lock and only if the block succeeds: the block publishes the run.

        A run that is the champion already stays it, so that a task may be repeated. Raises ChampionChanged.
        """
        with self.unchanged(run, instead_of, but=(run, method)) as champion:
            if champion and champion.model == (run, method):
                yield champion
                return
            parent = champion.run if champion else None
            promotion = Promotion(run=run, method=method, when=_now(), how=how, why=why, parent=parent)
            yield promotion
            self.append(promotion)

    @contextmanager
    def unchanged(
        self, run: str, champion: Promotion | None, but: tuple[str, str] | None = None
    ) -> Iterator[Promotion | None]:
        """Hold the registry's lock while the block runs, if `champion`, or (run, method) `but`, is the champion.

        `run`: the challenger, for the message. Raises ChampionChanged.
        """
        with self.store.changing(CHAMPION):
            now = self.champion()
            if now != champion and (now is None or now.model != but):
                raise ChampionChanged(
                    f"{run} was compared with {champion.name if champion else 'no champion'}, and meanwhile "
                    f"{now.name if now else 'none'} has become the champion: retrain to compare it with that one"
                )
            yield now

    @contextmanager
    def rolling_back(self, why: str) -> Iterator["Rollback"]:
        """Make the champion before this one the champion again, under the registry's lock, if the block succeeds.

        Champions that were rolled back are not gone back to, and runs whose folders are gone are passed over. Raises
        NoSuchChampion when nothing is left to go back to.
        """
        with self.store.changing(CHAMPION):
            promotions = self.promotions()
            champion = promotions[-1] if promotions else None
            gone: list[str] = []
            for earlier in _earlier(promotions):
                if self._is_there(earlier.run):
                    break
                gone.append(earlier.name)
            else:
                lost = f" (gone: {', '.join(dict.fromkeys(gone))})" if gone else ""
                listed = self.store.command("history")
                raise NoSuchChampion(f"there is no earlier champion to go back to{lost}: {listed} lists them")
            promotion = earlier.model_copy(update={"when": _now(), "how": "rollback", "why": why})
            yield Rollback(promotion, champion, tuple(dict.fromkeys(gone)))
            self.append(promotion)

    def rollback(self, why: str) -> Promotion:
        """Make the champion before this one the champion again; see `rolling_back`."""
        with self.rolling_back(why) as rollback:
            return rollback.promotion

    def _is_there(self, run: str) -> bool:
        try:
            self.store.run(run)
        except UnreadableRun:
            return False
        return True

    def append(self, promotion: Promotion) -> None:
        """Make what is promoted the champion. The caller holds the registry's lock. Raises CannotWrite."""
        promotions = [*self.promotions(), promotion]
        content = {"format": FORMAT, "promotions": [each.model_dump() for each in promotions]}
        self.store.replace(CHAMPION, (json.dumps(content, indent=2) + "\n").encode())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
