"""A retraining, `promote` or `rollback` that is killed between two of its writes: whoever comes next finishes it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from artifacts.lifecycle.latest import wrong_latest
from artifacts.lifecycle.registry import Registry
from artifacts.lifecycle.served import newest_served
from artifacts.lifecycle.state import State, content_of, lost, state_of
from artifacts.store.store import Store

ROOT = Path(__file__).parents[1]
WAVE = np.sin(np.arange(400) / 5) + np.random.default_rng(0).normal(0, 0.02, 400)
AT_THE_PROMOTION = "artifacts.lifecycle.registry:Registry.append"
BEFORE_ITS_RUN, AT_LATEST = "artifacts.store.store:Store.publish", "artifacts.lifecycle.latest:_replace"
AT_THE_GALLERY = "artifacts.gallery.build:build"
KILLED = -signal.SIGKILL
SAME = ("run", "label", "model", "data", "covers")
"""What forecast.json says that does not depend on the second in which a run was published."""


def night(store: Path, points: int, now: str, *words: str) -> tuple[int, str]:
    """Exit code, and what was told, of a night whose file has so many points."""
    data = store.with_name("data.csv")
    data.write_text("t,y\n" + "".join(f"{t},{value:.6f}\n" for t, value in enumerate(WAVE[:points])))
    command = [sys.executable, "tests/one_night.py", str(store), str(data), now, *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == KILLED or "Completed" in ended.stdout.splitlines()[-1], ended
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def stores(tmp_path_factory) -> tuple[Path, Path]:
    """A store whose second night was killed at its promotion, and a twin whose second night was not."""
    folder = tmp_path_factory.mktemp("nights")  # with one file for all its stores
    store, twin = folder / "killed", folder / "whole"
    assert night(store, 200, "2026-03-01T03:00:00", "retrain", "--poor")[0] == 0
    copy(store, "whole")
    assert night(twin, 216, "2026-03-02T03:00:00", "monitor", "retrain")[0] == 0
    assert len(Registry(Store(str(twin))).promotions()) == 2, "the second night promotes"
    killed = night(store, 216, "2026-03-02T03:00:00", "monitor", "retrain", "--killed-at", AT_THE_PROMOTION)
    assert killed[0] == KILLED
    assert Store(str(store)).runs() == Store(str(twin)).runs()
    assert len(Registry(Store(str(store))).promotions()) == 1
    return store, twin


@pytest.fixture
def killed(stores) -> Path:
    """The killed store, as it was then."""
    return copy(stores[0], "again")


def copy(store: Path, name: str) -> Path:
    shutil.rmtree(store.with_name(name), ignore_errors=True)
    return Path(shutil.copytree(store, store.with_name(name)))


def content(store: Path) -> tuple[State, list[dict[str, str]], list[tuple[str | None, str]]]:
    """The state of a store, the content of its runs, and parent and reason of each promotion."""
    opened = Store(str(store))
    promotions = [(each.parent, each.why) for each in Registry(opened).promotions()]
    return state_of(opened), [content_of(opened, run) for run in opened.runs()], promotions


@pytest.mark.parametrize("first", ["retrain", "monitor", "forecast"])
def test_whoever_comes_next_finishes_the_promotion(first, stores, killed):
    before = state_of(Store(str(killed)))
    code, told = night(killed, 216, "2026-03-02T05:00:00", first)
    assert code == 0
    assert "is the champion: the run that promoted it was killed just before" in told
    (now, runs, promotions), (whole, expected, promoted) = content(killed), content(stores[1])
    assert lost(before, now) == []
    assert (now.champions, promotions) == (whole.champions, promoted)
    assert runs == expected
    assert now.latest["run"] == now.champions[-1][0]
    assert [now.latest[name] for name in SAME] == [whole.latest[name] for name in SAME]
    assert wrong_latest(Store(str(killed))) is None


def test_the_next_night_is_the_same(stores, killed):
    after = []
    for store in (killed, copy(stores[1], "whole again")):
        assert night(store, 224, "2026-03-03T03:00:00", "monitor", "retrain")[0] == 0
        state, runs, promotions = content(store)
        served = newest_served(Store(str(store)))
        after.append((state.champions, state.ledger, sorted(state.runs), runs, promotions, served and served.model))
    assert after[0] == after[1]


@pytest.fixture(scope="module")
def by_hand(stores) -> Callable[[str, str], Path]:
    """`by_hand(verb, place)`: a store of two champions in which a verb that names the first was killed at a place."""

    @cache
    def killed_at(verb: str, place: str) -> Path:
        store = copy(stores[1], f"{verb} killed at {place.rpartition(':')[2]}")
        assert night(store, 216, "2026-03-02T04:00:00", verb, "--killed-at", place)[0] == KILLED
        return store

    return lambda verb, place: copy(killed_at(verb, place), "by hand")


@pytest.mark.parametrize("place", [BEFORE_ITS_RUN, AT_LATEST, AT_THE_PROMOTION, AT_THE_GALLERY])
@pytest.mark.parametrize("verb", ["promote", "rollback"])
def test_typed_again_there_is_one_champion(verb, place, stores, by_hand):
    store, before = by_hand(verb, place), state_of(Store(str(stores[1])))
    killed = state_of(Store(str(store)))
    assert lost(before, killed) == []
    assert (len(killed.runs) > len(before.runs)) == (place != BEFORE_ITS_RUN)
    assert (len(killed.champions) > len(before.champions)) == (place == AT_THE_GALLERY)
    if place != AT_THE_GALLERY:  # then all is written
        code, told = night(store, 216, "2026-03-02T05:00:00", verb)
        assert (code, "was killed just before" in told) == (0, place != BEFORE_ITS_RUN)
    changed_once(store, before, verb)


@pytest.mark.parametrize(
    ("first", "place"),
    [(first, AT_THE_PROMOTION) for first in ("retrain", "monitor", "forecast", "history", "serve")]
    + [("history", AT_LATEST)],
)
def test_whoever_comes_next_finishes_a_rollback(first, place, stores, by_hand):
    store, before = by_hand("rollback", place), state_of(Store(str(stores[1])))
    code, told = night(store, 216, "2026-03-02T05:00:00", first)
    warned = "is the champion: the rollback to it was killed just before" in told
    assert (code, warned) == (0, first in ("retrain", "monitor", "forecast"))
    changed_once(store, before, "rollback")


def changed_once(store: Path, before: State, verb: str) -> None:
    """The first run's champion is the champion again, once more only; it is served, and `latest/` holds that."""
    opened, now = Store(str(store)), state_of(Store(str(store)))
    served, promotions = newest_served(opened), Registry(opened).promotions()
    assert lost(before, now) == []
    assert (len(now.runs), len(now.champions)) == (len(before.runs) + 1, len(before.champions) + 1)
    assert (promotions[-1].how, promotions[-1].why, promotions[-1].run) == (verb, "by hand", before.champions[0][0])
    assert served.model == now.champions[-1]
    assert wrong_latest(opened) is None
    assert now.latest["run"] == served.run.name
