"""A few words on each cause: what has changed between two small forecasts."""

import numpy as np
import pytest

from artifacts.lineage.cause_notes import cause_notes
from rnn.lifecycle.attribution import CAUSES, Attribution, Contribution
from rnn.recipes import AutoregressiveRecipe

A, B = (f"2026010{day}T000000Z-{letter * 6}" for day, letter in ((1, "a"), (2, "b")))
WAVE = np.sin(np.arange(200) / 5) + np.random.default_rng(3).normal(0, 0.02, 200)
REVISED = np.concatenate([WAVE[:117], WAVE[117:120] + 0.5])


def moved(begins=True, ends=True):
    """A change of which only the ends count."""
    return Attribution(
        (0,), (0.0,), (0.0,), (Contribution(CAUSES[0], (int(not begins),)), Contribution(CAUSES[-1], (int(not ends),)))
    )


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"y": WAVE[:120]}, {"revised points": "none", "new points": "none", "seed": "the same"}),
        ({"y": WAVE[:128]}, {"new points": "8 more points", "another champion": f"{A} → {B}: what it learned from"}),
        ({"y": WAVE[:110]}, {"new points": "none, 10 no longer there"}),
        ({"y": WAVE[:120], "by": A}, {"another champion": "the same", "settings": "the same"}),
        ({"y": WAVE[:120], "seed": 3}, {"seed": "0 → 3"}),
        (
            {"y": WAVE[:120], "method": "persistence"},
            {"seed": "the same", "another champion": f"{A} → 'persistence', with its seed and settings"},
        ),
        (
            {"y": WAVE[:120], "recipe": AutoregressiveRecipe(iterations=3, hidden=3, folds=2), "newest_": 100},
            {"settings": "autoregressive.iterations 2 → 3, newest None → 100"},
        ),
    ],
)  # fmt: skip
def test_each_cause_has_its_words(operator, second, said):
    operator.serve(B, **second)
    notes = cause_notes(operator.provenances(), moved())
    assert list(notes) == list(CAUSES)
    assert {cause: notes[cause] for cause in said} == said


def test_revised_values_are_counted(operator):
    operator.serve(B, REVISED)
    assert "3 of 120 known values have changed" in cause_notes(operator.provenances(), moved())["revised points"]


def test_the_ends_say_whether_they_are_the_served_forecasts_and_what_is_other_here(operator, tamper):
    operator.serve(B, WAVE[:120], seed=1)
    notes = cause_notes(operator.provenances(), moved())
    assert notes["code and machine"] == "the old forecast made again here is the served one to the bit"
    assert notes["what remains"] == "the last link is the new served forecast to the bit"
    tamper(operator.folder / A, {"code/rnn": "0" * 64})
    notes = cause_notes(operator.provenances(), moved(begins=False, ends=False))
    assert (
        notes["code and machine"]
        == "the old forecast made again here is another one; other here than then: package rnn"
    )
    assert notes["what remains"].endswith("explains it: code and machine; other here than then: package rnn")
