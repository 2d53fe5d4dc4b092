from dataclasses import replace

import numpy as np
import pytest

from rnn.known_inputs import KnownInputs, NotKnownAhead, refuse_beyond
from rnn.series import NotASeries, Series, group, newest, ungroup

PRICE = KnownInputs(("price",), np.arange(12.0)[:, np.newaxis])


def test_inputs_go_with_the_points_of_a_series_however_it_is_cut():
    series = Series.of(replace(Series.of(np.arange(10.0)), known=PRICE))
    assert series.first(4).known == PRICE  # what is known ahead was so then
    assert newest(series, 3).known.values[:, 0].tolist() == [7, 8, 9, 10, 11]
    groups = group(series, 3)
    assert groups.known.values[0, 0] == groups.y[0, 0, 0] == 1
    assert ungroup(groups).known is groups.known
    assert group(Series.of(np.arange(10.0)), 3).known is None


def test_two_are_known_as_far_as_the_shorter_one():
    both = PRICE.beside(KnownInputs(("promotion",), np.zeros((11, 1))))
    assert (both.names, both.values.shape) == (("price", "promotion"), (11, 2))


@pytest.mark.parametrize("values", [np.zeros((9, 1)), np.zeros((12, 2)), np.full((12, 1), np.nan), np.zeros(12)])
def test_inputs_that_do_not_go_with_the_points_are_refused(values):
    with pytest.raises(NotASeries, match="one finite number of each for each point"):
        Series.of(replace(Series.of(np.arange(10.0)), known=KnownInputs(("price",), values)))


def test_what_lies_beyond_is_refused_in_one_line():
    refuse_beyond(("price",), 2, 2)
    with pytest.raises(NotKnownAhead, match="the input 'price' is known 2 points beyond the last value, and 3 are"):
        refuse_beyond(("price",), 2, 3)
