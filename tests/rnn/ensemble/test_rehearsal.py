import numpy as np

from rnn.ensemble.rehearsal import rehearse
from rnn.ensemble.statistical_members import MEMBERS, forecast_members


def walk(points, seed=0):
    return 50 + np.cumsum(np.random.default_rng(seed).normal(size=points))


def test_rehearsals_are_what_members_say_of_the_beginning():
    y = walk(60)
    found = rehearse(y, [], 8)
    for (said, truth), steps in zip(found.then, (8, 4, 2), strict=True):
        np.testing.assert_array_equal(truth, y[60 - steps :])
        np.testing.assert_allclose(said.members, forecast_members([y[: 60 - steps]], [], [steps])[0].members)
    np.testing.assert_allclose(found.now.members, forecast_members([y], [], [8])[0].members)


def test_who_was_right_is_less_off_than_the_median_and_who_says_nothing_is_as_usual():
    y = 100 + 2.0 * np.arange(40)
    off = dict(zip(MEMBERS, rehearse(y, [], 6).off, strict=True))
    assert (off["plain trend"] < 0).all()
    assert (off["plain level"] > 0).all()
    assert (off["parts damped"] == 0).all()
    assert (np.isfinite(list(off.values()))).all()


def test_of_a_short_series_less_is_rehearsed():
    assert [one is None for one in rehearse(walk(9), [], 6).then] == [True, True, False]
    assert rehearse(walk(8), [], 6).then == (None, None, None)
