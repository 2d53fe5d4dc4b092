import numpy as np
import pytest

from rnn.readers.unusual_inputs import doubt_about

PRICES = np.array([1.0, 3.0, 4.0, 2.0])


def doubt(*ahead, past=PRICES):
    return doubt_about("price", np.r_[past, ahead], len(past), lambda point: f"point {point}")


@pytest.mark.parametrize("ahead", [(), (2.0,), (4.5, 0.5), (13.0, -8.0)])
def test_values_to_come_near_those_so_far_are_no_doubt(ahead):
    assert doubt(*ahead) is None


def test_a_mistyped_value_to_come_is_told_with_its_time():
    assert doubt(2.0, 3500.0) == (
        "Check column 'price': 3500 at point 5 is far from all so far, 1 to 4, and the forecast goes by it."
    )
    assert "-3500 at point 5, and 1 more is far" in doubt(99.0, -3500.0)


def test_nothing_is_learned_of_a_column_that_never_changed():
    told = "Column 'price' is 0 at every point so far, so nothing can be learned of its effect."
    assert doubt(1.0, past=np.zeros(9)) == told
