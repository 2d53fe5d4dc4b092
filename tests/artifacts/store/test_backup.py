"""A backup holds one moment of a store, whole, however busy the store is."""

import errno
import io
import json
import threading
import time
from contextlib import contextmanager

import fsspec
import pytest

from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.store import backup
from artifacts.store.archive import members
from artifacts.store.atomic import CannotWrite, writing_to
from artifacts.store.backup import INDEX, NoBackup, back_up, moment
from artifacts.store.store import Store

RUNS = ("20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb")


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    """A store of two runs, the first the champion, with all that may lie beside them."""
    for seed, name in enumerate(RUNS):
        put_retraining(tmp_path / "sales-runs", name, seed, points=60)
    store = Store(str(tmp_path / "sales-runs"))
    Registry(store).promote(RUNS[0], "autoregressive", "gate", "better", None)
    store.replace("ledger.parquet", b"lines")
    for left_out in ("index.html", "gallery/x.js", "latest/forecast.json", ".cache/big", "notes/x.txt"):
        store.replace(left_out, b"left out")
    return store


def contents(path) -> dict[str, bytes]:
    data = path.read_bytes()
    return {name: content.read() for name, content in members(io.BytesIO(data), len(data))}


def test_runs_and_what_cannot_be_made_again_are_in_it_each_with_its_digest(store, tmp_path):
    made = back_up(store, str(tmp_path / "kept" / "one.tar.zst"), {"deployments": []})
    found = contents(tmp_path / "kept" / "one.tar.zst")
    assert (made.runs, made.files, made.damaged) == (2, 2, {})
    assert made.size == (tmp_path / "kept" / "one.tar.zst").stat().st_size
    assert list(found)[-1] == INDEX
    index = json.loads(found.pop(INDEX))
    assert set(found) == set(index["files"])
    assert {name.partition("/")[0] for name in found} == {*RUNS, CHAMPION, "ledger.parquet"}
    assert index["runs"] == list(RUNS)
    for run in RUNS:
        manifest = json.loads(found[f"{run}/manifest.json"])
        assert manifest["files"] == {
            name.partition("/")[2]: facts["sha256"]
            for name, facts in index["files"].items()
            if name.startswith(run) and not name.endswith("manifest.json")
        }


def test_in_a_folder_each_backup_has_a_name_of_its_own(store, tmp_path):
    made = back_up(store, str(tmp_path / "backups"), {})
    assert made.place.startswith(f"{tmp_path}/backups/sales-runs-2")
    assert made.place.endswith("Z.tar.zst")


def test_a_run_that_is_damaged_is_named_and_put_in_as_it_is(store, tmp_path):
    (tmp_path / "sales-runs" / RUNS[1] / "forecast.parquet").write_bytes(b"flipped")
    (tmp_path / "sales-runs" / RUNS[1] / "dataset.parquet").unlink()
    made = back_up(store, str(tmp_path / "one.tar.zst"), {})
    assert made.damaged == {RUNS[1]: "there is no dataset.parquet; forecast.parquet is not as it was"}
    assert contents(tmp_path / "one.tar.zst")[f"{RUNS[1]}/forecast.parquet"] == b"flipped"


def test_what_a_link_leads_to_is_not_in_it(store, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "sales-runs" / "link.json").symlink_to(tmp_path / "secret")
    (tmp_path / "sales-runs" / RUNS[0] / "link.json").symlink_to(tmp_path / "secret")
    back_up(store, str(tmp_path / "one.tar.zst"), {})
    assert not [name for name in contents(tmp_path / "one.tar.zst") if "link" in name]


def test_an_earlier_backup_is_not_replaced_and_the_store_is_no_place_for_one(store, tmp_path):
    back_up(store, str(tmp_path / "one.tar.zst"), {})
    before = (tmp_path / "one.tar.zst").read_bytes()
    with pytest.raises(NoBackup, match="there already"):
        back_up(store, str(tmp_path / "one.tar.zst"), {})
    with pytest.raises(NoBackup, match="in the store itself"):
        back_up(store, str(tmp_path / "sales-runs" / "backups"), {})
    assert (tmp_path / "one.tar.zst").read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(store, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_add_run", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(CannotWrite, match="full"):
        back_up(store, str(tmp_path / "kept" / "one.tar.zst"), {})
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_run_that_is_removed_meanwhile_is_one_line(store, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_files_of", lambda *_: iter([("gone.json", 3, 0.0)]))
    with pytest.raises(NoBackup, match="removed or changed"):
        back_up(store, str(tmp_path / "one.tar.zst"), {})


def test_a_store_that_never_rests_is_one_line(store, monkeypatch):
    looks = iter(range(99))
    monkeypatch.setattr(backup, "PAUSE", 0)
    monkeypatch.setattr(backup, "_look", lambda _: next(looks))
    with pytest.raises(NoBackup, match="changes all the time"):
        moment(store)


def test_no_moment_has_a_champion_whose_run_is_not_in_it(store, tmp_path, put_retraining):
    """Runs are published and promoted all the while, under the registry's lock as retrainings do it."""
    registry, enough = Registry(store), threading.Event()

    def publish():
        for second in range(60):
            if enough.is_set():
                return
            name = f"20260103T0000{second:02}Z-cccccc"
            with registry.promoting(name, "autoregressive", "gate", "better", registry.champion()):
                put_retraining(tmp_path / "sales-runs", name, points=60)
            store.replace("ledger.parquet", f"lines up to {name}".encode())
            time.sleep(0.1)  # a lock is asked for every 50 ms: whoever takes it again at once would keep it to itself

    thread = threading.Thread(target=publish)
    thread.start()
    seen = set()
    while thread.is_alive() and len(seen) < 4:
        now = moment(store)
        newest = json.loads(now.files[CHAMPION])["promotions"][-1]["run"]
        assert newest in now.runs
        assert len(now.runs) == 2 or newest == now.runs[-1]
        seen.add(newest)
    enough.set()
    thread.join()
    assert len(seen) > 1


def test_a_store_behind_a_url_is_put_behind_another(store, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.put(str(tmp_path / "sales-runs"), "/bucket/sales-runs", recursive=True)
    made = back_up(Store("memory://bucket/sales-runs"), "memory://bucket/kept/", {})
    assert made.place.startswith("memory:///bucket/kept/sales-runs-2")
    assert (made.runs, made.damaged) == (2, {})
    files.store.clear()


def test_a_store_that_can_only_be_read_is_backed_up_without_its_lock(store, monkeypatch):
    @contextmanager
    def refused(file: str, number: int = errno.EROFS):
        with writing_to(store.url):
            raise OSError(number, "no")
        yield

    monkeypatch.setattr(store, "changing", refused)
    assert moment(store).runs == RUNS
    monkeypatch.setattr(store, "changing", lambda file: refused(file, errno.ENOSPC))
    with pytest.raises(CannotWrite, match="the disk is full"):
        moment(store)
