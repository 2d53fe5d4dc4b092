from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnn.errors import SeriesTooShort, WavecastError
from rnn.series import Series, count_groups, curve, generate, group, ungroup

GOLDEN = Path(__file__).parent / "golden"

numbers = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def series(draw) -> Series:
    points = draw(st.integers(1, 60))
    step = draw(st.floats(1e-3, 1e3))
    return Series(np.arange(1, points + 1) * step, draw(arrays(np.float64, points, elements=numbers)), step)


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


# Groups.


@given(series(), st.integers(1, 12))
def test_groups_laid_end_to_end_are_the_series_less_its_oldest_points(data, group_size):
    groups = group(data, group_size, at_least=0)
    again = ungroup(groups)
    assert 0 <= groups.dropped < group_size
    assert len(groups) * group_size + groups.dropped == len(data)
    assert groups.x.shape == groups.y.shape == (len(groups), group_size, 1)
    assert np.array_equal(again.x, data.x[groups.dropped :])
    assert np.array_equal(again.y, data.y[groups.dropped :])
    assert again.step == groups.step == data.step


@given(series(), st.integers(1, 12))
def test_grouping_what_was_ungrouped_changes_nothing(data, group_size):
    groups = group(data, group_size, at_least=0)
    again = group(ungroup(groups), group_size, at_least=0)
    assert again.dropped == 0
    assert np.array_equal(again.x, groups.x)
    assert np.array_equal(again.y, groups.y)


def test_a_group_is_a_column_of_neighbours():
    data = Series(np.arange(1.0, 8.0), np.arange(11.0, 18.0), 1.0)
    groups = group(data, 3)
    assert groups.group_size == 3
    assert groups.dropped == 1
    assert groups.x[:, :, 0].tolist() == [[2, 3, 4], [5, 6, 7]]
    assert groups.y[:, :, 0].tolist() == [[12, 13, 14], [15, 16, 17]]


def test_the_articles_data_make_100_groups_of_6():
    groups = group(article(), 6)
    assert groups.x.shape == (100, 6, 1)
    assert groups.dropped == 0
    assert groups.x[-1, :, 0].tolist() == [5.95, 5.96, 5.97, 5.98, 5.99, 6.0]


@given(st.integers(0, 200), st.integers(1, 20), st.integers(1, 20))
def test_a_series_too_short_is_told_with_the_points_it_would_need(points, group_size, at_least):
    enough = at_least * group_size
    if points >= enough:
        assert count_groups(points, group_size, at_least) == points // group_size >= at_least
        return
    with pytest.raises(SeriesTooShort) as told:
        count_groups(points, group_size, at_least)
    message = str(told.value)
    assert f"{points} points make {points // group_size} groups of {group_size}" in message
    assert f"give {enough} points" in message
    assert "\n" not in message
    assert isinstance(told.value, WavecastError)
    assert count_groups(enough, group_size, at_least) == at_least


def test_a_series_is_not_cut_into_fewer_groups_than_asked_for():
    with pytest.raises(SeriesTooShort, match="give 606 points"):
        group(article(), 6, at_least=101)
    assert len(group(article(), 6, at_least=100)) == 100
