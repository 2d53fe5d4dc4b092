"""Values in the wrong place: copies, moved series, moved days. What they mean for a feed is in test_feed_health.py."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnn.lifecycle.feed_shift import copied_from, moved_by, profile_moved_by

NOISE = np.random.default_rng(7).normal(size=500)


@given(st.integers(4, 60), st.integers(4, 200))
def test_a_copy_is_found_with_its_length_and_distance(count, lag):
    count = min(count, lag)
    y = np.concatenate([NOISE, NOISE[500 - lag : 500 - lag + count]])
    assert copied_from(y) == (count, lag)


def test_noise_constants_and_exact_seasons_are_no_copy():
    assert copied_from(NOISE) is None
    assert copied_from(np.tile(NOISE[:12], 20)) is None
    assert copied_from(np.concatenate([NOISE, np.full(30, 2.0)])) is None


@given(st.integers(1, 24), st.booleans())
def test_a_moved_series_is_found_with_the_way_it_moved(size, later):
    now, before = (NOISE[: 500 - size], NOISE[size:]) if later else (NOISE[size:], NOISE[: 500 - size])
    assert moved_by(now, before, 24) == (size if later else -size)


def test_what_stands_where_it_stood_has_not_moved():
    assert moved_by(NOISE, NOISE, 24) == 0
    assert moved_by(NOISE, NOISE + 1, 24) == 0, "restated"
    assert moved_by(NOISE, np.where(np.arange(500) < 480, NOISE, np.nan), 24) == 0
    assert moved_by(np.full(500, 1.0), NOISE, 24) == 0


def test_a_day_that_is_moved_needs_a_usual_day():
    t = np.arange(24 * 30)
    day = np.sin(2 * np.pi * t / 24)
    late = np.concatenate([day[:-24], day[-25:-1]])
    assert profile_moved_by(late + 0.01 * np.random.default_rng(0).normal(size=len(t)), 24, 1, 24) == 1
    assert profile_moved_by(late, 24, 0, 0) == 0
    assert profile_moved_by(late, 3, 1, 24) == 0, "three hours say nothing"
    assert profile_moved_by(NOISE, 24, 1, 24) == 0
    assert profile_moved_by(late[-24 * 6 :], 24, 1, 24) == 0, "too little past"
