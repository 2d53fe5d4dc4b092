import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.web.scales import Scale, decimals

FINITE = st.floats(-1e300, 1e300).filter(lambda value: value == 0 or abs(value) > 1e-300)


@given(st.lists(FINITE, min_size=1, max_size=9), st.booleans())
def test_every_value_has_its_place_on_the_axis(values, log):
    scale = Scale.of([np.array(values)], log)
    assert np.isfinite([scale.low, scale.high]).all()
    assert scale.low < scale.high
    places = scale.place(np.array(values))
    shown = np.array(values) > 0 if scale.log else np.full(len(values), True)
    assert ((places[shown] >= -1e-6) & (places[shown] <= 1 + 1e-6)).all()


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(3, 9))
def test_ticks_are_on_the_axis_in_order_and_few(low, length, about):
    scale = Scale(low, low + length)
    ticks = [value for value, _ in scale.ticks(about)]
    assert ticks == sorted(set(ticks))
    assert 1 <= len(ticks) <= about + 2
    room = 1e-6 * length + 1e-12 * abs(low)
    assert all(scale.low - room <= tick <= scale.high + room for tick in ticks)


@given(st.floats(-300, 299), st.floats(0.05, 200))
def test_logarithmic_ticks_are_on_the_axis(low, length):
    scale = Scale(10.0**low, 10.0 ** min(low + length, 300), True)
    ticks = [value for value, _ in scale.ticks()]
    assert all(scale.low <= tick <= scale.high for tick in ticks)
    assert len(ticks) <= 13


@pytest.mark.parametrize(
    ("scale", "texts"),
    [(Scale(-5.2, 6.1), ["−5.0", "−2.5", "0.0", "2.5", "5.0"]), (Scale(0, 20), ["0", "5", "10", "15", "20"]),
     (Scale(0.004, 12, True), ["0.01", "0.1", "1", "10"]),
     (Scale(0.29, 0.31, True), ["0.290", "0.295", "0.300", "0.305", "0.310"])],
)  # fmt: skip
def test_ticks_are_round_numbers(scale, texts):
    assert [text for _, text in scale.ticks()] == texts


def test_nothing_to_show_gives_an_axis_all_the_same():
    assert Scale.of([]) == Scale.of([np.array([np.nan, np.inf])]) == Scale(0.0, 1.0)


def test_a_single_value_is_in_the_middle():
    assert Scale.of([np.array([3.0])]).place(3.0) == pytest.approx(0.5)


def test_nothing_positive_gives_no_logarithm():
    assert not Scale.of([np.array([-1.0, 0.0])], log=True).log
    assert np.isnan(Scale(1, 10, True).place(-1.0))


@pytest.mark.parametrize(
    ("values", "places"),
    [([0, 4000], 0), ([10_000, 10_040], 1), ([0, 0.4], 3), ([7, 7], 2), ([0, 0], 2), ([], 2), ([np.nan, 1, 41], 1),
     ([-1e308, 1e308], 0)],
)  # fmt: skip
def test_decimals_leave_three_digits_of_the_spread(values, places):
    assert decimals([np.array(values, dtype=float)]) == places
