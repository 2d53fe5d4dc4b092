from dataclasses import replace

import numpy as np

from artifacts.reports.known_inputs import known_sentence, known_tables
from rnn import Autoregressive, Series
from rnn.known_inputs import KnownInputs
from rnn.metrics import Score


def score(rmse):
    return Score(rmse, rmse, np.array([rmse]), 1.0, None)


def fitted():
    rng = np.random.default_rng(0)
    inputs = np.stack([(rng.random(90) < 0.2).astype(float), np.zeros(90)], axis=1)
    y = 100 + 30 * inputs[:80, 0] + rng.normal(0, 1, 80)
    series = replace(Series.of(y), known=KnownInputs(("promotion", "never"), inputs))
    return Autoregressive().fit(series, 10).ensemble


def test_the_page_says_what_each_adds_and_what_forecasts_were_without():
    effects, errors = known_tables({"autoregressive": fitted()}, {"autoregressive": score(2.0)}, {
        "autoregressive": score(8.0)
    })  # fmt: skip
    promotion, never = effects.rows
    assert (promotion["input"], promotion["weight by rehearsals"]) == ("promotion", "100%")
    assert 28 < float(promotion["a unit adds"]) < 32
    assert (never["a unit adds"], never["error"]) == ("–", "–")
    assert list(errors.rows) == [{"method": "autoregressive", "with": "2", "without": "8", "change": "-75.0%"}]


def test_a_sentence_says_whether_they_helped():
    assert known_sentence({"a": score(2.0)}, {"a": score(8.0)}, "a")[0].endswith("by 2. They helped there.")
    assert known_sentence({"a": score(2.0)}, {"a": score(2.0)}, "a")[0].endswith("They did not help there.")
    assert known_sentence({"a": score(2.0)}, {}, "a") == []


def test_without_inputs_nothing_is_said():
    plain = replace(fitted(), effect=None)
    assert known_tables({"autoregressive": plain}, {}, {}) == []
