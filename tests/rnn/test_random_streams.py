import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.random_streams import PURPOSES, stream

seeds = st.integers(0, 2**64)


FIRST = [17394127715520444142, 12492077108140196533, 15463373330740448354, 6722610277276733253]
"""The first raw number of each stream of seed 0."""


def test_the_list_begins_as_every_stored_run_knows_it():
    """Append to PURPOSES, and to this list, and change nothing else in either."""
    assert PURPOSES[:4] == ("noise", "article", "untuned", "fully connected")


def test_no_purpose_is_there_twice():
    assert len(set(PURPOSES)) == len(PURPOSES)


def test_the_first_numbers_are_those_that_stored_runs_were_made_with():
    assert [stream(0, purpose).bit_generator.random_raw() for purpose in PURPOSES[:4]] == FIRST


@given(seeds, st.sampled_from(PURPOSES))
def test_a_stream_is_the_same_every_time(seed, purpose):
    assert np.array_equal(stream(seed, purpose).random(5), stream(seed, purpose).random(5))


@given(seeds)
def test_the_streams_are_the_children_that_the_seed_sequence_spawns(seed):
    children = np.random.SeedSequence(seed).spawn(len(PURPOSES))
    for purpose, child in zip(PURPOSES, children, strict=True):
        assert np.array_equal(stream(seed, purpose).random(3), np.random.default_rng(child).random(3))


@given(seeds)
def test_every_purpose_and_every_seed_has_its_own_stream(seed):
    first = [stream(s, purpose).random() for s in (seed, seed + 1) for purpose in PURPOSES]
    assert len(set(first)) == len(first)


def test_the_streams_are_not_correlated():
    drawn = [stream(0, purpose).standard_normal(10_000) for purpose in PURPOSES]
    between = np.corrcoef(drawn) - np.eye(len(PURPOSES))
    assert np.abs(between).max() < 0.05


def test_using_one_stream_disturbs_no_other():
    expected = stream(0, "article").random(5)
    one, other = stream(0, "noise"), stream(0, "article")
    one.random(1000)
    assert np.array_equal(other.random(5), expected)


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].tobytes()  # noqa: NPY002 - it is looked at, not used
    stream(0, "noise").random(5)
    assert np.random.get_state()[1].tobytes() == before  # noqa: NPY002


def test_an_unknown_purpose_is_refused():
    with pytest.raises(ValueError, match="tuple"):
        stream(0, "luck")
