"""The stacked kernel keeps views for as long as the number of groups stays: what happens when it does not."""

import numpy as np

from rnn.elman.kernels import Stacked, members


def test_a_longer_or_shorter_piece_in_between_changes_nothing(case, rule):
    made = case(models=3, groups=30)
    _, expected = made.run(Stacked, rule)
    running = made.start(Stacked, rule)
    for piece in (slice(0, 9), slice(5, 21), slice(17, 23), slice(19, 30)):
        running.learn(made.x[:, piece], made.y[:, piece])
    for name, array in running.state().items():
        np.testing.assert_array_equal(array, expected[name])


def test_one_model_learns_by_dot_what_many_learn_by_matmul(case, rule):
    made = case(models=4, shared=True)
    _, many = made.run(Stacked, rule)
    alone = made.start(Stacked, rule, slice(2, 3))
    alone.rewind()
    alone.learn(made.x, made.y)
    for name, array in alone.state().items():
        np.testing.assert_array_equal(array, members(many, [2])[name])
