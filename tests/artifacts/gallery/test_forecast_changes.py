"""The kept pages on why forecasts moved: their index, and the front page's links to them."""

import json
import re
import shutil

import pytest

from artifacts.gallery.build import build
from artifacts.gallery.forecast_changes import KEPT, DamagedIndex, keep_change, kept_changes
from artifacts.store.removed import REMOVED, Removed, as_json

FIRST, SECOND = "20260301T000000Z-aaaaaa", "20260302T120000Z-bbbbbb"


def front(store) -> str:
    return (store.workspace / "index.html").read_text()


def test_a_kept_page_is_linked_from_the_front_page_now_and_later(store, change):
    place = keep_change(store, change())
    build(store)
    assert place == store.place(f"gallery/moved/{SECOND}-after-{FIRST}.html")
    assert "Why the forecast moved" in (store.workspace / "gallery/moved" / f"{SECOND}-after-{FIRST}.html").read_text()
    link = f'href="gallery/moved/{SECOND}-after-{FIRST}.html"'
    assert front(store).count(link) == 2, "from the forecast that is shown, and from the list"
    assert "the forecast was 1.50 and is 3.50: +2.00. The largest part: new points, +2.00." in front(store)
    build(store)
    assert front(store).count(link) == 2


def test_the_same_change_gives_the_same_bytes_and_one_line(store, change):
    keep_change(store, change(old="20260201T000000Z-cccccc"))
    keep_change(store, change())
    folder = store.workspace / "gallery/moved"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    keep_change(store, change(old="20260201T000000Z-cccccc"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [each.old for each in kept_changes(store)] == [FIRST, "20260201T000000Z-cccccc"]


def test_only_a_run_with_a_page_is_linked_and_one_that_is_gone_is_told(store, change):
    page = (store.workspace / keep_change(store, change(old="20260201T000000Z-gone"))).read_text()
    assert f'href="../../{SECOND}/report.html"' in page
    assert "<b>20260201T000000Z-gone</b>" in page
    assert "gone/report.html" not in page


def test_a_kept_page_tells_of_a_run_that_was_pruned_since_where_it_linked_to_it(store, change):
    path = store.workspace / keep_change(store, change())
    build(store)
    linked = path.read_text()
    assert f'<a href="../../{FIRST}/report.html"><b>{FIRST}</b></a>' in linked
    shutil.rmtree(store.workspace / FIRST)
    (store.workspace / REMOVED).write_bytes(as_json([Removed(run=FIRST, when="2026-04-01T00:00:00+00:00")]))
    for _ in range(2):
        build(store)
        told = f'<b>{FIRST}</b> (pruned on 2026-04-01) to that of <a href="../../{SECOND}/report.html">'
        assert told in path.read_text()
    (store.workspace / REMOVED).write_bytes(b"damaged")
    build(store)
    assert told in path.read_text()


def test_more_than_a_few_are_folded_away(store, change):
    for day in range(1, 10):
        keep_change(store, change(new=f"202604{day:02d}T000000Z-dddddd"))
    build(store)
    listed = re.search(r'<section id="moved">.*?</section>', front(store), re.DOTALL)[0]
    assert listed.count("<li>") == 9
    assert listed.index("<details>") > listed.index("20260404")
    assert listed.index("<details>") < listed.index("20260403")
    assert "1 Apr 2026" in listed, "a run that is not there has the time of its name"


@pytest.mark.parametrize("content", [b"{broken", b"[1]", b'[{"old": "a"}]', b"7", b"\xff"])
def test_a_damaged_index_is_told_and_begun_anew(store, change, content):
    keep_change(store, change())
    (store.workspace / KEPT).write_bytes(content)
    with pytest.raises(DamagedIndex, match="cannot be read"):
        kept_changes(store)
    build(store)
    assert f"<b>{KEPT}</b>" in front(store)
    keep_change(store, change())
    assert len(json.loads((store.workspace / KEPT).read_bytes())) == 1


def test_text_in_the_index_is_escaped(store, change):
    keep_change(store, change())
    text = (store.workspace / KEPT).read_text().replace("On average", "<img src=x>")
    (store.workspace / KEPT).write_text(text)
    build(store)
    assert "<img src=x>" not in front(store)
    assert "&lt;img src=x&gt;" in front(store)
