"""Live a year of nights with faults: keep a store fresh from a feed, and record what is found each night.

It runs as a process of its own, `python -m flows.year.year FOLDER`, since it forks one child after another.
"""

import json
import shutil
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.files.nights import NIGHTS, PLAN, add_night
from artifacts.lifecycle.state import State, content_of, known_values, lost, state_of
from artifacts.store.store import Store
from flows.settings.retrain import RetrainSettings
from flows.year.night import Mishap, Outcome, night
from flows.year.progress import PART, STATE, STORE, TWIN, Progress, alone, go_on, keep
from rnn.lifecycle.faults import Fault, YearPlan, draw_faults
from rnn.lifecycle.faulty_feed import FIRST, Feed, daily_values
from rnn.lifecycle.nights import Night
from rnn.random_streams import stream
from tasks.support.child import Tell, in_a_child

LATER = timedelta(hours=2)
"""So long after a night that went wrong somebody has run it again."""

JUMPS = (timedelta(days=-3), timedelta(hours=-1), timedelta(hours=2), timedelta(days=3), timedelta(days=400))

USUAL = 5
"""A kill comes within the median time of so many nights."""

SMALLEST, LARGEST = 10, 100_000
"""The full disk: no file becomes larger than so many bytes, drawn evenly on a logarithmic scale."""


