import json
import shutil
from pathlib import Path

import fsspec
import pytest

from artifacts.reports.pipeline import report
from artifacts.reports.run_folder import put_run_folder
from artifacts.store.atomic import CannotWrite
from artifacts.store.digests import digest_files
from artifacts.store.store import Store

NAME = "20260301T000000Z-abcdef"
CONFIG = {"seed": 0, "store": "runs"}
LAYOUT = {
    "manifest.json", "dataset.parquet", "forecast.csv", "forecast.parquet", "metrics.json", "report.html",
    "anatomy.html",
    *(f"models/{recipe}/{file}" for recipe in ("untuned", "article")
      for file in ("initial.npz", "final.npz", "history.parquet", "fits.parquet")),
    "models/autoregressive/final.npz", "models/autoregressive/history.parquet",
    *(f"plots/{plot}.png" for plot in ("forecast", "forecast-zoom", "intervals", "error-by-step", "loss",
                                       "loss-ensemble", "fit-untuned", "fit-by-epoch-untuned", "fit-article",
                                       "fit-by-epoch-article")),
    "plots/training-untuned.gif", "plots/training-article.gif",
}  # fmt: skip


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(str(tmp_path / "runs"))


def put(store, parts, contents, name=NAME, **execution) -> str:
    return put_run_folder(store, name, parts, report(contents, CONFIG), {}, execution)


def left(store) -> set[str]:
    """The files below a local store, whatever they are called."""
    return {path.relative_to(store.workspace).as_posix() for path in store.workspace.rglob("*") if path.is_file()}


def test_a_run_folder_is_laid_out_as_the_design_says(store, parts, run):
    place = Path(put(store, parts, run))
    assert place == store.workspace / NAME
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == LAYOUT
    assert store.runs() == [NAME]
    assert left(store) == {f"{NAME}/{file}" for file in LAYOUT}


def test_its_files_are_the_steps_files_and_its_manifest_knows_them(store, parts, run):
    place = Path(put(store, parts, run, run="this one"))
    for folder, entries in parts.items():
        for entry in entries:
            for name, digest in digest_files(entry.folder).items():
                assert digest_files(place / folder)[name] == digest
    manifest = json.loads((place / "manifest.json").read_text())
    assert set(manifest["files"]) == LAYOUT - {"manifest.json"}
    assert manifest["files"] == {name: d for name, d in digest_files(place).items() if name != "manifest.json"}
    assert manifest["config"] == CONFIG
    assert manifest["execution"] == {"run": "this one"}


def test_the_steps_own_files_stay_in_the_cache(store, parts, run):
    put(store, parts, run)
    for entries in parts.values():
        for entry in entries:
            assert type(entry).model_validate(entry.model_dump()) == entry


def test_two_runs_of_the_same_have_the_same_bytes(store, parts, run):
    one, other = (Path(put(store, parts, run, f"{NAME}{i}", run=i)) for i in range(2))
    differing = [name for name in LAYOUT if (one / name).read_bytes() != (other / name).read_bytes()]
    assert differing == ["manifest.json"]


@pytest.mark.parametrize(
    "step",
    ["artifacts.reports.run_folder.write_html", "artifacts.reports.run_folder.write_manifest",
    "artifacts.store.store.put_in_place",
     "artifacts.reports.run_folder.shutil.copytree"],
)  # fmt: skip
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("no"), KeyboardInterrupt()])
def test_whatever_fails_midway_leaves_no_run_and_no_rest(store, parts, run, monkeypatch, step, error):
    put(store, parts, run, "earlier")
    before, earlier = left(store), digest_files(store.workspace / "earlier")

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(step, fail)
    with pytest.raises(CannotWrite if isinstance(error, OSError) else type(error)):
        put(store, parts, run)
    assert store.runs() == ["earlier"]
    assert left(store) == before
    assert digest_files(store.workspace / "earlier") == earlier


def test_a_picture_that_is_missing_leaves_no_run(store, parts, run, tmp_path):
    shutil.copytree(parts["plots"][0].folder, tmp_path / "fewer")
    (tmp_path / "fewer" / "loss.png").unlink()
    fewer = parts["plots"][0].model_copy(update={"folder": tmp_path / "fewer"})
    with pytest.raises((CannotWrite, FileNotFoundError), match=r"loss\.png|No such file"):
        put(store, {**parts, "plots": [fewer]}, run)
    assert left(store) == set()


def test_a_run_that_is_already_there_is_left_as_it_is(store, parts, run):
    place = Path(put(store, parts, run, published="first"))
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in place.rglob("*")}
    assert put(store, parts, run, published="second") == str(place)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in place.rglob("*")} == before


def test_a_run_reaches_a_store_elsewhere_whole(parts, run, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    files = fsspec.filesystem("memory")
    files.store.clear()
    store = Store("memory://bucket/runs")
    place = put(store, parts, run)
    root = fsspec.core.url_to_fs(place)[1]
    assert {path.removeprefix(root + "/") for path in files.find(root)} == LAYOUT
    assert store.runs() == [NAME]
    assert put(store, parts, run) == place
    assert left(store) == set()
    files.store.clear()


def test_a_run_that_another_process_publishes_meanwhile_is_left_as_it_is(store, parts, run, monkeypatch):
    place = Path(put(store, parts, run, published="first"))
    before, files = digest_files(place), left(store)
    monkeypatch.setattr(store, "runs", lambda: [])  # as it was when this process looked
    assert put(store, parts, run, published="second") == str(place)
    assert digest_files(place) == before
    assert left(store) == files
