from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.datasets.xsinx import curve, generate
from rnn.series import Series

GOLDEN = Path(__file__).parents[1] / "golden"


def article(seed=0) -> Series:
    return generate(600, 0.01, 0.01, np.random.default_rng(seed))


# The article's data.


def test_the_articles_data_are_600_points_from_0_01_to_6():
    data = article()
    assert len(data) == len(data.x) == len(data.y) == 600
    assert data.step == 0.01
    assert data.x.tolist() == [float(f"{i / 100:.2f}") for i in range(1, 601)]


def test_the_articles_own_data_come_from_its_own_generator():
    data = article(2)
    with np.load(GOLDEN / "lr0.023-epochs50.npz", allow_pickle=False) as golden:
        assert np.array_equal(data.x, golden["x"])
        np.testing.assert_allclose(data.y, golden["y"], rtol=0, atol=1e-14)


def test_the_noise_is_uniform_within_its_bounds_and_fills_them():
    data = article()
    noise = data.y - curve(data.x)
    assert np.abs(noise).max() <= 0.01 + 1e-15
    assert np.abs(noise.mean()) < 0.001
    np.testing.assert_allclose(np.quantile(noise, [0, 0.25, 0.5, 0.75, 1]), np.linspace(-0.01, 0.01, 5), atol=0.0015)


@given(st.integers(1, 300), st.floats(1e-3, 10), st.floats(0, 5), st.integers(0, 2**32))
@settings(deadline=None)
def test_any_series_starts_at_its_step_is_evenly_spaced_and_never_further_off_than_the_noise(points, step, noise, seed):
    data = generate(points, step, noise, np.random.default_rng(seed))
    assert len(data) == points
    np.testing.assert_allclose(data.x, step * np.arange(1, points + 1), rtol=0, atol=1e-9)
    assert (np.abs(data.y - data.x * np.sin(data.x)) <= noise + 1e-9).all()


def test_without_noise_the_series_is_the_curve():
    data = generate(100, 0.1, 0, np.random.default_rng(0))
    assert np.array_equal(data.y, curve(data.x))


def test_x_reads_as_it_is_written():
    assert [str(x) for x in generate(7, 0.1, 0, np.random.default_rng(0)).x.tolist()] == [
        "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7",
    ]  # fmt: skip


def test_one_seed_gives_one_series_and_another_gives_another():
    assert np.array_equal(article(1).y, article(1).y)
    assert not np.array_equal(article(1).y, article(2).y)
    assert np.array_equal(article(1).x, article(2).x)


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (np.pi / 2, np.pi / 2), (np.pi, 0.0), (1.5 * np.pi, -1.5 * np.pi)])
def test_the_curve_is_x_sin_x(x, y):
    assert curve(np.array([[x]])) == pytest.approx(np.array([[y]]), abs=1e-14)