class Year:
    """A year on its way, in a `folder` for the feed's file and the store; where it was killed it goes on there."""

    def __init__(self, plan: YearPlan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        values, drawing, self.rng = stream(plan.seed, "faults").spawn(3)
        self.faults = draw_faults(plan.nights, plan.share, drawing) if plan.faults is None else plan.faults
        self.feed = Feed(daily_values(plan.known + len(self.faults), values))
        self.versions = [self.feed.y]
        self.file, self.store = folder / "sales.csv", folder / STORE
        self.state = State(None, {})
        self.usual: list[float] = []
        self.done = 0
        if progress := go_on(folder):
            self._take_up(progress)

    def live(self, on_night: Callable[[Night], None]) -> None:
        """The nights that are still to come, one after the other; `on_night` is told of each."""
        for number, fault in enumerate(self.faults[self.done :], self.done):
            on_night(self._night(number, fault))
            self.done = number + 1
            keep(self.folder, self._progress())

    def _progress(self) -> Progress:
        return Progress(
            done=self.done,
            rng=dict(self.rng.bit_generator.state),
            versions=[version.tolist() for version in self.versions],
            usual=self.usual[-USUAL:],
            state=self.state.plain(),
        )

    def _take_up(self, progress: Progress) -> None:
        self.rng.bit_generator.state = progress.rng
        self.versions = [np.array(version) for version in progress.versions]
        self.feed = Feed(self.versions[-1])
        self.usual, self.done = list(progress.usual), progress.done
        self.state = _state(progress.state)

    def _night(self, number: int, fault: Fault | None) -> Night:
        end = self.plan.known + number
        now = datetime.combine(self.feed.day(end), datetime.min.time(), UTC) + timedelta(hours=3, minutes=15)
        self._deliver(end, fault)
        settings, kind = self._settings(self.store), fault.kind if fault else ""
        twin = self._undisturbed(now) if kind == "killed" else None
        clock = now + JUMPS[int(self.rng.integers(len(JUMPS)))] if kind == "clock jumps" else now
        outcome = night(settings, clock, self._mishap(kind), first=number == 0)
        before, found = self.state, self._look()
        self.state = found
        again, by_hand = self._again(settings, now, outcome, fault)
        if again:
            self.state = self._look()
        if not fault:
            self.usual.append(outcome.seconds)
        late = fault.night + 1 if fault and fault.kind in ("stale", "flat") else 0
        same = None if twin is None else self._known(self.state)["content"] == twin
        one = Night(
            number=number,
            day=str(self.feed.day(end)),
            fault=fault,
            delivered=str(self.feed.day(end - 1 - late)),
            **self._served(found, self.feed.day(end)),
            outcome="; ".join(f"{flow} {state}" for flow, (state, _) in outcome.ends.items()),
            alarms=outcome.alarms,
            drift=any(event.startswith("wavecast.drift") for event in outcome.events),
            promoted=len(self.state.champions) - len(before.champions),
            promoted_on_bad=sum(self._is_bad(run) for run, _ in self.state.champions[len(before.champions) :]),
            learned_bad=self._learned_bad(found),
            lost=(*lost(before, found), *(lost(found, self.state) if again else [])),
            same_bytes=same,
            again=again,
            by_hand=tuple(by_hand),
            seconds=round(outcome.seconds, 2),
        )
        if not again:
            return one
        after = replace(one, **self._served(self.state, self.feed.day(end)), learned_bad=self._learned_bad(self.state))
        return replace(one, labelled_again=after.labelled)

    def _settings(self, store: Path, accept: Sequence[str] = (), trust: bool = False) -> RetrainSettings:
        plan = self.plan
        return RetrainSettings.model_validate(
            {
                "store": str(store),
                "data": str(self.file),
                "group_size": plan.group_size,
                "horizon": plan.horizon,
                "folds": plan.folds,
                "newest": plan.newest,
                "autoregressive": plan.recipe,
                "accept": list(accept),
                "trust_feed": trust,
            }
        )

    def _deliver(self, end: int, fault: Fault | None) -> None:
        if fault and fault.kind == "restated":
            self.feed = self.feed.restated(end, self.rng)
            self.versions.append(self.feed.y)
        self.file.write_bytes(self.feed.faulty_file(end, fault, self.rng) if fault else self.feed.file(end))

    def _mishap(self, kind: str) -> Mishap:
        if kind == "killed":
            usual = statistics.median(self.usual[-USUAL:]) if self.usual else 5.0
            return Mishap(kill_after=float(self.rng.uniform(0, usual)))
        if kind == "disk full":
            return Mishap(largest_file=int(np.exp(self.rng.uniform(np.log(SMALLEST), np.log(LARGEST)))))
        return Mishap(server_away=kind == "server away")

    def _undisturbed(self, now: datetime) -> dict[str, str] | None:
        """The content of what is served after the same night without its kill, in a copy of the store."""
        place, kept = self.store, self.folder / TWIN
        shutil.rmtree(self.folder / f"{TWIN}{PART}", ignore_errors=True)
        _copy(self.store, self.folder / f"{TWIN}{PART}")
        (self.folder / f"{TWIN}{PART}").rename(
            kept
        )  # the night runs at the same place, whose path is in what it writes
        try:
            night(self._settings(place), now, first=not self.state.runs)
            content: dict[str, str] | None = self._known(self._look())["content"]
            return content
        finally:
            shutil.rmtree(place)
            kept.rename(place)

    def _again(
        self, settings: RetrainSettings, now: datetime, outcome: Outcome, fault: Fault | None
    ) -> tuple[bool, list[str]]:
        """Run the night again where a machine's fault ended it; what had to be done by hand beyond that.

        On a night with good data that were refused somebody has to say that they are so.
        """
        kind = fault.kind if fault else ""
        if kind in ("killed", "disk full", "server away") and (outcome.crashed or outcome.failed):
            second = night(settings, now + LATER)
            return True, [f"{flow} {text}" for flow, (state, text) in second.ends.items() if state != "Completed"]
        if outcome.failed and kind in ("", "restated", "clock jumps"):
            text = outcome.ends["retrain"][1]
            accepted = text.rpartition("--accept ")[2].split() if "--accept " in text else []
            night(self._settings(self.store, accepted), now + LATER)
            return True, [text]
        return False, []

    def _look(self) -> State:
        """The store's state, its new runs byte by byte."""
        place, known = self.folder / STATE, {n: d for n, d in self.state.runs.items() if d}

        def look(_: Tell) -> None:
            place.write_text(json.dumps(state_of(Store(str(self.store)), known).plain()))

        place.unlink(missing_ok=True)
        in_a_child(look, 120)
        return _state(json.loads(place.read_text()))

    def _known(self, state: State) -> dict[str, Any]:
        """What the served run holds: the digests of its content."""
        place = self.folder / "known.json"

        def look(_: Tell) -> None:
            assert state.latest is not None  # noqa: S101
            place.write_text(json.dumps(content_of(Store(str(self.store)), state.latest["run"])))

        place.unlink(missing_ok=True)
        in_a_child(look, 60)
        return {"content": json.loads(place.read_text()) if place.exists() else None}

    def _learned_bad(self, state: State) -> bool:
        """Whether the forecast in latest/ was made from values that never were so."""
        return state.latest is not None and self._is_bad(state.latest["run"])

    def _is_bad(self, run: str) -> bool:
        """Whether a run knew values that never were so."""
        place = self.folder / "bad.json"

        def look(_: Tell) -> None:
            times, y = known_values(Store(str(self.store)), run)
            days = (times.astype("datetime64[D]") - np.datetime64(FIRST)).astype(int)
            true = np.array([version[days.clip(0, len(version) - 1)] for version in self.versions])
            place.write_text(json.dumps(bool((np.abs(true - y) > 1e-6).all(axis=0).any())))

        place.unlink(missing_ok=True)
        in_a_child(look, 60)
        return bool(json.loads(place.read_text()))

    def _served(self, state: State, today: date) -> dict[str, Any]:
        """What is in latest/: whether it covers today, what it says it is, and the newest day that it knew."""
        latest = state.latest
        if latest is None:
            return {}
        said = None
        if " on data of " in latest["label"]:
            with suppress(ValueError):
                day = latest["label"].partition(" on data of ")[2].partition(",")[0]
                said = str(datetime.strptime(day, "%d %B %Y").date())
        cutoff = str(latest["data"]["last"])[:10]
        return {"there": str(today) in latest["covers"], "label": latest["label"], "cutoff": cutoff, "said": said}


def _copy(store: Path, to: Path) -> None:
    """A copy that shares its files: none is ever changed in place."""
    shutil.copytree(store, to, copy_function=_link, symlinks=True) if store.exists() else to.mkdir()


def _link(source: str, to: str) -> str:
    Path(to).hardlink_to(source)
    return to


def _state(plain: dict[str, Any]) -> State:
    return State(**{**plain, "champions": [(run, method) for run, method in plain["champions"]]})


def main(folder: Path) -> None:
    """Live the year of the plan in `folder`, or what is left of it; print the number of each night when it is over.

    A night is a line of JSON in `nights.jsonl`.
    """

    def on_night(one: Night) -> None:
        add_night(folder / NIGHTS, one)
        sys.stdout.write(f"{one.number}\n")
        sys.stdout.flush()

    with alone(folder):
        Year(YearPlan.model_validate_json((folder / PLAN).read_text()), folder).live(on_night)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
