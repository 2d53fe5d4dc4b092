import numpy as np
import pytest

from artifacts.files.replay import Replayed
from artifacts.reports.replay import markdown, pictures, sentences, table
from rnn.lifecycle.folds import Terms
from rnn.lifecycle.replay import PERSISTENCE, Day, Plan
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series

PLAN = Plan(
    terms=Terms(group_size=2, horizon=3, newest=None, folds=4, margin=0.05), known=20, arrival=1, days=20,
    recipe=AutoregressiveRecipe(), seed=0,
)  # fmt: skip
SERIES = Series(np.arange(1.0, 65), np.sin(np.arange(64)), 1.0)
DAYS = [
    *(Day("never", k, 1.0 + 3 * (k >= 10), 0.9, "promote" if k == 0 else None, drift=k in (3, 11)) for k in range(20)),
    *(Day("nightly", k, 1.0 + (k >= 10), 0.8, "keep" if k else "promote", 0.5, 1.5) for k in range(20)),
    *(Day(PERSISTENCE, k, 5.0, np.nan) for k in range(20)),
]


@pytest.fixture(params=[10, None], ids=["changed", "quiet"])
def found(request) -> Replayed:
    return Replayed(SERIES, PLAN, DAYS, request.param, {})


def test_the_sentences_name_the_best_and_what_it_cost(found):
    told = sentences(found)
    assert told[0] == "Over 20 days 'nightly' forecast best: off by 1.50 on an average day, with 20 trainings."
    assert told[1].startswith("'nightly', with 20 trainings, was off by 0.71 times as much as 'never' (90 % interval")
    if found.change is None:
        assert told[2] == "No change is known; drift was found 2 times under 'never', 0 times under 'nightly'."
    else:
        assert told[2] == (
            "The change on day 10 was found after 2 cycles under 'never', never under 'nightly'; false alarms before "
            "it: 1 under 'never', 0 under 'nightly'."
        )


def test_the_table_has_a_row_for_each_policy(found):
    never, nightly, naive = table(found).rows
    assert (never["relative"], never["trainings"], nightly["trainings"], naive["trainings"]) == ("–", "1", "20", "–")
    assert ("before the change" in never) == (found.change is not None)
    assert (never["delay"], naive["within 90 %"]) == ("–" if found.change is None else "2", "–")


def test_the_page_has_sentences_and_table(found):
    page = markdown(found)
    assert page.startswith("- Over 20 days")
    assert all(f"| {' | '.join(row.values())} |" in page for row in table(found).rows)


def test_pictures_say_in_words_what_they_show(found):
    for picture in pictures(found):
        assert ("day 10" in picture.alt) == (found.change is not None)
