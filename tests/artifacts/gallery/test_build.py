import re
import shutil

import fsspec
import pytest

from artifacts.gallery import build as module
from artifacts.gallery.build import build
from artifacts.store.atomic import CannotWrite
from artifacts.store.store import Store

FIRST, SECOND = "20260301T000000Z-aaaaaa", "20260302T120000Z-bbbbbb"


def made(store: Store) -> set[str]:
    root = store.workspace
    paths = [path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {
        path.relative_to(root).as_posix()
        for path in paths
        if path.relative_to(root).parts[0] in {"gallery", "index.html"}
    }


def test_the_gallery_is_three_kinds_of_files(store):
    assert build(store) == str(store.workspace / "index.html")
    files = made(store)
    assert {"index.html", "gallery/compare.html"} < files
    assert len([file for file in files if re.fullmatch(r"gallery/data/[0-9a-f]{12}\.js", file)]) == 2


def test_run_folders_are_not_touched(store):
    before = {path: path.stat().st_mtime_ns for path in (store.workspace / FIRST).rglob("*")}
    build(store)
    assert {path: path.stat().st_mtime_ns for path in (store.workspace / FIRST).rglob("*")} == before


def test_building_again_gives_the_same_bytes(store):
    build(store)
    before = {file: (store.workspace / file).read_bytes() for file in made(store)}
    build(store)
    assert {file: (store.workspace / file).read_bytes() for file in made(store)} == before


def test_a_run_that_cannot_be_compared_is_still_shown(store):
    (store.workspace / SECOND / "forecast.parquet").write_bytes(b"no")
    build(store)
    assert SECOND in (store.workspace / "index.html").read_text()
    assert len([file for file in made(store) if file.endswith(".js")]) == 1


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("no"), KeyboardInterrupt()])
def test_when_it_fails_the_front_page_before_stays(store, monkeypatch, error):
    build(store)
    before = (store.workspace / "index.html").read_bytes()

    def fail(*_):
        raise error

    monkeypatch.setattr(module, "page", fail)
    with pytest.raises(type(error)):
        build(store)
    assert (store.workspace / "index.html").read_bytes() == before
    assert not list(store.workspace.glob("*.partial"))


def test_a_runs_folder_that_vanishes_meanwhile_is_left_out(store, monkeypatch):
    real = module.script

    def vanish(where, run):
        shutil.rmtree(store.workspace / run.name)
        return real(where, run)

    monkeypatch.setattr(module, "script", vanish)
    build(store)
    monkeypatch.undo()
    build(store)
    assert FIRST not in (store.workspace / "index.html").read_text()


def test_a_store_elsewhere_gets_its_gallery_too(store, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.put(str(store.workspace) + "/", "/bucket/runs/", recursive=True)
    assert build(Store("memory://bucket/runs")) == "memory:///bucket/runs/index.html"
    assert FIRST in files.cat_file("/bucket/runs/index.html").decode()
    assert files.exists("/bucket/runs/gallery/compare.html")
    files.store.clear()


def test_a_store_that_cannot_be_written_is_told(store):
    (store.workspace / "gallery").write_text("a file in its place")
    with pytest.raises(CannotWrite, match="gallery"):
        build(store)


def test_many_runs_at_once_get_the_same_files_as_one_by_one(store, monkeypatch):
    build(store)
    before = {file: (store.workspace / file).read_bytes() for file in made(store)}
    shutil.rmtree(store.workspace / "gallery")
    shutil.rmtree(store.workspace / ".cache")
    monkeypatch.setattr(module, "MANY", 1)
    build(store)
    assert {file: (store.workspace / file).read_bytes() for file in made(store)} == before
    assert not list((store.workspace / "gallery" / "data").glob(".*"))
