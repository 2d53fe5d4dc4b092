import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.lifecycle.folds import Fold
from rnn.lifecycle.gate import judge


def folds(challenger, champion=None, persistence=1.0, seasonal=2.0):
    """Folds of given errors, each a number or one for every fold."""
    count = 8
    columns = [
        np.broadcast_to(np.nan if c is None else c, count) for c in (challenger, champion, persistence, seasonal)
    ]
    return [
        Fold(
            100 + k, a, None if champion is None else b, None if champion is None else "itself",
            {"persistence": c, "seasonal naive": d},
        )
        for k, (a, b, c, d) in enumerate(zip(*(column.tolist() for column in columns), strict=True))
    ]  # fmt: skip


def decided(found, champion="autoregressive", margin=0.05):
    return judge(found, champion, horizon=4, margin=margin)


def test_the_first_is_promoted_when_it_beats_the_naive_forecasts():
    verdict = decided(folds(0.5), champion=None)
    assert verdict.decision == "promote"
    assert verdict.sentence == (
        "Promoted, the first champion: over 8 folds the challenger's error is 0.5 times that of the best naive "
        "forecast, 'persistence'."
    )


def test_without_a_champion_a_better_naive_forecast_is_served():
    verdict = decided(folds(3.0, seasonal=0.5), champion=None)
    assert verdict.decision == "serve naive"
    assert verdict.evidence.naive == "seasonal naive"
    assert verdict.sentence == (
        "'seasonal naive' is served, since no network beats it: over 8 folds the challenger's error is 6 times that of "
        "the best naive forecast, 'seasonal naive'."
    )


def test_as_good_as_the_champion_is_good_enough():
    assert decided(folds(0.5, 0.5)).decision == "promote"
    assert decided(folds(0.52, 0.5)).decision == "promote"


def test_worse_than_the_margin_is_not():
    verdict = decided(folds(0.53, 0.5))
    assert verdict.decision == "keep"
    assert "1.06 times the champion's (90 % interval 1.06 to 1.06, allowed up to 1.05)" in verdict.sentence


def test_better_on_the_average_but_not_credibly_is_not_enough():
    uncertain = 0.5 * np.array([0.5, 2.5, 0.4, 2.4, 0.5, 0.3, 1.2, 0.4])
    verdict = decided(folds(uncertain, 0.5))
    assert verdict.evidence.to_champion.mean < 0
    assert verdict.decision == "keep"


def test_no_better_than_naive_is_never_promoted():
    verdict = decided(folds(1.0, 5.0, seasonal=1.0))
    assert verdict.decision != "promote"


def test_a_champion_that_is_credibly_worse_than_naive_gives_way():
    verdict = decided(folds(1.5, 3.0))
    assert verdict.decision == "serve naive"
    assert verdict.sentence == (
        "'persistence' is served instead of the champion ('autoregressive'), whose error over 8 folds is 3 times as "
        "large; the challenger's is 1.5 times as large."
    )


def test_one_that_is_only_perhaps_worse_stays():
    uncertain = np.array([0.5, 2.5, 0.4, 2.4, 0.5, 3, 1.2, 0.8])
    assert decided(folds(1.5, uncertain)).decision == "keep"


def test_a_naive_champion_is_replaced_by_a_network_that_beats_it():
    assert decided(folds(0.5, 1.0), champion="persistence").decision == "promote"
    assert decided(folds(1.5, 1.0), champion="persistence").decision == "keep"


def test_the_same_model_again_is_no_promotion():
    verdict = judge(folds(0.5, 0.5), "autoregressive", horizon=4, margin=0.05, same=True)
    assert verdict.decision == "keep"
    assert "the same model" in verdict.sentence
    assert judge(folds(3.0, 3.0), "autoregressive", horizon=4, margin=0.05, same=True).decision == "serve naive"


def test_errors_of_zero_are_no_trouble():
    assert decided(folds(0.0, 0.0, 0.0, 0.0)).decision == "keep"
    assert decided(folds(0.0, 0.0)).decision == "promote"


def test_an_error_next_to_nothing_counts_as_nothing():
    exact = np.array([0.0] + 7 * [0.5])
    assert decided(folds(exact)).evidence.to_naive == decided(folds(np.maximum(exact, 1e-12))).evidence.to_naive


# Their range is smaller than that down to an error that is `NEGLIGIBLE`.
errors = st.lists(st.floats(1e-4, 1e4), min_size=8, max_size=8).map(np.array)


@given(errors, errors, errors, errors)
def test_whoever_is_promoted_beats_both_naive_forecasts(challenger, champion, persistence, seasonal):
    verdict = decided(folds(challenger, champion, persistence, seasonal))
    if verdict.decision == "promote":
        for naive in (persistence, seasonal):
            assert np.log(challenger).mean() < np.log(naive).mean() + 1e-6
        assert np.log(challenger).mean() <= np.log(champion).mean() + np.log(1.05) + 1e-6


@given(errors, errors, errors, errors, st.floats(1e-3, 1e3))
def test_the_unit_of_y_decides_nothing(challenger, champion, persistence, seasonal, unit):
    given_, scaled = (
        decided(folds(*(u * each for each in (challenger, champion, persistence, seasonal)))) for u in (1.0, unit)
    )
    assert given_.evidence.naive == scaled.evidence.naive or np.isclose(
        np.log(persistence).mean(), np.log(seasonal).mean()
    )
    assert given_.evidence.to_champion.mean == pytest.approx(scaled.evidence.to_champion.mean, abs=1e-6)
