import shutil

import fsspec
import pytest

from artifacts.gallery import summary_cache
from artifacts.gallery.summary_cache import listing, summaries
from artifacts.store.store import Store

FIRST, SECOND = "20260301T000000Z-aaaaaa", "20260302T120000Z-bbbbbb"


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The names of the runs that are read, in their order."""
    names: list[str] = []
    real = summary_cache.summarise

    def noting(store, name, stamp):
        names.append(name)
        return real(store, name, stamp)

    monkeypatch.setattr(summary_cache, "summarise", noting)
    return names


def test_runs_are_newest_first_and_read_once(store, read):
    first = summaries(store)
    assert [run.name for run in first] == [SECOND, FIRST]
    assert read == [SECOND, FIRST]
    assert summaries(store) == first
    assert read == [SECOND, FIRST]


def test_only_a_new_run_is_read(store, read, fabricate):
    summaries(store)
    fabricate(store.workspace / "20260303T000000Z-new")
    seen = []
    summaries(store, lambda new: seen.extend(run.name for run in new))
    assert read[2:] == seen == ["20260303T000000Z-new"]


def test_a_run_that_is_gone_is_gone(store):
    summaries(store)
    shutil.rmtree(store.workspace / FIRST)
    assert [run.name for run in summaries(store)] == [SECOND]


def test_a_run_whose_manifest_is_another_is_read_again(store, read):
    summaries(store)
    manifest = store.workspace / FIRST / "manifest.json"
    manifest.write_text(manifest.read_text() + "\n")
    summaries(store)
    assert read[2:] == [FIRST]


def test_other_code_reads_all_again(store, read, monkeypatch):
    summaries(store)
    monkeypatch.setattr(summary_cache, "digest_package", lambda name: "other")
    summaries(store)
    assert len(read) == 4


@pytest.mark.parametrize("content", [b"", b"{", b'{"code": 1}', b'{"code": "x", "runs": [{"name": 1}]}', b"\xff"])
def test_a_damaged_memory_is_no_memory(store, content):
    first = summaries(store)
    (store.workspace / ".cache" / "gallery" / "summaries.json").write_bytes(content)
    assert summaries(store) == first


def test_hidden_folders_files_and_the_gallery_itself_are_no_runs(store):
    (store.workspace / ".hidden").mkdir()
    (store.workspace / "gallery").mkdir()
    (store.workspace / "index.html").write_text("")
    assert set(listing(store)) == {FIRST, SECOND}


def test_a_distant_store_is_listed_the_same(store, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.put(str(store.workspace) + "/", "/bucket/runs/", recursive=True)
    files.pipe_file("/bucket/runs/gallery/data/x.js", b"")
    distant = Store("memory://bucket/runs")
    assert set(listing(distant)) == {FIRST, SECOND}
    assert [run.problem for run in summaries(distant)] == ["", ""]
    files.store.clear()


def test_what_could_not_be_prepared_is_read_again(store, read):
    def fail(new):
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        summaries(store, fail)
    summaries(store)
    assert read == [SECOND, FIRST] * 2
