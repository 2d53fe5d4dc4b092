from dataclasses import replace

import numpy as np

from artifacts.reports.known_inputs import counted, known_sentence, known_tables
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
    assert promotion["input"] == "promotion"
    assert effects.caption.endswith("Rehearsals at earlier origins support 100% of what the regression found")
    assert 28 < float(promotion["a unit adds"]) < 32
    assert (never["a unit adds"], never["error"]) == ("–", "–")
    assert list(errors.rows) == [{"method": "autoregressive", "with": "2", "without": "8", "change": "-75.0%"}]


def test_the_page_says_what_rehearsals_and_networks_make_of_them():
    plain = fitted()
    unmet = replace(plain, effect=replace(plain.effect, rehearsed=np.full(2, np.nan)))
    assert "met no such change, and so leave 100%" in counted(unmet)
    nothing = replace(plain.effect, effects=replace(plain.effect.effects, coefficient=np.zeros(2)))
    assert counted(replace(plain, effect=nothing)) == ""
    # three members: a network that sees inputs, one that sees none, and a skip beside one that does
    w, z = np.zeros((3, 2, 6)), np.ones((3, 2, 2))
    w[[0, 2], 0, 4], z[2] = 1.0, 0.0
    seeing = replace(plain, w=w, z=z, weight=np.array([0.5, 0.3, 0.2]), share=np.array([0.4]))
    assert counted(seeing).endswith("Networks that see the inputs themselves have 20.0% of the forecast")


def test_the_best_method_stands_first():
    *_, errors = known_tables({"a": fitted()}, {"a": score(3.0), "b": score(2.0)}, {"a": score(8.0), "b": score(9.0)})
    assert [row["method"] for row in errors.rows] == ["b", "a"]


def test_a_sentence_says_whether_they_helped():
    assert known_sentence({"a": score(2.0)}, {"a": score(8.0)}, "a")[0].endswith("by 2. They helped there.")
    assert known_sentence({"a": score(2.0)}, {"a": score(2.0)}, "a")[0].endswith("They did not help there.")
    assert known_sentence({"a": score(2.0)}, {}, "a") == []


def test_without_inputs_nothing_is_said():
    plain = replace(fitted(), effect=None)
    assert known_tables({"autoregressive": plain}, {}, {}) == []
