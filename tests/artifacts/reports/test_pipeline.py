import dataclasses
import re

import numpy as np
import pytest

from artifacts.files.series import FOUND
from artifacts.reports.pipeline import caption, error_table, fit_table, report, sentences, sentences_at_earlier_origins
from artifacts.reports.report import file_table
from rnn.calendar import Calendar
from rnn.metrics import IntervalScore, Score
from rnn.readers.summary import FileSummary
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe


def scores(**errors: float) -> dict[str, Score]:
    return {
        method: Score(error, error / 2, np.array([error]), error / errors["persistence"])
        for method, error in errors.items()
    }


# The sentences.

RECIPES = {"article": ArticleRecipe()}


def test_a_recipe_worse_than_persistence_is_called_worse():
    (sentence, best) = sentences(scores(article=4.47, persistence=4.34), RECIPES)
    assert "article" in sentence
    assert "worse" in sentence
    assert "better" not in sentence
    assert "4.47" in sentence
    assert "4.34" in sentence
    assert "persistence" in best


def test_a_recipe_better_than_persistence_is_called_better():
    (sentence, best) = sentences(scores(article=1.25, persistence=4.34), RECIPES)
    assert "better" in sentence
    assert "worse" not in sentence
    assert "no better" not in sentence
    assert "article" in best


def test_a_recipe_as_good_as_persistence_is_not_called_better():
    assert "no better" in sentences(scores(article=4.34, persistence=4.34), RECIPES)[0]


def test_a_recipe_that_forecasts_no_number_is_not_called_better():
    sentence = sentences(scores(persistence=4.34, article=float("nan")), RECIPES)[0]
    assert "better" not in sentence.replace("no better", "")


def test_every_recipe_is_judged_in_its_order_and_the_best_method_named():
    told = sentences(scores(a=2.0, b=1.0, linear=0.5, persistence=1.5), {"b": None, "a": None})
    assert len(told) == 3
    assert "'b'" in told[0]
    assert "better" in told[0]
    assert "'a'" in told[1]
    assert "worse" in told[1]
    assert "linear" in told[2]
    assert "0.50" in told[2]


def test_without_scores_nothing_is_claimed():
    (sentence,) = sentences({}, RECIPES)
    assert "not" in sentence
    assert not re.search(r"better|worse|\d", sentence)


# The tables.


def test_the_errors_are_the_best_first_and_rounded():
    rows = error_table(scores(linear=1234.5, persistence=4.34321, article=4.4712, autoregressive=0.0072))
    assert [list(row.values()) for row in rows] == [
        ["autoregressive", "0.00720", "0.00360", "0.00166", "–", "–"],
        ["persistence", "4.34", "2.17", "1.00", "–", "–"],
        ["article", "4.47", "2.24", "1.03", "–", "–"],
        ["linear", "1234", "617", "284", "–", "–"],
    ]
    assert error_table({}) == []


def test_errors_of_a_very_small_unit_keep_their_digits():
    rows = error_table(scores(persistence=2.53e-12, autoregressive=1.88e-12))
    assert [row["RMSE"] for row in rows] == ["1.88e-12", "2.53e-12"]


def test_the_yardstick_of_the_table_and_of_the_headline_is_the_best_naive_forecast(run):
    errors = earlier_scores(autoregressive=1.0, persistence=5.0, seasonal_naive=2.0)
    rows = {row["method"]: row["× best naive"] for row in error_table(errors)}
    assert rows == {"autoregressive": "0.500", "seasonal naive": "1.00", "persistence": "2.50"}
    told = report(dataclasses.replace(run, scores={}, hindsight=errors, origins=(3, 9)), {})
    assert told.title == "The autoregressive forecast is 2 times better than repeating the last season"


def test_the_fits_tell_each_recipes_setting(run):
    rows = fit_table(run)
    assert [list(row.values())[:3] for row in rows] == [["untuned", "0.0005", "9"], ["article", "0.023", "2"]]
    assert [row["training RMSE"] for row in rows] == [f"{run.fits[row['recipe']]:.2f}" for row in rows]


MADE = {
    "digest": "abc",
    FOUND: FileSummary("f.csv", "CSV", 9, ("t", "v"), "t", "v", "a", "b", "every day", "1", "9", 9, 7, 1,
                 {"points filled:": 2}).plain(),
}  # fmt: skip


def earlier_scores(**errors: float) -> dict[str, Score]:
    held = IntervalScore(0.5, 0.87, np.ones(1), np.ones(1), 1.0, 2.0, 0.1)
    return {name.replace("_", " "): Score(error, error, np.array([error]), 1.0, held) for name, error in errors.items()}


@pytest.fixture
def told(run):
    def of(**errors: float) -> list[str]:
        return sentences_at_earlier_origins(dataclasses.replace(
            run, recipes={"autoregressive": AutoregressiveRecipe()}, hindsight=earlier_scores(**errors), origins=(3, 9),
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
