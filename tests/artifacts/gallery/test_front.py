import json
import re
import shutil
from datetime import UTC, datetime

import pytest

from artifacts.files.parquet import write_table
from artifacts.gallery.front import page
from artifacts.gallery.summary_cache import summaries
from artifacts.lifecycle.feed import Arrival, Feed, write_feed
from artifacts.lifecycle.freshness import Freshness
from artifacts.lifecycle.identity import Identity, write_identity
from artifacts.lifecycle.registry import Registry
from artifacts.store.removed import REMOVED, Removed, as_json
from artifacts.store.store import Store
from rnn.lifecycle.feed_health import Finding

FIRST, SECOND = "20260301T000000Z-aaaaaa", "20260302T120000Z-bbbbbb"


def front(store: Store) -> str:
    return page(store, summaries(store))


def rows(html: str) -> list[dict]:
    return json.loads(re.search(r'id="rows">(.*?)</script>', html, re.DOTALL)[1])


def heading(html: str) -> str:
    return re.search("<h1>(.*?)</h1>", html)[1]


def test_without_a_champion_the_newest_forecast_stands_at_the_top(store):
    html = front(store)
    assert "Newest forecast" in html
    assert f'href="{SECOND}/report.html"' in html
    assert "autoregressive" in heading(html)


def test_the_champion_is_told_with_why_and_since_when(store):
    Registry(store).promote(FIRST, "autoregressive", "promote", "It is the better one.", None)
    html = front(store)
    assert re.search(r"<b>Champion</b> since \d+ \w+ \d+", html)
    assert "It is the better one." in html
    assert f"{FIRST} became the champion" in html


@pytest.mark.parametrize(
    ("how", "why", "said"),
    [
        ("gate", "Promoted: it is better.", "Promoted: it is better. "),
        ("promote", "by hand", "Promoted by hand. "),
        ("rollback", "by hand", "Brought back by hand. "),
        ("rollback", "the new prices were withdrawn", "Brought back: the new prices were withdrawn. "),
    ],
)
def test_the_reason_of_a_promotion_is_a_sentence(store, how, why, said):
    Registry(store).promote(FIRST, "autoregressive", how, why, None)
    html = front(store)
    assert f"<p>{said}The forecast was made" in html
    assert f"{FIRST} became the champion: {said.strip()}" in html


def test_a_champion_whose_run_was_pruned_is_told_and_not_linked(store):
    Registry(store).promote(FIRST, "autoregressive", "promote", "It is the better one.", None)
    Registry(store).promote(SECOND, "autoregressive", "promote", "It is better still.", Registry(store).champion())
    assert f'href="{FIRST}/report.html"' in front(store)
    shutil.rmtree(store.workspace / FIRST)
    (store.workspace / REMOVED).write_bytes(as_json([Removed(run=FIRST, when="2026-04-01T00:00:00+00:00")]))
    html = front(store)
    assert "It is the better one. Its run was pruned on 2026-04-01." in html
    assert f"{FIRST}/report.html" not in html


def test_every_run_is_a_row(store):
    found = rows(front(store))
    assert [row["n"] for row in found] == [SECOND, FIRST]
    assert all((row["c"] and row["b"] and row["o"] == ["better than naive", "good"]) or row["o"] for row in found)


def test_an_empty_store_says_what_to_do(tmp_path):
    html = front(Store(str(tmp_path / "runs")))
    assert "No forecast yet" in html
    assert "wavecast run" in html


@pytest.mark.parametrize("file", ["champion.json", "ledger.parquet", "monitor.json"])
def test_a_damaged_file_beside_the_runs_is_told_and_the_rest_is_shown(store, file):
    (store.workspace / file).write_bytes(b"{broken")
    html = front(store)
    assert f"<b>{file}</b>" in html
    assert len(rows(html)) == 2


def test_a_forecast_that_cannot_be_read_is_told_and_the_rest_is_shown(store):
    (store.workspace / SECOND / "forecast.parquet").write_bytes(b"no")
    html = front(store)
    assert f"the forecast of {SECOND}" in html
    assert len(rows(html)) == 2


def test_what_the_monitor_found_is_told(store):
    status = {"when": "2026-03-03T00:00:00+00:00", "drifts": True, "drift": {}, "newest": "7", "live": []}
    status["sentence"] = "Drift: alas."
    (store.workspace / "monitor.json").write_text(json.dumps(status))
    html = front(store)
    assert "Drift: alas." in html
    assert re.search(r'figure bad">found', html)


def test_an_absurd_value_is_told(store):
    status = {"when": "2026-03-03T00:00:00+00:00", "drifts": False, "drift": {}, "newest": "7", "live": []}
    (store.workspace / "monitor.json").write_text(json.dumps({**status, "sentence": "Anomaly: 7.", "anomaly": "A"}))
    html = front(store)
    assert "Anomaly: 7." in html
    assert re.search(r'figure bad">absurd', html)


