"""A backup comes back byte for byte, into nothing but an empty place; what is altered or hostile leaves no trace."""

import io
import json
import tarfile
from pathlib import Path

import fsspec
import pyarrow as pa
import pytest

from artifacts.lifecycle.registry import Registry
from artifacts.store.archive import members, packing
from artifacts.store.backup import INDEX, back_up
from artifacts.store.digests import digest_files
from artifacts.store.restore import NotRestored, read_index, restore
from artifacts.store.store import Store

RUN = "20260101T000000Z-aaaaaa"


@pytest.fixture
def archive(tmp_path, put_retraining) -> str:
    """A backup of a store of one run, the champion."""
    put_retraining(tmp_path / "old", RUN, points=60)
    Registry(Store(str(tmp_path / "old"))).promote(RUN, "autoregressive", "gate", "better", None)
    return back_up(Store(str(tmp_path / "old")), str(tmp_path / "one.tar.zst"), {"deployments": []}).place


def visible(folder) -> dict[str, str]:
    return {name: digest for name, digest in digest_files(folder).items() if not name.startswith(".")}


def altered(archive: str, change) -> str:
    """The same archive with its files, a mapping of names to bytes in their order, changed."""
    data = Path(archive).read_bytes()
    files = change({name: content.read() for name, content in members(io.BytesIO(data), len(data))})
    with Path(archive).open("wb") as file, packing(file) as made:
        for name, content in files.items():
            made.add_bytes(name, content)
    return archive


def with_index(files: dict[str, bytes], /, **facts) -> dict[str, bytes]:
    return {**files, INDEX: json.dumps(json.loads(files[INDEX]) | facts).encode()}


def test_every_byte_is_back_and_the_times_and_names_of_the_index(archive, tmp_path):
    index = restore(archive, str(tmp_path / "new" / "place"))
    assert visible(tmp_path / "new" / "place") == visible(tmp_path / "old")
    assert (index.runs, index.store, index.damaged) == ((RUN,), str(tmp_path / "old"), {})
    assert Registry(Store(str(tmp_path / "new" / "place"))).champion().run == RUN
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["place"]


def test_an_empty_folder_will_do(archive, tmp_path):
    (tmp_path / "empty").mkdir()
    restore(archive, str(tmp_path / "empty"))
    assert visible(tmp_path / "empty") == visible(tmp_path / "old")


@pytest.mark.parametrize("name", ["champion.json", ".champion.json.lock", "run/manifest.json", "anything"])
def test_nothing_is_put_over_what_is_there(archive, tmp_path, name):
    (tmp_path / "living" / name).parent.mkdir(parents=True)
    (tmp_path / "living" / name).write_text("mine")
    with pytest.raises(NotRestored, match=r"something at .* already"):
        restore(archive, str(tmp_path / "living"))
    assert digest_files(tmp_path / "living").keys() == {name}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda files: {**files, f"{RUN}/forecast.parquet": b"other"}, "is altered"),
        (lambda files: {name: files[name] for name in files if not name.endswith("forecast.parquet")}, "is not in it"),
        (lambda files: {"more": b"", **files}, "is not in the index"),
        (lambda files: {name: files[name] for name in files if name != INDEX}, "never finished"),
        (lambda files: {**files, "later": b""}, "comes after"),
        (lambda files: with_index(files, format=2), "format 2"),
        (lambda files: with_index(files, runs=["../../etc"]), "is not in it"),
        (lambda files: with_index(files, files=1), "cannot be read"),
        (lambda files: with_index(files, schedules=3), "cannot be read"),
        (lambda files: {**files, INDEX: b"[" * 100_000}, "cannot be read"),
        (lambda files: {"champion.json/x": b"", **files}, "a file and a folder"),
    ],
)
def test_what_is_not_as_the_index_says_is_refused_and_leaves_no_trace(archive, tmp_path, change, told):
    before = set(tmp_path.iterdir())
    with pytest.raises(NotRestored, match=told):
        restore(altered(archive, change), str(tmp_path / "new"))
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_torn_archive_is_refused_and_leaves_no_trace(archive, tmp_path, kept):
    whole = (tmp_path / "one.tar.zst").read_bytes()
    (tmp_path / "one.tar.zst").write_bytes(whole[: int(len(whole) * kept)])
    before = set(tmp_path.iterdir())
    with pytest.raises(NotRestored, match="no backup that can be put back"):
        restore(archive, str(tmp_path / "new"))
    assert set(tmp_path.iterdir()) == before


def test_no_flipped_byte_is_taken_for_what_it_was(archive, tmp_path):
    whole = (tmp_path / "one.tar.zst").read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        (tmp_path / "one.tar.zst").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            restore(archive, str(tmp_path / f"new-{place}"))
        except NotRestored:
            assert not (tmp_path / f"new-{place}").exists()
        else:
            assert visible(tmp_path / f"new-{place}") == visible(tmp_path / "old")


def test_a_hostile_archive_writes_nothing_outside(tmp_path):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        link = tarfile.TarInfo("run")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
        tar.addfile(link)
        tar.addfile(tarfile.TarInfo("run/owned"))
    (tmp_path / "bad.tar.zst").write_bytes(pa.compress(file.getvalue(), "zstd", asbytes=True))
    with pytest.raises(NotRestored, match="no backup that can be put back"):
        restore(str(tmp_path / "bad.tar.zst"), str(tmp_path / "new"))
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tar.zst"]


@pytest.mark.parametrize("name", ["nosuch.tar.zst", "a-folder", "memory://nosuch/x.tar.zst", "nosuch://x"])
def test_a_backup_that_is_not_there_is_one_line(tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(NotRestored, match="cannot"):
        restore(name, "new")
    assert not (tmp_path / "new").exists()


def test_the_index_alone_is_read_with_everything_compared(archive, tmp_path):
    assert read_index(archive).runs == (RUN,)
    with pytest.raises(NotRestored, match="is altered"):
        read_index(altered(archive, lambda files: {**files, "champion.json": b"other"}))


def test_a_distant_place_gets_the_runs_before_the_champion(archive, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    restore(archive, "memory://bucket/runs")
    assert Registry(Store("memory://bucket/runs")).champion().run == RUN
    assert list(files.store)[-1].endswith("champion.json")
    with pytest.raises(NotRestored, match="already"):
        restore(archive, "memory://bucket/runs")
    files.store.clear()
