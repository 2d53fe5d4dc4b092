"""What is old and needed by nobody goes, whole; what a removed run was is still known."""

import os
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import fsspec
import pytest

from artifacts.lifecycle import prune as retention
from artifacts.lifecycle.ledger import LEDGER, read_ledger
from artifacts.lifecycle.prune import CannotPrune, RetentionPolicy, made_at, plan, prune
from artifacts.lifecycle.registry import CHAMPION, ChampionChanged, Registry
from artifacts.lifecycle.served import newest_served
from artifacts.lifecycle.state import state_of
from artifacts.store.cache import Cache
from artifacts.store.lease import FencedOff
from artifacts.store.removal import withdrawn
from artifacts.store.removed import REMOVED, read_removed
from artifacts.store.runs import NoSuchRun, find_run
from artifacts.store.store import Store
from tests.grown_store import NOW, grow, put_copy, run_name
from tests.s3 import running_s3

KEEP = RetentionPolicy(timedelta(days=90))


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    """Runs of ten ages; 120 is the champion, 150 was it before, 180 serves a forecast whose outcomes are to come."""
    ages = [300, 250, 200, 180, 150, 120, 100, 50, 2, 1]
    return grow(tmp_path / "runs", put_retraining, ages, champions=[250, 150, 120], opened=[180])


def names(*ages: int) -> list[str]:
    return [run_name(days) for days in ages]


def test_what_would_go_is_named_with_its_size_and_nothing_changes(store):
    before = state_of(store)
    found = plan(store, KEEP, NOW)
    assert [run.run for run in found.runs] == names(300, 250, 200, 100)
    assert list(found.kept) == names(180, 150, 120)
    folder = Path(store.root) / run_name(100)
    assert found.runs[-1].bytes == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert found.runs[-1].files == sum(path.is_file() for path in folder.rglob("*"))
    assert found.files == 4 * found.runs[0].files
    assert state_of(store) == before
    assert not (Path(store.root) / REMOVED).exists()


def test_what_is_removed_is_gone_and_the_rest_is_whole(store):
    before = state_of(store)
    prune(store, KEEP, NOW)
    after = state_of(store)
    assert list(after.runs) == names(180, 150, 120, 50, 2, 1)
    assert after.torn == []
    assert (after.ledger, after.champions, after.latest) == (before.ledger, before.champions, before.latest)
    assert not withdrawn(store)
    assert prune(store, KEEP, NOW).runs == ()


def test_every_champion_stays_if_asked(store):
    assert [run.run for run in plan(store, RetentionPolicy(KEEP.keep, champions=True), NOW).runs] == names(
        300, 200, 100
    )


def test_after_it_a_rollback_goes_to_the_champion_before(store):
    prune(store, KEEP, NOW)
    assert Registry(store).rollback("because").run == run_name(150)


def test_what_a_removed_run_was_is_told_to_whoever_asks_for_it(store):
    prune(store, KEEP, NOW)
    told = r"was removed by `wavecast prune` on .*; it was a run of 'retrain' on wave.csv, which said: It is better\."
    for given in (run_name(250), run_name(250)[:12], f"{store.root}/{run_name(250)}"):
        with pytest.raises(NoSuchRun, match=told):
            find_run(store.url, given)
    assert read_removed(store.files, store.root)[run_name(250)].published == (NOW - timedelta(days=250)).isoformat()


def test_runs_that_are_named_go_whatever_their_age_and_nothing_else(store):
    found = prune(store, RetentionPolicy(KEEP.keep, runs=(run_name(50)[:15], run_name(300))), NOW)
    assert sorted(run.run for run in found.runs) == sorted(names(50, 300))
    assert run_name(200) in store.runs()


