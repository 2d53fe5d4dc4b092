"""The drift test: quiet while errors are as they were, and quick when they are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.lifecycle.drift import CLIP, LIMIT, SLACK, watch


def cycles(rng, count: int, size: float, points: int = 6) -> list[np.ndarray]:
    """Errors that are normal, `size` times as large as a 90 % interval says."""
    return list(size * rng.normal(0, 1 / 1.645, (count, points)))


@pytest.mark.parametrize("size", [0.6, 1.0, 1.6])
def test_quiet_years_are_quiet_however_well_the_intervals_hold(size):
    found = [len(watch(cycles(np.random.default_rng(seed), 365, size)).found) for seed in range(20)]
    assert sum(found) <= 5
    assert max(found) <= 1


@pytest.mark.parametrize("size", [0.6, 1.0, 1.6])
def test_errors_three_times_as_large_are_found_within_three_cycles(size):
    rngs = [np.random.default_rng(seed) for seed in range(20)]
    years = [watch([*cycles(rng, 60, size), *cycles(rng, 5, 3 * size)]) for rng in rngs]
    delays = [next((day - 59 for day in year.found if day >= 60), 99) for year in years]
    assert np.mean(np.array(delays) <= 3) >= 0.9
    assert all(year.times_usual > 1.8 for year in years if year.found)


@given(st.lists(st.lists(st.floats(-1e6, 1e6), max_size=4), max_size=12))
def test_it_is_fed_one_cycle_after_the_other(errors):
    every = [np.array(cycle) for cycle in errors]
    whole = watch(every)
    for k in range(len(every)):
        part = watch(every[:k])
        assert part.total.tolist() == whole.total[:k].tolist()
        assert part.found == tuple(day for day in whole.found if day < k)


def test_one_bad_cycle_is_no_drift_and_two_are():
    quiet, bad, usual = cycles(np.random.default_rng(0), 50, 1.0), [np.full(6, 1e9)], [np.full(6, 0.6)]
    assert CLIP - SLACK < LIMIT < 2 * (CLIP - SLACK)
    assert watch([*quiet, *bad, *usual * 20, *bad, *usual * 20]).found == ()
    assert watch([*quiet, *bad, *bad]).found == (51,)


def test_a_drift_that_goes_on_is_found_again():
    rng = np.random.default_rng(0)
    found = watch([*cycles(rng, 50, 1.0), *cycles(rng, 10, 20.0)]).found
    assert len(found) >= 2
    assert found[0] >= 50


def test_where_nothing_is_noisy_errors_may_grow_a_thousandfold_below_the_promise():
    assert watch([np.full(6, 1e-6)] * 20 + [np.full(6, 1e-3)] * 20).found == ()


def test_smaller_errors_are_no_drift():
    rng = np.random.default_rng(0)
    assert watch([*cycles(rng, 50, 1.0), *cycles(rng, 50, 0.1)]).found == ()


def test_cycles_without_outcome_change_nothing():
    rng = np.random.default_rng(0)
    every = [*cycles(rng, 50, 1.0), *cycles(rng, 1, 20.0)]
    empty = [np.empty(0), np.full(6, np.nan)]
    seen = watch([*every, *empty])
    assert seen.total[-3:].tolist() == [seen.total[50]] * 3
    assert np.isnan(seen.score[-2:]).all()


def test_nothing_says_nothing():
    seen = watch([])
    assert seen.found == ()
    assert seen.times_usual == 1.0
