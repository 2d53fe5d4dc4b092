import json
from pathlib import Path

import fsspec
import pytest
from botocore.exceptions import EndpointConnectionError
from fsspec.implementations.local import LocalFileSystem

from artifacts.store import lease
from artifacts.store.atomic import CannotWrite, whole_folder
from artifacts.store.lease import FencedOff
from artifacts.store.listing import MANIFEST
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import AlreadyThere, Store

FILES = ("a.txt", "deep/er/b.txt", MANIFEST, "z.txt")


@pytest.fixture
def folder(tmp_path):
    """A finished run, not published yet, on the store's own disk."""
    with whole_folder(tmp_path / "making") as made:
        for name in FILES:
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_text(json.dumps(name))
        yield made


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """A store in memory, its workspace in a home of its own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    yield Store("memory://bucket/runs")
    files.store.clear()


def make_run(root: Path, name: str, file: str = MANIFEST) -> None:
    (root / name).mkdir(parents=True)
    (root / name / file).touch()


@pytest.mark.parametrize("url", ["{}/deep/runs", "file://{}/deep/runs", "local://{}/deep/runs"])
def test_a_local_store_is_its_own_workspace_and_is_made_when_missing(tmp_path, url):
    store = Store(url.format(tmp_path))
    assert store.local
    assert store.workspace == tmp_path / "deep" / "runs"
    assert store.workspace.is_dir()
    assert store.place("run") == str(tmp_path / "deep" / "runs" / "run")


def test_a_relative_path_is_below_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Store("runs").workspace == tmp_path / "runs"


def test_a_store_elsewhere_works_in_the_users_cache_each_in_its_own_folder(memory, tmp_path):
    assert not memory.local
    assert memory.workspace.is_dir()
    assert memory.workspace.is_relative_to(tmp_path / "home" / ".cache" / "wavecast")
    assert Store("memory://other").workspace != memory.workspace == Store("memory://bucket/runs").workspace
    assert fsspec.core.url_to_fs(memory.place("run")) == (memory.files, "/bucket/runs/run")


def test_an_unknown_protocol_is_told_in_one_line():
    with pytest.raises(CannotWrite) as told:
        Store("carrier-pigeon://loft/runs")
    assert "carrier-pigeon" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_protocol_whose_library_is_missing_names_the_library():
    with pytest.raises(CannotWrite, match="smbprotocol"):
        Store("smb://host/share/runs")


@pytest.mark.parametrize("below", ["", "/runs"])
def test_a_file_in_place_of_the_store_is_told_and_kept(tmp_path, below):
    (tmp_path / "file").write_text("text")
    with pytest.raises(CannotWrite) as told:
        Store(f"{tmp_path}/file{below}")
    assert f"{tmp_path}/file{below}" in str(told.value)
    assert "--store" in str(told.value)
    assert "\n" not in str(told.value)
    assert (tmp_path / "file").read_text() == "text"


def test_runs_are_the_whole_ones_oldest_first(tmp_path):
    for name in ("20260301T000000Z-b", "20250101T000000Z-c", "20260301T000000Z-a"):
        make_run(tmp_path, name)
    make_run(tmp_path, "20240101T000000Z-unfinished", "forecast.parquet")
    make_run(tmp_path, ".cache")
    make_run(tmp_path, ".0123.partial")
    make_run(tmp_path, "deep/er")
    (tmp_path / "champion.json").touch()
    assert Store(str(tmp_path)).runs() == ["20250101T000000Z-c", "20260301T000000Z-a", "20260301T000000Z-b"]


def test_an_empty_store_has_no_runs(tmp_path, memory):
    assert Store(str(tmp_path / "new")).runs() == []
    assert memory.runs() == []


@pytest.mark.parametrize("name", ["my runs", "läufe", "100%"])
def test_runs_are_found_whatever_the_store_is_called(tmp_path, folder, name):
    store = Store(str(tmp_path / name))
    store.publish(folder, "run")
    assert store.runs() == ["run"]


@pytest.mark.parametrize("name", ["runs[1]", "runs[a-z]"])
def test_runs_are_found_in_a_store_with_brackets_in_its_name(tmp_path, folder, name):
    store = Store(str(tmp_path / name))
    store.publish(folder, "run")
    assert store.runs() == ["run"]


def test_publishing_on_a_local_disk_moves_the_folder(tmp_path, folder):
    store, inode = Store(str(tmp_path / "runs")), folder.stat().st_ino
    place = store.publish(folder, "run")
    assert place == store.place("run") == str(tmp_path / "runs" / "run")
    assert Path(place).stat().st_ino == inode
    assert not folder.exists()
    assert store.runs() == ["run"]


def test_publishing_never_overwrites_a_local_run(tmp_path, folder):
    make_run(tmp_path / "runs", "run")
    with pytest.raises(CannotWrite):
        Store(str(tmp_path / "runs")).publish(folder, "run")
    assert [path.name for path in (tmp_path / "runs" / "run").iterdir()] == [MANIFEST]
    assert (tmp_path / "runs" / "run" / MANIFEST).read_text() == ""


def test_publishing_elsewhere_writes_every_file(memory, folder):
    place = memory.publish(folder, "run")
    assert place == memory.place("run")
    assert memory.runs() == ["run"]
    for name in FILES:
        with fsspec.open(f"{place}/{name}") as file:
            assert json.load(file) == name


def test_publishing_elsewhere_writes_the_manifest_last(memory, folder, monkeypatch):
    written, put_file = [], type(memory.files).put_file

    def note(self, source, target, **options):
        assert memory.runs() == []
        put_file(self, source, target, **options)
        written.append(target.removeprefix("/bucket/runs/run/"))

    monkeypatch.setattr(type(memory.files), "put_file", note)
    memory.publish(folder, "run")
    assert written[-1] == MANIFEST
    assert sorted(written) == sorted(FILES)


@pytest.mark.parametrize("at", range(len(FILES)))
def test_a_run_whose_publishing_failed_midway_is_not_there_and_can_be_published_again(memory, folder, monkeypatch, at):
    put_file, calls = type(memory.files).put_file, []

    def fail(self, source, target, **options):
        calls.append(target)
        if len(calls) == at + 1:
            raise OSError("the connection is gone")
        put_file(self, source, target, **options)

    with monkeypatch.context() as broken:
        broken.setattr(type(memory.files), "put_file", fail)
        with pytest.raises(CannotWrite, match=r"memory://bucket/runs.*the connection is gone"):
            memory.publish(folder, "run")
    assert memory.runs() == []
    memory.publish(folder, "run")
    assert memory.runs() == ["run"]


def both(tmp_path, memory):
    return Store(str(tmp_path / "runs")), memory


def test_a_run_is_read_and_checked_by_its_name(tmp_path, memory):
    parts = {name: {} for name in ("config", "seeds", "code", "versions", "files")}
    for store in both(tmp_path, memory):
        store.replace("run/manifest.json", json.dumps({"format": 1, "flow": "sweep", **parts}).encode())
        store.replace("damaged/manifest.json", b"{}")
        assert store.run("run").flow == "sweep"
        assert [run.name for run in store.readable_runs()] == ["run"]
        assert set(store.folders()) == set(store.runs()) == {"run", "damaged"}
        for name in ("damaged", "nosuch"):
            with pytest.raises(UnreadableRun, match=name):
                store.run(name)


def test_a_file_beside_the_runs_is_replaced_whole(tmp_path, memory):
    for store in both(tmp_path, memory):
        assert store.read("champion.json") is None
        for data in (b"first", b"second"):
            store.replace("champion.json", data)
            assert store.read("champion.json") == data
        assert store.runs() == []
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["champion.json"]


def test_a_run_elsewhere_is_copied_once_to_be_read_here(memory, folder):
    memory.publish(folder, "run")
    copy = memory.folder("run")
    assert sorted(str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()) == sorted(FILES)
    memory.files.rm("/bucket/runs/run", recursive=True)
    assert memory.folder("run") == copy


def test_whoever_changes_a_file_waits_for_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr("artifacts.store.store.PATIENCE", 0.05)
    store = Store(str(tmp_path))
    with (
        store.changing("champion.json"),
        pytest.raises(CannotWrite, match=r"another process has kept champion\.json locked"),
        Store(str(tmp_path)).changing("champion.json"),
    ):
        pytest.fail("both have it")
    with store.changing("champion.json"), store.changing("ledger.parquet"):
        pass


def test_a_stores_url_is_shown_without_its_passwords(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    store = Store("memory://me:secret@host/runs?key=token")
    for shown in (store.url, store.place("a-run")):
        assert "secret" not in shown
        assert "token" not in shown
    assert store.url == "memory://…@host/runs?…"


def test_a_command_on_it_can_be_copied(tmp_path):
    (tmp_path / "my runs").mkdir()
    store = Store(str(tmp_path / "my runs"))
    assert store.command("promote RUN") == f"`wavecast promote RUN --store '{tmp_path / 'my runs'}'`"


def test_a_run_that_was_published_elsewhere_is_not_written_again(memory, folder):
    memory.publish(folder, "run")
    (folder / "a.txt").write_text("other")
    with pytest.raises(AlreadyThere, match=r"cannot write to memory:///bucket/runs/run: .* is there already"):
        memory.publish(folder, "run")
    assert json.loads(memory.files.cat_file("/bucket/runs/run/a.txt")) == "a.txt"


def test_without_conditional_writes_it_is_told_that_one_machine_alone_may_write(memory, monkeypatch, caplog):
    with memory.changing("champion.json"):
        memory.replace("champion.json", b"{}")
    assert not caplog.records, "memory is of one process"
    monkeypatch.setattr("artifacts.store.store.MemoryFileSystem", LocalFileSystem)
    for _ in range(2):
        with memory.changing("champion.json"):
            memory.replace("champion.json", b"[]")
    (told,) = caplog.messages
    assert told.startswith("memory://bucket/runs has no conditional writes that Wavecast knows of: let one machine")
    assert memory.read("champion.json") == b"[]"


def test_two_machines_wait_for_each_other_at_an_object_store(bucket, tmp_path, monkeypatch):
    one, other = machines(bucket, tmp_path, monkeypatch)
    monkeypatch.setattr("artifacts.store.store.PATIENCE", 0.5)
    with one.changing("champion.json"):
        one.replace("champion.json", b"one")
        with pytest.raises(CannotWrite, match=r"kept champion\.json locked"), other.changing("champion.json"):
            pytest.fail("both have it")
        with other.changing("ledger.parquet"):
            pass
    with other.changing("champion.json"):
        other.replace("champion.json", b"other")
    assert one.read("champion.json") == b"other"
    assert one.runs() == []


def test_what_another_machine_has_published_is_seen_at_once(bucket, tmp_path, folder, monkeypatch):
    one, other = machines(f"{bucket}/seen", tmp_path, monkeypatch)
    assert one.runs() == []
    other.publish(folder, "run")
    assert one.runs() == ["run"]
    with pytest.raises(AlreadyThere):
        one.publish(folder, "run")
    assert [path for path in one.files.find(one.root) if "/.locks/run" in path] == []


def test_the_late_machine_is_told_in_one_line_and_writes_nothing(bucket, tmp_path, folder, monkeypatch):
    one, other = machines(f"{bucket}/late", tmp_path, monkeypatch)
    monkeypatch.setattr(lease, "SECONDS", 0.4)
    monkeypatch.setattr(lease, "_renew", lambda lease, over: None)
    with one.changing("champion.json"):
        with other.changing("champion.json"):
            other.replace("champion.json", b"other")
        late = r"runs: another process has taken over champion\.json from this one, which did not renew its lease"
        with pytest.raises(FencedOff, match=late):
            one.replace("champion.json", b"one")
        with pytest.raises(FencedOff, match=late):
            one.replace("monitor.json", b"one")
        with pytest.raises(FencedOff, match=late):
            one.publish(folder, "run")
    assert one.read("champion.json") == b"other"
    assert one.read("monitor.json") is None
    assert one.runs() == []


def test_a_server_that_goes_away_meanwhile_is_told_in_one_line(bucket, tmp_path, monkeypatch):
    store, _ = machines(f"{bucket}/away", tmp_path, monkeypatch)

    def away(*_, **__):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    with store.changing("champion.json"), monkeypatch.context() as gone:
        gone.setattr(store.files, "pipe_file", away)
        for file in ("champion.json", "monitor.json"):
            with pytest.raises(CannotWrite, match="away/runs: no server answers there: try again when it does"):
                store.replace(file, b"")
    assert store.read("champion.json") is None


def machines(bucket: str, tmp_path, monkeypatch) -> list[Store]:
    """The same store as two machines have it: each with a file system, and a home, of its own."""
    stores = []
    for name in ("one", "other"):
        monkeypatch.setenv("HOME", str(tmp_path / name))
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        stores.append(Store(f"{bucket}/runs"))
    return stores