def test_a_champion_that_is_named_is_refused_and_nothing_goes(store):
    with pytest.raises(CannotPrune, match="it is the champion; choose another with `wavecast promote RUN"):
        prune(store, RetentionPolicy(KEEP.keep, runs=(run_name(300), run_name(120))), NOW)
    with pytest.raises(CannotPrune, match="outcomes still to come"):
        prune(store, RetentionPolicy(KEEP.keep, runs=(run_name(180),)), NOW)
    with pytest.raises(CannotPrune, match="has no run of the name 'nosuch'"):
        prune(store, RetentionPolicy(KEEP.keep, runs=("nosuch",)), NOW)
    assert len(store.runs()) == 10


@pytest.mark.parametrize("file", [CHAMPION, LEDGER, REMOVED])
def test_while_it_is_not_known_what_is_needed_nothing_goes(store, file):
    store.replace(file, b"damaged")
    with pytest.raises(CannotPrune, match=f"nothing is removed while it is not known what is needed: .*{file}"):
        prune(store, KEEP, NOW)
    assert len(store.runs()) == 10


def test_a_run_that_cannot_be_read_or_whose_age_is_not_known_stays(store):
    (Path(store.root) / run_name(300) / "manifest.json").write_text("{")
    put_copy(Path(store.root) / run_name(1), 260).rename(Path(store.root) / "by-hand")
    found = plan(store, KEEP, NOW)
    assert found.unreadable == (run_name(300),)
    assert run_name(300) not in [run.run for run in found.runs]
    made = made_at(store.run("by-hand"))
    assert made == NOW - timedelta(days=260), "by when it was published"


def test_a_run_that_took_long_is_as_old_as_its_publishing(store):
    run = store.run(run_name(300))
    run.manifest["execution"]["published"] = NOW.isoformat()
    assert made_at(run) == NOW
    run.manifest["execution"].pop("published")
    assert made_at(run) == NOW - timedelta(days=300)


@pytest.mark.parametrize("killed", ["note", "withdraw", "clear"])
def test_one_that_is_killed_leaves_nothing_torn_and_the_next_goes_on(store, monkeypatch, killed):
    real, calls = getattr(retention, killed), []

    def dies(*args):
        calls.append(args)
        if len(calls) == {"note": 1, "withdraw": 3, "clear": 1}[killed]:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(retention, killed, dies)
    with pytest.raises(KeyboardInterrupt):
        prune(store, KEEP, NOW)
    state = state_of(store)
    assert state.torn == []
    assert {name for name in names(180, 150, 120, 50, 2, 1) if name not in state.runs} == set()
    for run in store.runs():
        assert find_run(store.url, run).name == run, "what was noted and is still there is a run like any other"
    monkeypatch.setattr(retention, killed, real)
    prune(store, KEEP, NOW)
    assert store.runs() == names(180, 150, 120, 50, 2, 1)
    assert sorted(read_removed(store.files, store.root)) == sorted(names(300, 250, 200, 100))
    assert not withdrawn(store)


def test_results_of_steps_that_were_used_lately_stay(store):
    cache = Cache(store.workspace)
    entries = {}
    for days in (100, 61, 10, 0):
        with cache.filling("a run") as folder:
            (folder / "file").write_text(str(days))
        entries[days] = folder.entry.folder
        for path in (folder.entry.folder / "file", folder.entry.folder):
            os.utime(path, (NOW.timestamp() - days * 86400,) * 2)
    checkpoint = cache.checkpoint("0" * 64)
    checkpoint.parent.mkdir()
    checkpoint.write_text("state")
    os.utime(checkpoint, (NOW.timestamp() - 70 * 86400,) * 2)
    found = prune(store, KEEP, NOW)
    assert sorted(each.kind for each in found.leftovers) == ["cached result", "cached result", "checkpoint"]
    assert [folder.is_dir() for folder in entries.values()] == [False, False, True, True]
    assert not checkpoint.exists()


