"""The feed of a store: what is remembered of it, what it is compared with, and when it is stale."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from artifacts.files.series import DATASET, FOUND, KNOWN, write_series
from artifacts.lifecycle.feed import FEED, is_served, look_at_feed, mark_announced, read_feed
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.readers.holiday_inputs import holiday_inputs
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


def test_an_outage_is_no_wait_for_the_feed(arrives):
    """Before, a feed that stopped later had to be silent for one and a half times as long as nobody had looked."""
    nights = [*range(10), 13, 14]
    for night in nights:
        assert not arrives(WAVE[: 120 + night], night, DAYS).findings
    assert not arrives(WAVE[:134], 15, DAYS).findings
    assert kinds(arrives(WAVE[:134], 16, DAYS)) == ["stale"]


def test_silence_that_was_watched_is_a_wait_for_the_feed(arrives):
    for night in range(14):
        arrives(WAVE[: 120 + (night if night < 10 else max(9, night - 3 if night < 13 else night))], night, DAYS)
    assert not arrives(WAVE[:133], 15, DAYS).findings
    assert not arrives(WAVE[:133], 17, DAYS).findings, "it was silent for four days before"


@pytest.mark.parametrize("jump", [400, 2, -3])
def test_a_clock_that_was_wrong_for_a_night_hides_no_silence(arrives, jump):
    for night in range(12):
        assert "stale" not in kinds(arrives(WAVE[: 120 + night], night + (jump if night == 10 else 0), DAYS))
    assert not arrives(WAVE[:131], 12, DAYS).findings
    assert kinds(arrives(WAVE[:131], 13, DAYS)) == ["stale"]


def test_a_silence_that_begins_after_a_night_with_a_wrong_clock_is_found(arrives):
    for night in range(12):
        arrives(WAVE[: 120 + night], night + (400 if night == 11 else 0), DAYS)
    assert not arrives(WAVE[:131], 12, DAYS).findings
    assert kinds(arrives(WAVE[:131], 13, DAYS)) == ["stale"]


def test_a_file_from_before_looks_were_noted_is_read(store, tmp_path):
    arrival = '{"seen": 5.0, "newest": 7.0}'
    (tmp_path / FEED).write_text(
        f'{{"format": 1, "when": "x", "newest": "7", "findings": [], "announced": [], "arrivals": [{arrival}]}}'
    )
    feed = read_feed(store)
    assert (feed.arrivals[0].unwatched, feed.doubt) == (0.0, "")


def test_a_value_that_comes_again_is_not_learned_before_the_next_one_tells(store, arrives):
    feed = arrives([*WAVE[:120], WAVE[119]])
    assert (feed.findings, feed.is_wrong) == ((), False)
    assert feed.not_to_learn == feed.doubt == read_feed(store).doubt
    assert feed.doubt.startswith("The last 2 values, since 119, are all ")
    assert arrives([*WAVE[:120], WAVE[119], WAVE[121]]).not_to_learn == ""
    feed = arrives([*WAVE[:120], *[WAVE[119]] * 3])
    assert (kinds(feed), feed.not_to_learn) == (["flat"], feed.sentence)


def test_a_flat_tail_in_the_place_of_known_values_is_wrong(arrives):
    assert kinds(arrives([*WAVE[:115], *[WAVE[115]] * 5])) == ["flat"]


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


@pytest.mark.parametrize("knows", ["the holidays", "the year before", "neither"])
def test_a_feed_of_working_days_is_silent_over_easter(store, tmp_path, knows):
    """Its value of a day comes the next morning; it is looked at every six hours, and on Wednesday there is news."""
    first = "2025-01-02" if knows == "the year before" else "2026-01-02"
    calendar = Calendar("B", first)
    days = calendar.times(np.arange(400.0)).astype("datetime64[D]")
    off = np.array(["2025-04-18", "2025-04-21", "2026-04-03", "2026-04-06"], "datetime64[D]")

    def look(at: datetime):
        x = np.arange(float(np.searchsorted(days, np.datetime64(at.date()))))
        filled = np.isin(days[: len(x)], off)
        while filled[-1]:
            x, filled = x[:-1], filled[:-1]
        inputs = holiday_inputs("DE", calendar, len(x)) if knows == "the holidays" else None
        y = np.random.default_rng(1).normal(size=400)[: len(x)]
        made = {FOUND: {"repairs": {"points filled:": int(filled.sum())}}}
        if inputs:
            made[KNOWN] = {"names": inputs.names, "ahead": inputs.values[len(x) :].tolist()}
        series = Series(x, y, 1.0, filled=filled if filled.any() else None, known=inputs)
        write_series(tmp_path / DATASET, series, made, calendar)
        return look_at_feed(store, tmp_path / DATASET, at)

    begins = datetime(2026, 3, 2, 6, tzinfo=UTC)
    looks = [begins + timedelta(hours=6 * k) for k in range(152)]
    found = {at: kinds(look(at)) for at in looks}
    wrong = [at.date() for at, kind in found.items() if kind]
    if knows == "neither":
        assert sorted(set(wrong)) == [date(2026, 4, 7)]
    else:
        assert not wrong
    silent = [kinds(look_at_feed(store, tmp_path / DATASET, looks[-1] + timedelta(days=k))) for k in range(1, 8)]
    assert silent[-1] == ["stale"], "in another week it is told"
