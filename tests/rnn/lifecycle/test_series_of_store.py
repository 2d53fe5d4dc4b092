"""The settings of a store's series: what may be said of it, and what is refused."""

import pytest
from pydantic import ValidationError

from rnn.lifecycle.series_of_store import SeriesOfStore


def test_without_a_file_it_may_still_be_said_how_one_is_read():
    assert SeriesOfStore(hold_back=1, repair=("trim-ends",)).data is None
    with pytest.raises(ValidationError, match="for the generated series"):
        SeriesOfStore(data="a.csv", points=7)


@pytest.mark.parametrize(("given", "said"), [("7d", "7d"), (3, "3"), ("36h", "36h"), ("2 w", "2 w"), ("0", "0")])
def test_a_time_of_revision_is_text(given, said):
    assert SeriesOfStore(revise_within=given).revise_within == said


@pytest.mark.parametrize(
    "wrong", [{"revise_within": "soon"}, {"revise_within": "-1"}, {"accept": ("all",)}, {"unique_id": ""}]
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        SeriesOfStore(**wrong)
