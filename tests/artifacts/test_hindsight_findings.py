import dataclasses

import numpy as np
import pytest

from artifacts.contents import FOUND
from artifacts.hindsight_findings import caption, file_table, verdict_in_hindsight
from rnn.judging import IntervalScore, Score
from rnn.recipes import AutoregressiveRecipe
from rnn.source.calendar import Calendar
from rnn.source.found import Found

MADE = {
    "digest": "abc",
    FOUND: Found("f.csv", "CSV", 9, ("t", "v"), "t", "v", "a", "b", "every day", "1", "9", 9, 7, 1,
                 {"points filled:": 2}).plain(),
}  # fmt: skip


def scores(**errors: float) -> dict[str, Score]:
    held = IntervalScore(0.5, 0.87, np.ones(1), np.ones(1), 1.0, 2.0, 0.1)
    return {name.replace("_", " "): Score(error, error, np.array([error]), 1.0, held) for name, error in errors.items()}


@pytest.fixture
def told(run):
    def of(**errors: float) -> list[str]:
        return verdict_in_hindsight(dataclasses.replace(
            run, recipes={"autoregressive": AutoregressiveRecipe()}, hindsight=scores(**errors), origins=(3, 9),
            calendar=Calendar("D", "2024-01-01"), made=MADE,
        ))  # fmt: skip

    return of


def test_a_recipe_is_compared_with_the_best_naive_forecast_and_the_origins_are_named(told):
    where, compared, best = told(autoregressive=1.0, persistence=3.0, seasonal_naive=2.0)
    assert "2 earlier origins" in where
    assert "better than the best naive one, 'seasonal naive' (2)" in compared
    assert "'autoregressive'" in best
    assert "held 87%" in best


def test_a_naive_forecast_that_is_better_is_named_as_the_one_to_use(told):
    *_, compared, best, advice = told(autoregressive=3.0, persistence=1.0, seasonal_naive=2.0)
    assert "worse than the best naive one, 'persistence'" in compared
    assert "'persistence'" in best
    assert "'persistence' is the forecast to use" in advice


def test_a_recipe_that_gave_no_number_is_neither_better_nor_best(told):
    *_, compared, best, _ = told(autoregressive=float("nan"), persistence=1.0, seasonal_naive=2.0)
    assert "no better" in compared
    assert "'persistence'" in best


def test_without_an_earlier_origin_nothing_is_claimed(told):
    (sentence,) = told()
    assert "too short" in sentence


def test_the_file_and_its_repairs_are_a_table(run):
    rows = {row["what was read"]: row[""] for row in file_table(MADE)}
    assert rows["digest"] == "SHA-256 abc"
    assert rows["season"] == "7 points"
    assert rows["mended"] == "points filled: 2"
    assert file_table(run.made) == []
    assert "0 earlier origins" in caption(run)
