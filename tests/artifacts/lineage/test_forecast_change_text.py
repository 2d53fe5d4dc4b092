"""The text and the JSON of why a forecast moved."""

import json
from fractions import Fraction

import numpy as np
import pytest

from artifacts.lineage.forecast_change_text import as_json, as_text, signed
from rnn.lifecycle.attribution import CAUSES

A, B = "20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb"
WAVE = np.sin(np.arange(200) / 5) + np.random.default_rng(3).normal(0, 0.02, 200)


def test_as_text_and_as_json(operator):
    operator.serve(B, WAVE[:128])
    change = operator.change()
    text, told = as_text(change), json.loads(as_json(change))
    assert max(map(len, text.splitlines())) <= 100
    assert f"From the forecast of {A} to that of {B}," in text
    assert "for the 16 moments that both speak of, 128 to 143: on the average" in text
    assert "Both ends of the chain are the served forecasts to the bit. Nothing was trained for it." in text
    told_of = [cause for line in text.splitlines() for cause in CAUSES if line.startswith(f"  {cause} ")]
    assert told_of == list(CAUSES)
    assert text.splitlines()[-16].split()[0] == "128"
    assert told["order"] == list(CAUSES)
    assert sum(told["mean"].values()) == pytest.approx(told["total"], abs=1e-12)
    assert [each["at"] for each in told["moments"]] == list(change.shown)
    alone = as_text(change, 3)
    assert "for 131 " in alone
    assert len(json.loads(as_json(change, 3))["moments"]) == 1


def test_nothing_is_told_apart_from_very_little():
    assert (signed(Fraction(0), 2), signed(Fraction(1, 10**9), 2), signed(Fraction(-1, 3), 3)) == (
        "0",
        "+0.00",
        "-0.333",
    )
