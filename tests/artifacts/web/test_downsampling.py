import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artifacts.web.downsampling import thin


@given(arrays(float, st.integers(1, 3000), elements=st.floats(-1e9, 1e9)), st.integers(4, 500))
def test_the_ends_and_the_peaks_stay_and_few_points_are_left(y, most):
    kept = thin(y, most)
    assert len(kept) <= most
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (0, len(y) - 1)
    assert (y[kept].max(), y[kept].min()) == (y.max(), y.min())


def test_a_short_line_stays_as_it_is():
    assert thin(np.zeros(7), 7).tolist() == list(range(7))


def test_missing_values_do_no_harm():
    assert len(thin(np.full(1000, np.nan), 50)) <= 50
