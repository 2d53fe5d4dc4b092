"""A generated series that is longer than one chunk of noise: any part of it is what it is in the whole."""

import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnn.datasets.xsinx import CHUNK, curve, generate, generate_blocks, multiples
from rnn.random_streams import stream

POINTS = 3 * CHUNK + 100
"""Three chunks and the beginning of a fourth."""


@pytest.fixture(scope="module")
def whole():
    return generate(POINTS, 0.01, 0.01, stream(0, "noise"))


def same(one, other) -> bool:
    return one.x.tobytes() == other.x.tobytes() and one.y.tobytes() == other.y.tobytes()


near_a_chunk = st.builds(lambda chunk, off: min(max(chunk * CHUNK + off, 0), POINTS),
                         st.integers(0, 3), st.integers(-3, 3))  # fmt: skip
places = st.integers(0, POINTS) | near_a_chunk


@settings(max_examples=60)
@given(places, places)
@example(0, 600)
@example(0, POINTS)
@example(CHUNK, 2 * CHUNK)
@example(CHUNK - 1, CHUNK + 1)
@example(5, 5)
def test_a_part_generated_alone_is_that_part_of_the_whole(whole, one, other):
    start, stop = sorted((one, other))
    part = generate(stop - start, 0.01, 0.01, stream(0, "noise"), start)
    assert (part.x.tobytes(), part.y.tobytes()) == (whole.x[start:stop].tobytes(), whole.y[start:stop].tobytes())
    assert part.step == 0.01


@settings(max_examples=30)
@given(st.integers(997, 2 * POINTS) | near_a_chunk.filter(lambda block: block > 3))
@example(CHUNK)
@example(600)
def test_blocks_of_any_size_make_the_same_series(whole, block):
    parts = list(generate_blocks(POINTS, 0.01, 0.01, stream(0, "noise"), block))
    assert [len(part) for part in parts[:-1]] == [block] * (len(parts) - 1)
    assert np.concatenate([part.x for part in parts]).tobytes() == whole.x.tobytes()
    assert np.concatenate([part.y for part in parts]).tobytes() == whole.y.tobytes()


def test_the_order_of_the_parts_does_not_matter(whole):
    rng = stream(0, "noise")
    for start in (2 * CHUNK, 0, 3 * CHUNK, CHUNK):
        part = generate(100, 0.01, 0.01, rng, start)
        assert part.y.tobytes() == whole.y[start : start + 100].tobytes()


def test_the_generator_is_neither_read_nor_advanced(whole):
    rng, untouched = stream(0, "noise"), stream(0, "noise")
    assert same(generate(POINTS, 0.01, 0.01, rng), whole)
    assert same(generate(POINTS, 0.01, 0.01, rng), whole)
    assert rng.bit_generator.seed_seq.n_children_spawned == 0
    assert rng.random() == untouched.random()
    rng.bit_generator.seed_seq.spawn(7)
    assert same(generate(POINTS, 0.01, 0.01, rng), whole)


def test_a_series_within_the_first_chunk_has_the_noise_of_the_stream_itself(whole):
    np.testing.assert_array_equal(whole.y[:600], curve(whole.x[:600]) + stream(0, "noise").uniform(-0.01, 0.01, 600))


def test_chunk_k_has_the_noise_of_child_k(whole):
    # As stored runs were made: another chunk or another child would be another series under the same seed.
    assert CHUNK == 65536
    for k in (1, 2, 3):
        child = np.random.default_rng(np.random.SeedSequence(0, spawn_key=(0, k)))
        part = slice(k * CHUNK, k * CHUNK + 100)
        np.testing.assert_array_equal(whole.y[part], curve(whole.x[part]) + child.uniform(-0.01, 0.01, 100))


def test_chunks_have_noise_of_their_own(whole):
    noise = (whole.y - curve(whole.x))[: 3 * CHUNK].reshape(3, CHUNK)
    assert np.abs(np.corrcoef(noise) - np.eye(3)).max() < 5 / np.sqrt(CHUNK)
    assert (np.abs(noise).max(axis=1) < 0.01 + 1e-9).all()
    assert np.abs(noise.std(axis=1) / (0.01 / np.sqrt(3)) - 1).max() < 0.02
    assert not same(generate(POINTS, 0.01, 0.01, stream(1, "noise")), whole)


def test_a_generator_without_a_seed_sequence_is_refused():
    class Foreign:
        bit_generator = type("Bits", (), {"seed_seq": None})()

    with pytest.raises(TypeError, match=r"default_rng\(seed\)"):
        generate(5, 0.01, 0.01, Foreign())


steps = st.builds(lambda digits, decimals: float(f"{digits}e-{decimals}"), st.integers(1, 99999), st.integers(0, 12))


@settings(max_examples=300)
@given(steps, st.integers(0, 10**9))
@example(0.01, 6 * 10**8 - 5)
@example(0.01, 450364)  # the first that rounding the product to 12 decimals gets wrong
@example(10.0, 10**9)
def test_x_is_the_nearest_float_to_the_decimal_number(step, start):
    # float() of a fraction is rounded correctly.
    expected = [float(k * Fraction(repr(step))) for k in range(start + 1, start + 6)]
    assert multiples(step, start, start + 5).tolist() == expected


def test_x_reads_as_one_would_write_it_after_600_million_points():
    assert multiples(0.01, 6, 7).tolist() == [0.07]
    assert multiples(0.01, 599_999_998, 600_000_000).tolist() == [5999999.99, 6000000.0]


def test_x_of_another_step_is_rounded_to_12_decimals_while_floats_have_them():
    assert multiples(1 / 3, 0, 3).tolist() == [0.333333333333, 0.666666666667, 1.0]
    assert multiples(1 / 3, 10**8, 10**8 + 1).tolist() == [(10**8 + 1) * (1 / 3)]
    assert multiples(123456.0, 10**9, 10**9 + 1).tolist() == [123456.0 * (10**9 + 1)]


def test_memory_does_not_grow_with_the_length():
    def peak(points: int) -> int:
        tracemalloc.start()
        for _ in generate_blocks(points, 0.01, 0.01, stream(0, "noise")):
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert peak(40 * CHUNK) < 1.2 * peak(4 * CHUNK)
