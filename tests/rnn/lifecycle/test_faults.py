"""Faults: drawn from a seed, as often as asked, and an alarm due where there is something to be told."""

from itertools import pairwise

import numpy as np
import pytest

from rnn.lifecycle.faults import LASTS, QUIET_NIGHTS, Fault, draw_faults


def drawn(share: float, nights: int = 20_000, seed: int = 0):
    return draw_faults(nights, share, np.random.default_rng(seed))


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_as_many_nights_are_faulty_as_asked(share):
    assert np.mean([fault is not None for fault in drawn(share)]) == pytest.approx(share, rel=0.15)


def test_the_same_seed_draws_the_same_faults():
    assert drawn(0.25, 365) == drawn(0.25, 365)
    assert drawn(0.25, 365) != drawn(0.25, 365, seed=1)


def test_the_first_nights_are_quiet_and_there_are_as_many_nights_as_asked():
    assert drawn(0.9)[:QUIET_NIGHTS] == [None] * QUIET_NIGHTS
    assert [len(drawn(0.9, nights)) for nights in (3, 12, 365)] == [3, 12, 365]
    assert set(drawn(0.0)) == {None}


def test_every_kind_is_drawn_and_lasts_as_long_as_it_may():
    faults = drawn(0.25)
    for kind, (fewest, most) in LASTS.items():
        assert {fault.night for fault in faults if fault and fault.kind == kind} == set(range(most))
        ends = [
            fault.night + 1
            for fault, after in pairwise(faults)
            if fault and fault.kind == kind and not (after and after.kind == kind and after.night == fault.night + 1)
        ]
        assert min(ends) >= fewest


def test_an_alarm_is_due_for_what_is_wrong_and_known_to_be():
    due = {kind for kind in LASTS if Fault(kind).alarm}
    assert due == {"shifted", "half-written", "duplicated", "all x1000", "newest x1000", "killed", "disk full"}
    assert Fault("stale", 1).alarm
    assert not Fault("flat", 1).alarm
    assert Fault("flat", 2).alarm
