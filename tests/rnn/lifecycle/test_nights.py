"""Nights: which label is true, and the counts of a year."""

import pytest

from rnn.lifecycle.faults import Fault
from rnn.lifecycle.nights import Night, count

TODAY = {"delivered": "2024-08-02", "cutoff": "2024-08-02", "there": True, "label": "champion"}
OLD = {**TODAY, "cutoff": "2024-08-01"}
AGED = {**OLD, "said": "2024-08-01", "label": "champion on data of 1 August 2024, 2 days old"}


def night(fault: Fault | None = None, **facts) -> Night:
    return Night(**{"number": 3, "day": "2024-08-03", "fault": fault, **TODAY, **facts})


@pytest.mark.parametrize(
    ("fault", "facts", "true"),
    [
        (None, TODAY, True),
        (None, OLD, False),  # older than what was there, and the label does not say so
        (None, AGED, True),
        (None, {**AGED, "said": "2024-07-30"}, False),
        (None, {**TODAY, "there": False}, False),
        (Fault("killed"), OLD, False),
        (Fault("stale"), TODAY, True),  # one night without news is not late yet
        (Fault("stale", 1), TODAY, False),
        (Fault("all x1000"), TODAY, False),  # values that are not so were let in
        (Fault("all x1000"), AGED, True),
        (Fault("flat", 3), {**AGED, "learned_bad": True}, False),
    ],
)
def test_a_label_is_true_when_it_says_how_old_the_data_are(fault, facts, true):
    assert night(fault, **facts).labelled is true


def test_the_counts_are_sums_over_nights():
    nights = [
        night(promoted=1),
        night(alarms=("the feed is flat",)),
        night(Fault("shifted"), **AGED, alarms=("failed",)),
        night(Fault("newest x1000"), learned_bad=True, promoted=1, promoted_on_bad=1),
        night(Fault("killed"), **OLD, alarms=("Crashed",), same_bytes=True, again=True, labelled_again=True),
        night(Fault("restated"), lost=("run x is gone",), by_hand=("--accept scale",), drift=True),
    ]
    counts = count(nights)
    assert (counts.nights, counts.faulty, counts.there) == (6, 4, 6)
    assert (counts.labelled, counts.labelled_in_the_end) == (4, 5)
    assert (counts.promotions, counts.promotions_on_bad, counts.forecasts_from_bad) == (2, 1, 1)
    assert (counts.alarms_due, counts.alarms_raised, counts.alarms_missed, counts.alarms_false) == (3, 2, 1, 1)
    assert (counts.kills, counts.same_bytes, counts.again) == (1, 1, 1)
    assert (counts.lost, counts.by_hand, counts.drift_found) == (1, 1, 1)