def test_a_store_within_is_left_whole(store):
    inner = Path(store.root) / "inner"
    shutil.copytree(store.root, inner)
    for name in (".cache/unused", ".half.partial", f".{run_name(300)}.removed"):
        (inner / name).mkdir(parents=True)
    os.utime(inner, (0, 0))
    for path in inner.rglob("*"):
        os.utime(path, (0, 0))
    before = {path: path.is_dir() or path.read_bytes() for path in inner.rglob("*")}
    found = prune(store, KEEP, NOW)
    assert found.runs
    assert {path: path.is_dir() or path.read_bytes() for path in inner.rglob("*")} == before


def test_beside_a_promotion_the_new_champion_stays(store, tmp_path):
    """A retraining publishes and promotes under the lock that a prune holds: one waits for the other."""
    registry, begun, ended = Registry(store), threading.Event(), []

    def removes():
        begun.wait()
        ended.append(prune(store, RetentionPolicy(timedelta(days=1)), NOW + timedelta(days=30)))

    other = threading.Thread(target=removes)
    other.start()
    with registry.promoting(run_name(50), "autoregressive", "gate", "better", registry.champion()):
        begun.set()
        other.join(0.3)
        assert other.is_alive(), "it waits until the promotion is in place"
    other.join()
    assert registry.champion().run == run_name(50)
    assert {run_name(50), run_name(120), newest_served(store).run.name} <= set(store.runs())
    assert run_name(2) not in [run.run for run in ended[0].runs], "the forecast before the one that is served"


def test_a_run_that_is_removed_before_it_is_promoted_is_no_champion(store):
    registry = Registry(store)
    prune(store, RetentionPolicy(KEEP.keep, runs=(run_name(50),)), NOW)
    with pytest.raises(NoSuchRun, match="was removed"):
        find_run(store.url, run_name(50))
    assert registry.champion().run == run_name(120)
    with pytest.raises(ChampionChanged):
        registry.promote(run_name(1), "autoregressive", "gate", "better", None)


def test_a_store_behind_a_url_loses_the_manifest_first(store, monkeypatch):
    distant = fsspec.filesystem("memory")
    distant.put(f"{store.root}/", "/pruned/", recursive=True)
    try:
        there = Store("memory://pruned")
        monkeypatch.setattr(retention, "clear", lambda store: 0)
        prune(there, KEEP, NOW)
        assert there.runs() == names(180, 150, 120, 50, 2, 1)
        assert distant.exists(f"/pruned/{run_name(300)}/dataset.parquet")
        assert len(withdrawn(there)) == 4
        monkeypatch.undo()
        assert plan(there, KEEP, NOW).unfinished == 4
        prune(there, KEEP, NOW)
        assert not distant.exists(f"/pruned/{run_name(300)}")
        assert there.runs() == names(180, 150, 120, 50, 2, 1)
    finally:
        distant.rm("/pruned", recursive=True)


def test_the_ledger_keeps_its_lines(store):
    closed = read_ledger(store).closed
    prune(store, KEEP, NOW)
    assert read_ledger(store).closed == closed


def test_on_s3_runs_go_under_a_lease_and_one_that_was_taken_over_removes_nothing(store, monkeypatch):
    with running_s3() as bucket:
        fsspec.filesystem("s3").put(f"{store.root}/", f"{bucket}/pruned/", recursive=True)
        there = Store(f"{bucket}/pruned")
        with monkeypatch.context() as late:
            late.setattr(Store, "confirm", lambda self: (_ for _ in ()).throw(FencedOff("taken over")))
            with pytest.raises(FencedOff):
                prune(there, KEEP, NOW)
        assert len(there.runs()) == 10
        prune(there, KEEP, NOW)
        assert there.runs() == names(180, 150, 120, 50, 2, 1)
        assert not there.files.exists(f"{there.root}/{run_name(300)}/dataset.parquet")
        assert Registry(there).champion().run == run_name(120)
        with pytest.raises(NoSuchRun, match="was removed by `wavecast prune`"):
            find_run(there.url, run_name(300))
