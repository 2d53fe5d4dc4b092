"""The article's series: noisy x·sin(x), generated at once or in blocks."""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from rnn.arrays import Array
from rnn.series import Series

CHUNK = 2**16
"""Points of a generated series that share one stream of noise: part of what every stored run was made with."""


def curve(x: Array) -> Array:
    """The noise-free truth of the article's data, x·sin(x), in any shape."""
    return x * np.sin(x)


def generate(points: int, step: float, noise: float, rng: np.random.Generator, start: int = 0) -> Series:
    """x = step, 2·step, … and y = x·sin(x) + noise uniform in [−noise, noise] (article, "The data").

    With 600 points, step 0.01 and noise 0.01 this is the article's data set. `start` points are left out at the
    beginning, without being generated: generate(b − a, …, start=a) is what stands at [a, b) of any longer series.

    For that, the noise is drawn by chunks of CHUNK points, each from a stream of its own. Chunk 0 has the stream that
    `rng` was made from, so that a short series is what plain rng.uniform gives; chunk k has child k of its
    SeedSequence. `rng` itself is neither read nor advanced: the same `rng` gives the same series again, and for another
    one it takes another seed. Raises TypeError when `rng` was not made from a SeedSequence, as default_rng makes it.
    """
    x = multiples(step, start, start + points)
    y = curve(x)
    for chunk in range(start // CHUNK, -(-(start + points) // CHUNK)):
        first, last = max(chunk * CHUNK, start), min((chunk + 1) * CHUNK, start + points)
        drawn = _chunk_stream(rng, chunk).uniform(-noise, noise, last - chunk * CHUNK)
        y[first - start : last - start] += drawn[first - chunk * CHUNK :]
    return Series(x, y, step)


def generate_blocks(
    points: int, step: float, noise: float, rng: np.random.Generator, block: int = CHUNK
) -> Iterator[Series]:
    """The series of `generate` in blocks of `block` points, the last one shorter: for one that does not fit in memory.

    `block` decides what is held at a time, not what comes out; multiples of CHUNK draw nothing twice.
    """
    for start in range(0, points, block):
        yield generate(min(block, points - start), step, noise, rng, start)


def multiples(step: float, start: int, stop: int) -> Array:
    """(start + 1)·step, …, stop·step, of shape (stop − start,), as one would write them: 0.07, not 0.07000000000000001.

    For a step of up to six digits each is the float nearest to the decimal number, however long the series: whole
    numbers below 2⁵³ (up to 9·10⁹ points) and powers of ten up to 10²² are exact, and their quotient is rounded once.
    For other steps, such as 1/3, products are rounded to 12 decimals while floats have so many, up to 9007.
    """
    k = np.arange(start + 1, stop + 1)
    digits, decimals = _decimal(step)
    if digits < 10**6 and 0 <= decimals <= 22:
        return np.divide(k * digits, float(10**decimals))
    x = k * float(step)
    return np.where(x < 9007, np.round(x, 12), x)


def _decimal(number: float) -> tuple[int, int]:
    """The digits, as a whole number, and the decimals of the shortest way to write a float: 0.05 is 5 with 2."""
    _, digits, exponent = Decimal(repr(float(number))).as_tuple()
    return int("".join(map(str, digits))), -int(exponent)


def _chunk_stream(rng: np.random.Generator, chunk: int) -> np.random.Generator:
    """The stream of chunk 0, 1, … of the series that `rng` stands for."""
    seeds = rng.bit_generator.seed_seq
    if not isinstance(seeds, np.random.SeedSequence):
        raise TypeError("the generator was not made from a SeedSequence: np.random.default_rng(seed) makes one that is")
    key = (*seeds.spawn_key, chunk) if chunk else seeds.spawn_key
    return np.random.default_rng(np.random.SeedSequence(seeds.entropy, spawn_key=key, pool_size=seeds.pool_size))
