"""The files that a URL may name: those of the gallery, and nothing hidden, beside or above the store."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.service import gallery_files
from artifacts.service.gallery_files import NoSuchPage, find_page
from artifacts.store.removed import REMOVED, Removed, as_json
from artifacts.store.store import Store


@pytest.fixture
def runs(store) -> Store:
    folder = Path(store.root) / "20260415T030000Z-aaaaaa" / "plots"
    folder.mkdir(parents=True)
    (folder / "forecast.png").write_bytes(b"picture")
    (folder.parent / "report.html").write_text("report")
    (Path(store.root) / ".cache").mkdir()
    (Path(store.root) / ".cache" / "hidden.json").write_text("{}")
    (Path(store.root) / "notes.sh").write_text("echo")
    return store


def test_nothing_asked_is_the_front_page(runs):
    page = find_page(runs, "")
    assert (page.content, page.kind) == (b"<title>The gallery</title>", "text/html; charset=utf-8")


@pytest.mark.parametrize("name", ["report.html", "plots/forecast.png"])
def test_a_runs_files_are_there(runs, name):
    page = find_page(runs, f"20260415T030000Z-aaaaaa/{name}")
    assert page.content == Path(runs.root, "20260415T030000Z-aaaaaa", name).read_bytes()


def test_the_page_of_a_run_that_was_removed_is_not_there_and_since_when(runs):
    gone = Removed(run="20260301T030000Z-bbbbbb", when="2026-04-30T03:00:00+00:00")
    Path(runs.root, REMOVED).write_bytes(as_json([gone]))
    with pytest.raises(NoSuchPage, match=r"the run 20260301T030000Z-bbbbbb was pruned on 2026-04-30$"):
        find_page(runs, "20260301T030000Z-bbbbbb/report.html")
    with pytest.raises(NoSuchPage, match=r"there is no such page$"):
        find_page(runs, "20260301/report.html")


def test_the_pages_of_a_store_within_are_not_this_stores(runs):
    inner = Path(runs.root, "inner")
    inner.mkdir()
    for name in ("index.html", "champion.json"):
        (inner / name).write_text("{}")
    for name in ("inner/index.html", "inner/champion.json"):
        with pytest.raises(NoSuchPage, match="inner is another store, to be served by itself"):
            find_page(runs, name)


def test_a_large_file_is_sent_from_the_disk(runs, monkeypatch):
    monkeypatch.setattr(gallery_files, "WHOLE", 3)
    assert find_page(runs, "index.html").path == Path(runs.root, "index.html")


WRONG = [
    "../secret.json", "x/../../secret.json", "..", "./index.html", "//secret.json", "/etc/passwd", ".cache/hidden.json",
    ".champion.json.lock", "latest/../../secret.json", "..\\secret.json", "notes.sh", "20260415T030000Z-aaaaaa",
    "absent.html", "20260415T030000Z-aaaaaa/", "*.html", "index.html\x00.png", "a" * 5000 + ".html", "C:index.html",
    "index.html?versionId=1.html",
]  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_everything_else_is_not(runs, name):
    with pytest.raises(NoSuchPage):
        find_page(runs, name)


@given(st.lists(st.sampled_from(["..", ".", "", "latest", "runs", "secret.json", "/", "%2e%2e", "\\"]), max_size=8))
def test_no_path_leads_to_what_is_above(tmp_path_factory, segments):
    root = tmp_path_factory.getbasetemp() / "above"
    (root / "runs" / "latest").mkdir(parents=True, exist_ok=True)
    (root / "secret.json").write_text("secret")
    try:
        page = find_page(Store(str(root / "runs")), "/".join(segments))
    except NoSuchPage:
        return
    assert page.content != b"secret"


def test_a_link_does_not_lead_out_of_the_store(runs):
    (Path(runs.root) / "link.json").symlink_to(Path(runs.root).parent / "secret.json")
    (Path(runs.root) / "inside.html").symlink_to("index.html")
    (Path(runs.root) / "up").symlink_to(Path(runs.root).parent, target_is_directory=True)
    for name in ("link.json", "up/secret.json"):
        with pytest.raises(NoSuchPage):
            find_page(runs, name)
    assert find_page(runs, "inside.html").content == find_page(runs, "").content


def test_a_pipe_is_not_waited_for(runs):
    os.mkfifo(Path(runs.root) / "pipe.json")
    with pytest.raises(NoSuchPage):
        find_page(runs, "pipe.json")


def test_a_distant_stores_files_are_fetched_unless_they_are_huge(monkeypatch):
    distant = Store("memory://gallery-files-test")
    distant.replace("index.html", b"front")
    assert find_page(distant, "").content == b"front"
    for name in ("absent.html", "../gallery-files-test/index.html"):
        with pytest.raises(NoSuchPage):
            find_page(distant, name)
    monkeypatch.setattr(gallery_files, "LARGEST", 3)
    with pytest.raises(NoSuchPage, match="`wavecast browse` builds the gallery"):
        find_page(distant, "")


def test_a_kept_page_on_why_the_forecast_moved_is_there(runs):
    name = "gallery/moved/20260415T030000Z-aaaaaa-after-20260414T030000Z-bbbbbb.html"
    runs.replace(name, b"<h1>Why the forecast moved</h1>")
    assert find_page(runs, name).content == b"<h1>Why the forecast moved</h1>"
