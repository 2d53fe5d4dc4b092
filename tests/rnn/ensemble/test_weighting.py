import numpy as np
import pytest

from rnn.ensemble.weighting import Trial, weigh
from rnn.recipes import AutoregressiveRecipe


def test_what_rehearsed_well_weighs_more_and_what_could_not_rehearse_little():
    errors = np.log([[1.0, 2.0, np.nan], [1.0, 2.0, np.nan]])
    weight = weigh(errors, ["skip"] * 3, AutoregressiveRecipe(sharpness=2))
    assert weight.sum() == pytest.approx(1)
    assert weight[0] == pytest.approx(4 * weight[1])
    assert weight[2] < weight[1]


def test_of_many_candidates_each_weighs_less():
    kinds = ["skip"] * 8 + ["modes"] * 2
    for errors in (np.zeros((3, 10)), np.full((3, 10), np.nan)):
        weight = weigh(errors, kinds, AutoregressiveRecipe())
        assert weight[9] == pytest.approx(2 * weight[0])
        assert weight.sum() == pytest.approx(1)


def test_an_explanation_is_the_more_unsure_the_more_it_surprised_and_never_surer_than_it_says():
    recipe = AutoregressiveRecipe(recency=2.0)
    assert Trial.of(np.log([2.0, 2.0]), np.ones(2), recipe) == Trial(pytest.approx(np.log(2)), 1.0)
    assert Trial.of(np.log([0.1, 0.1]), np.ones(2), recipe).surprise == 0
    assert Trial.of(np.log([1.0, 8.0]), np.ones(2), recipe).surprise == pytest.approx(2 / 3 * np.log(8))


def test_it_has_passed_where_it_was_believed_and_newer_origins_count_more():
    recipe = AutoregressiveRecipe(recency=2.0)
    assert Trial.of(np.array([np.nan, 0.0]), np.array([0.0, 1.0]), recipe) == Trial(0.0, pytest.approx(2 / 3))
    assert Trial.of(np.full(2, np.nan), np.zeros(2), recipe) == Trial(0.0, 0.0)
