"""The feed of a store: what is remembered of it, what it is compared with, and when it is stale."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from artifacts.files.series import DATASET, FOUND, write_series
from artifacts.lifecycle.feed import FEED, is_served, look_at_feed, mark_announced, read_feed
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.series import Series

RUN = "20260101T000000Z-aaaaaa"
WAVE = np.sin(np.arange(400) / 5) + np.random.default_rng(3).normal(0, 0.02, 400)
NIGHT = datetime(2026, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    """A store that serves a forecast made from the first 120 points of WAVE."""
    put_retraining(tmp_path, RUN, 0, 120)
    return Store(str(tmp_path))


@pytest.fixture
def arrives(store, tmp_path):
    """`arrives(y, night)`: the feed after a look at the series y, so many nights later."""

    def look(y, night=0.0, calendar=None, stale_after=None, made=None):
        write_series(tmp_path / DATASET, Series(np.arange(float(len(y))), np.array(y), 1.0), made or {}, calendar)
        return look_at_feed(store, tmp_path / DATASET, NIGHT + timedelta(days=night), stale_after)

    return look


def kinds(feed):
    return [finding.kind for finding in feed.findings]


def test_a_healthy_feed_is_remembered_with_its_arrivals(store, arrives):
    for night in range(5):
        feed = arrives(WAVE[: 120 + 4 * min(night, 3)], night)
        assert not feed.findings
        assert read_feed(store) == feed
    assert [arrival.newest for arrival in feed.arrivals] == [119, 123, 127, 131], "nothing came in the last night"
    assert (feed.sentence, feed.is_wrong, feed.when) == ("", False, "2026-01-06T03:00:00+00:00")


def test_it_is_compared_with_the_data_of_the_served_forecast(arrives):
    wrong = np.concatenate([WAVE[:120], 1000 * WAVE[120:124]])
    feed = arrives(wrong)
    assert kinds(feed) == ["out of range"]
    assert feed.is_wrong
    assert feed.sentence.startswith("The value of 120, ")
    assert kinds(arrives(np.concatenate([wrong, WAVE[124:140]]), 4)) == ["out of range"], "they are still in the file"
    assert kinds(arrives(WAVE[:100])) == ["incomplete"]
    assert "20 points that were there before are missing" in arrives(WAVE[:100]).sentence
    assert kinds(arrives(np.concatenate([WAVE[:120], WAVE[119:123]]))) == [], "too little to tell"
    moved = np.concatenate([[0.5], WAVE[:119], WAVE[119:130]])
    assert kinds(arrives(moved)) == ["shifted"]


def test_filled_rows_count_from_the_last_good_data_on(arrives):
    filled = {FOUND: {"repairs": {"points filled:": 5}}}
    assert kinds(arrives(WAVE[:128], made=filled)) == ["incomplete"]
    assert kinds(arrives(WAVE[:132], made=filled)) == []


def test_each_finding_is_announced_once(store, arrives):
    wrong = np.concatenate([WAVE[:120], 1000 * WAVE[120:124]])
    feed = arrives(wrong)
    assert feed.new == feed.findings
    mark_announced(store, feed.new)
    again = arrives(wrong, 1)
    assert (again.findings, again.new) == (feed.findings, ())


DAYS = Calendar("D", "2026-01-01")


def test_stale_is_learned_from_arrivals(tmp_path, arrives):
    for night in range(12):
        assert not arrives(WAVE[: 120 + night], night, DAYS).findings
    assert not arrives(WAVE[:131], 12, DAYS).findings, "as long as ever"
    feed = arrives(WAVE[:131], 13, DAYS)
    assert (kinds(feed), feed.is_wrong) == (["stale"], False)
    assert feed.sentence == ("Nothing new has come for 2 days, after 2026-05-11; the longest wait before was 1 day.")
    assert not arrives(WAVE[:132], 14, DAYS).findings


def test_stale_by_the_calendar_at_first_and_by_what_a_user_allows(arrives):
    assert not arrives(WAVE[:120], 0, DAYS).findings
    assert not arrives(WAVE[:120], 3, DAYS).findings
    assert kinds(arrives(WAVE[:120], 5, DAYS)) == ["stale"]
    feed = arrives(WAVE[:120], 130 - 1, DAYS, timedelta(days=3))
    assert feed.sentence.startswith("The newest value is of 2026-04-30, ")
    assert not arrives(WAVE[:120], 120, DAYS, timedelta(days=3)).findings
    assert kinds(arrives(WAVE[:120], 200, None, timedelta(days=3))) == ["stale"], "of numbers: since they came"


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 99}', '{"format": 1, "findings": [{"x": 1}]}'])
def test_a_damaged_file_is_begun_anew(store, arrives, tmp_path, content):
    (tmp_path / FEED).write_text(content)
    assert read_feed(store) is None
    assert arrives(WAVE[:120]) == read_feed(store)


def test_the_first_data_of_a_store_are_compared_with_their_own_past(tmp_path):
    store, at = Store(str(tmp_path / "new")), np.arange(200.0)
    y = np.where(at > 197, 1000, 1) * WAVE[:200]
    write_series(tmp_path / DATASET, Series(at, y, 1.0), {})
    assert kinds(look_at_feed(store, tmp_path / DATASET, NIGHT)) == ["out of range"]


def test_a_served_run_that_cannot_be_read_is_no_past(store, arrives, tmp_path):
    (tmp_path / RUN / DATASET).write_text("damaged")
    assert not arrives(WAVE[:124]).findings


def test_the_very_data_that_are_served_are_known(store, tmp_path):
    assert is_served(store, tmp_path / RUN / DATASET)
    write_series(tmp_path / DATASET, Series(np.arange(99.0), WAVE[:99], 1.0), {})
    assert not is_served(store, tmp_path / DATASET)
