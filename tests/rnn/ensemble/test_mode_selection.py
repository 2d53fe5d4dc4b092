import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.ensemble.mode_selection import Law, plausible, tried
from rnn.ensemble.modes import fit_sections, responses

T = np.arange(240) / 240


def noisy(curve, seed=0, noise=0.003):
    return curve + noise * np.random.default_rng(seed).normal(size=len(curve))


def laws(y, sections):
    return plausible(tried(Law.free(fit_sections([y.reshape(-1, 4).mean(axis=1)], sections)[-1][0]), y, 4))


def found(y, sections):
    return laws(y, sections)[0][0]


def test_a_free_law_has_everything_to_choose():
    law = Law.free(np.array([[0.1, 50.0], [0.2, 90.0]]))
    assert (law.chosen, law.unknowns) == (4, 9)
    np.testing.assert_array_equal(law.allowed, np.eye(4))


def test_all_that_are_simpler_by_one_are_tried_and_keep_what_they_say():
    law = Law.free(np.array([[0.1, 50.0], [0.3, 90.0]]))
    simpler = [one.sections.tolist() for one in law.simpler()]
    assert simpler == [
        [[0.0, 50.0], [0.3, 90.0]],
        [[0.1, 0.0], [0.3, 90.0]],
        [[0.1, 50.0], [0.0, 90.0]],
        [[0.1, 50.0], [0.3, 0.0]],
        [[pytest.approx(0.2), 70.0], [pytest.approx(0.2), 70.0]],
    ]


def test_two_alike_of_which_one_is_steady_are_both_steady():
    steady = Law.free(np.array([[0.1, 50.0], [0.3, 90.0]])).simpler()[0]
    assert steady.simpler()[-1].sections.tolist() == [[0.0, 70.0], [0.0, 70.0]]


def test_ways_to_the_same_law_are_one():
    three = Law(np.ones((3, 2)), np.array([[1, 2], [1, 2], [5, 6]]))
    labels = [one.label.tolist() for one in three.simpler()]
    assert labels.count([[1, 2]] * 3) == 1


def test_of_nothing_to_choose_nothing_is_simpler():
    assert Law(np.zeros((1, 2)), np.zeros((1, 2), dtype=int)).simpler() == []


@given(st.lists(st.integers(0, 9), max_size=9))
def test_every_simpler_law_keeps_itself_and_has_less_to_choose(steps):
    law = Law.free(np.random.default_rng(0).uniform(1, 100, (3, 2)))
    for step in steps:
        if not (tried := law.simpler()):
            break
        assert all(one.chosen < law.chosen for one in tried)
        law = tried[step % len(tried)]
        np.testing.assert_allclose(law.allowed @ law.sections.reshape(-1), law.sections.reshape(-1))
        np.testing.assert_allclose(law.allowed @ law.allowed, law.allowed)
        assert np.linalg.matrix_rank(law.allowed) == law.chosen


def test_a_steady_wave_is_found_to_be_steady():
    law = found(noisy(np.sin(9 * T + 1)), 1)
    assert law.sections[0, 0] == 0
    assert law.sections[0, 1] == pytest.approx(81, rel=1e-3)


def test_a_wave_under_a_line_is_two_steady_ones_alike():
    law = found(noisy((1.3 - 0.8 * T) * np.sin(9 * T + 0.3)), 2)
    assert law.chosen == 1
    np.testing.assert_allclose(law.sections, [[0, 81], [0, 81]], rtol=5e-3)


def test_one_that_grows_stays_one_that_grows():
    law = found(noisy(np.exp(0.7 * T) * np.cos(19 * T)), 1)
    assert law.chosen == 2
    assert law.sections[0, 0] == pytest.approx(-1.4, rel=0.05)


def test_a_line_neither_swings_nor_dies():
    law = found(noisy(2 - 5 * T, noise=0.1), 1)
    assert law.chosen <= 1
    rows = responses(law.sections[np.newaxis], np.array([1 / 240]), 300)[0]
    ahead = rows[240:] @ np.linalg.lstsq(rows[:240], 2 - 5 * T, rcond=None)[0]
    np.testing.assert_allclose(ahead, 2 - 5 * np.arange(240, 300) / 240, atol=0.02)


def test_where_a_series_leaves_it_open_several_are_plausible_likeliest_first():
    short = T[:60]
    shares = [share for _, share in laws(noisy((0.4 + 1.5 * short) * np.sin(5 * short), noise=0.01), 2)]
    assert len(shares) > 1
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.02)
    assert len(laws(noisy((0.4 + 1.5 * T) * np.sin(25 * T), noise=1e-5), 2)) < len(shares)