def test_data_that_were_refused_and_a_past_that_was_restated_are_told(store):
    facts = {"unique_id": "v", "since": "", "source": None, "time_column": "t", "value_column": "v", "step": 1,
             "lowest": 0, "highest": 6, "median": 3, "spread": 2, "first": "0", "last": "9", "points": 10,
             "block": 256, "digests": {}, "calendar": None}  # fmt: skip
    restated = {"when": "2027-01-02T00:00:00+00:00", "run": "", "points": 3, "known": 9, "first": "1", "last": "3",
                "blocks": [], "before": {}, "typical": 1, "largest": 2, "sentence": "3 of 9 known values."}  # fmt: skip
    refused = {"when": "2027-01-03T00:00:00+00:00", "words": ["shrunk"], "sentence": "a.csv has <b>shrunk"}
    write_identity(store, Identity(**facts, restatements=(restated,), refused=refused))
    html = front(store)
    assert "Refused: a.csv has &lt;b&gt;shrunk." in html
    assert "The past was restated: 3 of 9 known values." in html
    assert re.search(r'figure bad">refused', html)


def test_voided_lines_are_not_drawn(store):
    runs = [run for run in (FIRST, SECOND) for _ in range(2)]
    columns = {"run": runs, "method": ["served", "persistence"] * 2, "y_pred": [1.0, 2, 3, 4], "y_true": [2.0, 2, 2, 2]}
    write_table(store.workspace / "ledger.parquet", {**columns, "voided": ["x", "", "x", "x"]})
    assert "Errors of past forecasts, now that the outcome is known" not in front(store)


def test_the_ledger_is_drawn(store):
    runs = [run for run in (FIRST, SECOND) for _ in range(2)]
    columns = {"run": runs, "method": ["served", "persistence"] * 2, "y_pred": [1.0, 2, 3, 4], "y_true": [2.0, 2, 2, 2]}
    write_table(store.workspace / "ledger.parquet", columns)
    assert "Errors of past forecasts, now that the outcome is known" in front(store)
    around = {"lower50": [0.0] * 4, "upper50": [3.0] * 4, "lower90": [-1.0] * 4, "upper90": [4.0] * 4}
    whole = {**columns, "at": [1.0, 1, 2, 2], "origin": [0.0, 0, 1, 1], **around}
    write_table(store.workspace / "ledger.parquet", whole)
    assert "Past forecasts beside what came" in front(store)


def test_names_are_text_and_links_are_addresses(store, fabricate):
    name = '<b>"& #?'
    fabricate(store.workspace / name, execution={"published": "2027-01-01T00:00:00+00:00"})
    html = front(store)
    assert "<b>&#34;" not in html
    assert "<b>&quot;" not in html
    row = next(row for row in rows(html) if row["n"] == name)
    assert row["u"] == "%3Cb%3E%22%26%20%23%3F/"


def test_two_hundred_runs_are_less_than_a_megabyte(store, fabricate):
    for i in range(200):
        fabricate(store.workspace / f"20260{1 + i // 28}{1 + i % 28:02}T000000Z-{i:06}")
    html = front(store)
    assert len(html.encode()) < 1_000_000
    assert len(rows(html)) == 202


def test_many_broken_folders_are_counted(store):
    for i in range(130):
        (store.workspace / f"broken {i}").mkdir()
    assert "and 30 more" in front(store)


PAST = Freshness(datetime(2026, 6, 29, tzinfo=UTC), datetime(2026, 7, 6, tzinfo=UTC), 7)
ONE, TWO = (tuple(Arrival(float(k), float(k)) for k in range(many)) for many in (1, 2))
FLAT = Finding("flat", "All are the same.", "2026-06-28")


@pytest.mark.parametrize(
    ("now", "feed", "figure", "mood"),
    [
        ("2026-11-26", {"arrivals": ONE}, "not fresh", ""),  # a file of the past, or a late feed: nothing tells yet
        ("2026-11-26", {"arrivals": TWO}, "not fresh", "bad"),
        ("2026-11-26", {"arrivals": TWO, "findings": (FLAT,)}, "flat", "bad"),
        ("2026-07-05", {"arrivals": ONE}, "healthy", "good"),
        ("2026-06-30", {"arrivals": TWO}, "healthy", "good"),
    ],
)
def test_the_feed_is_as_fresh_on_the_front_page_as_health_says(store, monkeypatch, now, feed, figure, mood):
    monkeypatch.setattr("artifacts.gallery.front.freshness_in", lambda store: PAST)
    write_feed(store, Feed("2026-06-30T05:00:00+00:00", "2026-06-29", **feed))
    html = page(store, summaries(store), datetime.fromisoformat(now).replace(tzinfo=UTC))
    stat = re.search(r"<dt>Feed</dt><dd><span class=\"figure ?(\w*)\">([^<]*)</span>.*?>([^<]*)</span>", html)
    assert (stat[2], stat[1]) == (figure, mood)
    old = {
        "2026-11-26": "its newest point is 5 months (150 steps) old; ",
        "2026-07-05": "its newest point is 6 days (6 steps) old; ",
    }
    assert stat[3] == f"{old.get(now, '')}looked at 30 Jun 2026, 05:00"


def test_a_feed_whose_times_are_numbers_has_no_age(store):
    write_feed(store, Feed("2026-06-30T05:00:00+00:00", "120", arrivals=ONE))
    assert '<span class="figure good">healthy</span>' in front(store)
