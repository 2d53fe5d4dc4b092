import numpy as np
import pytest

from rnn.ensemble.assembly import AHEAD, Origin
from rnn.ensemble.weighting import Trial
from rnn.recipes import AutoregressiveRecipe


def test_an_explanation_weighs_by_the_error_it_expects_and_by_how_far_it_is_believed():
    def share(expected, belief, surprise=0.0, passed=1.0):
        trial = Trial(surprise, passed)
        origin = Origin({"it": "a setting"}, ["one", "other"], np.log(expected), belief)
        members, weight = origin.members(["it"], np.ones(1), np.log(0.2), trial, AutoregressiveRecipe(sharpness=2))
        return dict(zip(members, weight.tolist(), strict=True))

    even = 1 / (1 + AHEAD)
    assert share(0.2, 1.0) == pytest.approx({"a setting": even, "one": (1 - even) / 2, "other": (1 - even) / 2})
    assert share(0.1, 1.0)["a setting"] == pytest.approx(1 / (1 + 4 * AHEAD))
    assert share(0.1, 0.25)["a setting"] == pytest.approx(even)
    assert share(0.1, 1.0, surprise=np.log(2))["a setting"] == pytest.approx(even)
    assert share(0.1, 1.0, passed=0.25)["a setting"] == pytest.approx(even)
    assert share(0.1, 1.0, passed=0.0)["a setting"] == 1
