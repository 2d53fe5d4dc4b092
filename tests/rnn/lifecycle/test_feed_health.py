"""Health of the feed: each fault is found where it begins, and a healthy feed is left alone."""

import numpy as np
import pytest

from benchmarks.feed_health import HEALTHY, look, looks
from rnn.lifecycle.feed_health import DAY, Delivery, doubt, findings, in_words, older_than, stale

RNG = np.random.default_rng(5)
LOAD = HEALTHY["load"][0](np.random.default_rng(1))
SALES = 100 + 15 * np.sin(2 * np.pi * np.arange(300) / 7) + RNG.normal(0, 3, 300)


def found(y, new=7, **more):
    return [(finding.kind, finding.sentence) for finding in findings(Delivery(np.array(y), new, str, **more))]


def changed(y, new, how):
    return np.concatenate([y[:-new], how(y[-new:])])


def test_healthy_series_of_every_kind_are_left_alone():
    """432 looks; benchmarks/feed_health.py takes thousands."""
    wrong = [(kind, look(y, new, per_day)) for kind, y, new, per_day, _ in looks(8, 5000)]
    assert [each for each in wrong if each[1]] == []
    assert len(wrong) == 8 * 6 * len(HEALTHY)


def test_a_thousand_times_too_large_is_out_of_range():
    ((kind, told),) = found(changed(SALES, 3, lambda y: 1000 * y), 3)
    assert kind == "out of range"
    assert told.startswith("The value of 297, ")
    assert ", and 2 more like it; before, all lay from " in told
    assert " times as large as any before" in told


def test_a_thousandth_and_another_sign_are_out_of_range():
    wide = np.abs(RNG.normal(0, 1, 300)) * 100
    ((kind, told),) = found(changed(wide, 14, lambda y: y / 1000), 14)
    assert (kind, "times smaller than any 14 in a row before" in told) == ("out of range", True)
    ((kind, told),) = found(changed(RNG.uniform(0, 100, 300), 7, lambda y: -80 + y / 10))
    assert (kind, "has another sign than all before it" in told) == ("out of range", True)


def test_what_is_merely_new_is_not_out_of_range():
    assert found(changed(SALES, 7, lambda y: y + 60)) == [], "a level that has shifted is for the drift test"
    assert found(np.exp(np.arange(200) / 30), 7) == [], "growth"
    assert found(changed(SALES, 7, lambda y: y * 1.5)) == []
    assert found(np.full(100, 7.0)) == [], "it was never otherwise"
    assert found(np.append(SALES[:9], 1e6), 1) == [], "too short to tell"


def test_flat_for_longer_than_ever():
    ((kind, told),) = found(changed(SALES, 5, lambda y: 0 * y + y[0]), 5)
    assert kind == "flat"
    assert told.startswith("The last 5 values, since 295, are all ")
    assert "no two neighbouring values were the same" in told
    weekends = np.where(np.arange(300) % 7 < 5, SALES, 0.0)
    assert found(weekends) == []
    assert found(np.concatenate([weekends, np.zeros(3)]), 3) == [], "not yet longer than twice a weekend"
    assert found(np.concatenate([weekends, np.zeros(4)]), 4)[0][0] == "flat"
    assert found(changed(SALES, 5, lambda y: 0 * y + y[0]), 0) == [], "nothing new"


def test_a_flat_stretch_that_takes_the_place_of_known_values_is_flat():
    bad = changed(SALES, 5, lambda y: 0 * y + y[0])
    ((kind, told),) = found(bad, 0, before=SALES)
    assert (kind, told.startswith("The last 5 values, since 295, are all ")) == ("flat", True)
    assert found(bad, 0, before=bad) == [], "they were so when they were last good"
    gap = np.where(np.arange(300) == 298, np.nan, SALES)
    assert [kind for kind, _ in found(bad, 0, before=gap)] == ["flat"]


