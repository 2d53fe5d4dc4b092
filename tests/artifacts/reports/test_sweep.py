import dataclasses

import numpy as np
import pytest
from hypothesis import given

from artifacts.reports.sweep import label, report, sentences
from rnn.evaluation.sweep import LeaderboardRow, Outcome, Spread, Trial, leaderboard
from rnn.recipes import ArticleRecipe
from tests.artifacts.files.test_sweep import FIGURE, SWEEP, outcome

OVER = {"lr": [0.001, 0.02, 0.1, 0.5, 1.0]}


# The words.


def test_the_sentences_name_the_best_fit_what_its_forecast_is_worth_and_what_hindsight_would_take():
    best, worth, hindsight, diverged = sentences(leaderboard(SWEEP), OVER)
    assert best == "Of 5 settings, lr 0.02 fits best: its training RMSE is 0.50 (median of 3 seeds)."
    assert worth == "Its forecast is off by 5.00, where repeating the last value is off by 3.00."
    assert hindsight == "The best forecast, as is known with hindsight only, comes from lr 0.1: off by 2.00."
    assert diverged == "6 of 15 trials diverged."


def test_where_every_setting_mostly_diverged_the_sentences_say_so_with_infinity():
    best, worth, hindsight, diverged = sentences(leaderboard(SWEEP[9:]), OVER)
    assert best == "Of 2 settings, lr 0.5 fits best: its training RMSE is ∞ (median of 3 seeds)."
    assert "off by ∞, where repeating the last value is off by 3.00" in worth
    assert "lr 0.5: off by ∞" in hindsight
    assert diverged == "5 of 6 trials diverged."


def test_a_recipe_is_named_by_what_is_varied_alone_in_that_order():
    recipe = ArticleRecipe(lr=0.0001, hidden=7, rule="bptt")
    assert label(recipe, {"hidden": [7], "lr": [1, 2], "rule": ["bptt"]}) == "hidden 7, lr 0.0001, rule bptt"


ONE = Spread(1.0, 1.0, 1.0)


def row(fit=ONE, ahead=ONE, persistence=2.0):
    """What the report's table says of such a standing."""
    outcomes = [
        Outcome(Trial(ArticleRecipe(lr=0.02), seed), f, a, a, persistence, int(np.isnan(f)))
        for seed, (f, a) in enumerate(zip(*(dataclasses.astuple(s) for s in (fit, ahead)), strict=True))
    ]
    (table,) = report(outcomes, OVER, {}).tables
    (only,) = table.rows
    return only


@pytest.mark.parametrize(
    ("three", "told"),
    [
        ((0.256, 0.254, 12.3), "0.26 (0.25 to 12.30)"),
        ((1.0, 0.0004, 99999), "1.00 (0.0004 to 99999.00)"),
        ((0.02, 0.0, 0.1), "0.02 (0 to 0.10)"),
        ((3e7, 1.25, 1e250), "3e+07 (1.25 to 1e+250)"),
        ((1.0, 0.5, np.nan), "1.00 (0.50 to ∞)"),
        ((np.nan, 0.5, np.nan), "∞ (0.50 to ∞)"),
        ((np.inf, 0.5, np.inf), "∞ (0.50 to ∞)"),
        ((np.nan, np.nan, np.nan), "–"),
    ],
)
def test_median_least_and_most_are_rounded_for_reading_also_what_is_tiny_huge_or_infinite(three, told):
    assert row(fit=Spread(*three))["training RMSE"] == told
    assert row(ahead=Spread(*three))["forecast RMSE"] == told


@given(FIGURE, FIGURE, FIGURE)
def test_no_cell_is_longer_than_can_be_read(one, two, three):
    cells = row(fit=Spread(one, two, three), persistence=one)
    assert all(len(cell) <= 40 and not {"nan", "inf", "1.8e+308"} & set(cell.split()) for cell in cells.values())


def test_the_report_has_the_leaderboard_as_its_table_and_both_pictures():
    made = report(SWEEP, OVER, {"store": "runs"})
    (table,) = made.tables
    assert [cells["lr"] for cells in table.rows] == ["0.02", "0.001", "0.1", "0.5", "1.0"]
    assert table.rows[0] == {
        "lr": "0.02",
        "training RMSE": "0.50 (0.25 to ∞)",
        "forecast RMSE": "5.00 (4.00 to ∞)",
        "persistence": "3.00",
        "diverged": "1 of 3",
    }
    assert [picture.name for picture in made.pictures] == ["error.png", "map.png"]
    assert made.sentences == sentences(leaderboard(SWEEP), OVER)
    assert made.flow == "sweep"
    assert made.config == {"store": "runs"}


def test_of_two_fields_both_have_a_column_in_the_order_given():
    outcomes = [outcome(lr, 0, hidden=hidden) for lr in (0.1, 0.2) for hidden in (3, 4)]
    (table,) = report(outcomes, {"hidden": [3, 4], "lr": [0.1, 0.2]}, {}).tables
    assert [list(cells)[:2] for cells in table.rows] == [["hidden", "lr"]] * 4
    assert {(cells["hidden"], cells["lr"]) for cells in table.rows} == {(h, r) for h in "34" for r in ("0.1", "0.2")}


def test_a_standing_of_one_seed_is_its_own_median_least_and_most(tmp_path):
    (only,) = leaderboard(SWEEP[:1])
    assert only == LeaderboardRow(
        ArticleRecipe(lr=0.001), Spread(0.5, 0.5, 0.5), Spread(9.0, 9.0, 9.0), Spread(3.0, 3.0, 3.0), 0, 1
    )
