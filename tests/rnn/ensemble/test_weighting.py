import numpy as np
import pytest

from rnn.ensemble.weighting import weigh
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