def test_a_value_that_comes_again_is_doubted_where_that_never_happened():
    assert doubt(Delivery(SALES, 1, str)) == ""
    twice, three = (changed(SALES, count, lambda y: 0 * y + y[0]) for count in (2, 3))
    assert doubt(Delivery(twice, 1, str)).startswith("The last 2 values, since 298, are all ")
    assert doubt(Delivery(three, 1, str)).endswith("before, no two neighbouring values were the same.")
    assert doubt(Delivery(twice, 0, str)) == doubt(Delivery(twice, 0, str, twice)) == "", "no news"
    assert doubt(Delivery(twice, 0, str, SALES)), "in the place of another value"
    assert doubt(Delivery(twice[-50:], 1, str)) == "", "one in fifty is no rarity"
    assert doubt(Delivery(three[-50:], 1, str))
    assert doubt(Delivery(three[-15:], 1, str)) == "", "too short to tell"
    assert doubt(Delivery(np.full(100, 7.0), 1, str)) == "", "it was never otherwise"


def test_a_price_that_stays_for_long_is_doubted_for_a_few_values_alone():
    prices = np.repeat(np.random.default_rng(0).normal(100, 10, 60), [40] + [5] * 59)
    doubted = [bool(doubt(Delivery(np.append(prices, np.full(more, 7.0)), 1, str))) for more in range(39, 50)]
    assert doubted == [False] * 2 + [True] * 4 + [False] * 5


def test_values_that_often_repeat_are_not_doubted():
    weekends = np.where(np.arange(300) % 7 < 5, SALES, 0.0)
    assert doubt(Delivery(np.concatenate([weekends[:-1], np.zeros(2)]), 1, str)) == "", "a day after the weekend"
    looked = [(y, new) for _, y, new, _, _ in looks(8, 5000)]
    assert sum(bool(doubt(Delivery(y, new, str))) for y, new in looked) <= 0.005 * len(looked)


def test_missing_and_filled_rows_are_incomplete():
    assert found(SALES, 0, missing=12) == [
        ("incomplete", "The data end at 299: 12 points that were there before are missing.")
    ]
    assert found(SALES, 0, missing=1)[0][1] == "The data end at 299: 1 point that was there before is missing."
    assert found(SALES, 7, filled=4)[0] == (
        "incomplete", "Of the 7 newest rows, since 293, 4 have no value of their own.",
    )  # fmt: skip
    assert found(SALES, 7, filled=3) == []


def test_values_delivered_again_under_other_times_are_shifted():
    ((kind, told),) = found(np.concatenate([LOAD, LOAD[-24:]]), 24, per_hour=1, per_day=24)
    assert (kind, told) == ("shifted", "The last 24 values, since 960, are those since 936 again.")
    counts = np.random.default_rng(2).poisson(3, 400).astype(float)
    assert found(np.concatenate([counts, counts[-5:]]), 5) == [], "counts repeat by themselves"
    season = np.tile(np.arange(12.0), 30)
    assert found(season, 12) == [], "an exact season"


@pytest.mark.parametrize(("moved", "words"), [(1, "1 hour later"), (-1, "1 hour earlier"), (24, "1 day later")])
def test_a_series_that_stands_elsewhere_than_before_is_shifted(moved, words):
    before = LOAD[100:600]
    ((kind, told),) = found(LOAD[100 - moved : 624 - moved], 24, before=before, per_hour=1, per_day=24)
    assert kind == "shifted"
    assert f"all values stand {words} than they did before" in told


def test_restated_values_and_the_same_ones_are_not_shifted():
    before = LOAD[100:600]
    assert found(LOAD[100:624], 24, before=before, per_hour=1, per_day=24) == []
    restated = LOAD[100:624] + np.where(np.arange(524) > 450, 1.0, 0.0)
    assert found(restated, 24, before=before, per_hour=1, per_day=24) == []
    assert found(LOAD[100:624], 24, before=np.full(500, np.nan), per_hour=1, per_day=24) == []


def test_a_clock_that_changed_is_told_by_the_usual_day():
    t = np.arange(24 * 30)
    day = 100 + 20 * np.sin(2 * np.pi * t / 24) + 10 * np.sin(4 * np.pi * t / 24) + RNG.normal(0, 1, len(t))
    assert found(day, 24, per_hour=1, per_day=24) == []
    late = np.concatenate([day[:-24], day[-25:-1]])
    ((kind, told),) = found(late, 24, per_hour=1, per_day=24)
    assert kind == "shifted"
    assert told.endswith("follow the usual day 1 hour later: did a clock change?")


def test_stale_is_longer_than_the_longest_wait():
    nightly = np.full(20, DAY)
    assert stale(1.4 * DAY, nightly, DAY, "3 January") is None
    told = stale(2 * DAY, nightly, DAY, "3 January")
    assert (told.kind, told.since) == ("stale", "3 January")
    assert told.sentence == "Nothing new has come for 2 days, after 3 January; the longest wait before was 1 day."
    weekends = np.tile([DAY, DAY, DAY, DAY, 3 * DAY], 4)
    assert stale(4 * DAY, weekends, 3 * DAY, "3 January") is None
    assert stale(3 * DAY, np.array([60.0]), DAY, "3 January") is None, "too few arrivals to tell"
    assert stale(5 * DAY, np.array([60.0]), DAY, "3 January").sentence.endswith("its times are 1 day apart.")
    assert stale(900 * DAY, np.array([60.0]), None, "7") is None, "numbers have no clock"
    assert stale(DAY, np.full(20, 1.0), None, "7") is None, "a backfill in a minute is no usual wait"


def test_a_feed_that_was_late_once_may_not_be_late_for_ever():
    nightly = np.full(60, DAY)
    nightly[20] = 4 * DAY
    told = stale(2 * DAY, nightly, DAY, "3 January")
    assert told.sentence.endswith("; the longest wait before, but for the rarest, was 1 day.")
    nightly[[10, 50]] = 4 * DAY
    assert stale(2 * DAY, nightly, DAY, "3 January") is None, "thrice in two months is how it is"
    assert stale(2 * DAY, nightly[:25], DAY, "3 January") is None, "too few waits to call one rare"


def test_waits_of_any_length_seldom_look_stale():
    rng, false, looked = np.random.default_rng(7), 0, 0
    for _ in range(20):
        waits = rng.exponential(DAY, 400)
        for k in range(100, 400):
            false += stale(waits[k], waits[max(0, k - 199) : k], None, "now") is not None
            looked += 1
    assert false / looked < 0.01


def test_stale_arrivals_with_jitter_are_left_alone():
    rng = np.random.default_rng(3)
    for usual, jitter in ((DAY, 3 * 3600), (3600, 600), (30 * DAY, 4 * DAY)):
        for _ in range(50):
            waits = usual + rng.uniform(-jitter, jitter, 100)
            for k in range(20, 100):
                assert stale(waits[k], waits[:k], usual, "now") is None


def test_older_than_allowed():
    assert older_than(DAY, DAY, "3 January") is None
    told = older_than(3 * DAY, 1.5 * DAY, "3 January")
    assert told.sentence == "The newest value is of 3 January, 3 days ago; 36 hours are allowed."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "moments"), (1, "1 second"), (50, "50 seconds"), (60, "1 minute"), (7200, "2 hours"), (DAY, "1 day"),
     (1.5 * DAY, "36 hours"), (2 * DAY, "2 days"), (60 * DAY, "60 days")],
)  # fmt: skip
def test_durations_in_words(seconds, words):
    assert in_words(seconds) == words


def test_a_finding_has_one_name_however_often_it_is_found():
    one, other = (findings(Delivery(changed(SALES, 3, lambda y: 1000 * y)[:end], 3, str)) for end in (300, 300))
    assert one[0].name == other[0].name == "out of range since 297"
