"""A sweep's files, and what it says in words."""

import dataclasses

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.sweep import (
    ERRORS,
    LEADERBOARD,
    OUTCOMES,
    label,
    read_outcomes,
    report,
    verdict,
    write_leaderboard,
    write_outcomes,
)
from rnn.recipes import ArticleRecipe, UntunedRecipe
from rnn.sweeping import Outcome, Spread, Standing, Trial, leaderboard

MADE = {"recipe": "article", "kernel": "stacked"}
FIGURE = st.floats(0, 1e300) | st.just(np.inf)


def outcome(lr, seed, fit=1.0, ahead=2.0, diverged=0, **fields) -> Outcome:
    fit, ahead = (np.nan, np.nan) if diverged else (fit, ahead)
    return Outcome(Trial(ArticleRecipe(lr=lr, **fields), seed), fit, ahead, ahead / 2, 3.0, diverged)


SWEEP = [
    outcome(0.001, 0, 0.5, 9.0), outcome(0.001, 1, 0.7, 8.0), outcome(0.001, 2, 0.6, 7.0),
    outcome(0.02, 0, 0.25, 4.0), outcome(0.02, 1, 0.5, 5.0), outcome(0.02, 2, diverged=7),
    outcome(0.1, 0, 0.9, 1.0), outcome(0.1, 1, 0.8, 2.0), outcome(0.1, 2, 0.7, 3.0),
    outcome(0.5, 0, 0.1, 6.0), outcome(0.5, 1, diverged=3), outcome(0.5, 2, diverged=2),
    outcome(1.0, 0, diverged=1), outcome(1.0, 1, diverged=1), outcome(1.0, 2, diverged=1),
]  # fmt: skip
OVER = {"lr": [0.001, 0.02, 0.1, 0.5, 1.0]}


def bits(outcomes) -> list[tuple]:
    return [(o.trial, type(o.trial.recipe), *(getattr(o, name).hex() for name in ERRORS), o.diverged) for o in outcomes]


# The files.

OUTCOMES_OF_ANY_KIND = st.builds(
    Outcome,
    trial=st.builds(
        Trial,
        st.builds(
            ArticleRecipe,
            lr=st.floats(1e-300, 10),
            epochs=st.integers(1, 10**6),
            hidden=st.integers(1, 4096),
            window=st.integers(1, 1000),
            rule=st.sampled_from(["earliest", "bptt"]),
        ),
        st.integers(0, 2**62),
    ),
    **{name: FIGURE | st.just(np.nan) for name in ERRORS},
    diverged=st.integers(0, 10**6),
)


@given(st.lists(OUTCOMES_OF_ANY_KIND, min_size=1, max_size=5))
def test_outcomes_that_were_written_are_read_bit_for_bit_in_their_order(tmp_path_factory, outcomes):
    path = tmp_path_factory.getbasetemp() / OUTCOMES
    write_outcomes(path, outcomes, MADE)
    read, made = read_outcomes(path, ArticleRecipe)
    assert bits(read) == bits(outcomes)
    assert made == MADE


def test_outcomes_are_read_as_the_kind_of_recipe_that_they_are_of(tmp_path):
    given = [dataclasses.replace(o, trial=Trial(UntunedRecipe(lr=0.3, epochs=9), o.trial.seed)) for o in SWEEP]
    write_outcomes(tmp_path / OUTCOMES, given, MADE)
    assert bits(read_outcomes(tmp_path / OUTCOMES, UntunedRecipe)[0]) == bits(given)


def test_outcomes_are_a_plain_table_that_anyone_reads(tmp_path):
    write_outcomes(tmp_path / OUTCOMES, SWEEP, MADE)
    table = pq.read_table(tmp_path / OUTCOMES).to_pydict()
    assert list(table) == [*ArticleRecipe.model_fields, "seed", *ERRORS, "diverged"]
    assert table["lr"][3:6] == [0.02] * 3
    assert table["seed"][3:6] == [0, 1, 2]
    assert table["fit_rmse"][3:5] == [0.25, 0.5]
    assert np.isnan(table["fit_rmse"][5])
    assert table["first_step_rmse"][3:5] == [2.0, 2.5]
    assert table["persistence_rmse"] == [3.0] * len(SWEEP)
    assert table["diverged"] == [0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 3, 2, 1, 1, 1]


def test_the_leaderboard_is_a_plain_table_best_first(tmp_path):
    write_leaderboard(tmp_path / LEADERBOARD, leaderboard(SWEEP))
    table = pq.read_table(tmp_path / LEADERBOARD).to_pydict()
    errors = [f"{name}{which}" for name in ("fit_rmse", "forecast_rmse") for which in ("", "_least", "_most")]
    assert list(table) == [*ArticleRecipe.model_fields, *errors, "persistence_rmse", "diverged", "seeds"]
    assert table["lr"] == [0.02, 0.001, 0.1, 0.5, 1.0]
    assert table["fit_rmse"] == [0.5, 0.6, 0.8, np.inf, np.inf]
    assert table["fit_rmse_least"] == [0.25, 0.5, 0.7, 0.1, np.inf]
    assert table["fit_rmse_most"] == [np.inf, 0.7, 0.9, np.inf, np.inf]
    assert table["forecast_rmse"] == [5.0, 8.0, 2.0, np.inf, np.inf]
    assert table["forecast_rmse_least"] == [4.0, 7.0, 1.0, 6.0, np.inf]
    assert table["forecast_rmse_most"] == [np.inf, 9.0, 3.0, np.inf, np.inf]
    assert table["persistence_rmse"] == [3.0] * 5
    assert table["diverged"] == [1, 0, 0, 2, 3]
    assert table["seeds"] == [3] * 5


def test_the_same_gives_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        write_outcomes(tmp_path / name, SWEEP, MADE)
        write_leaderboard(tmp_path / f"{name} leaderboard", leaderboard(SWEEP))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert (tmp_path / "one leaderboard").read_bytes() == (tmp_path / "other leaderboard").read_bytes()


# The words.


def test_the_verdict_names_the_best_fit_what_its_forecast_is_worth_and_what_hindsight_would_take():
    best, worth, hindsight, diverged = verdict(leaderboard(SWEEP), OVER)
    assert best == "Of 5 settings, lr 0.02 fits best: its training RMSE is 0.50 (median of 3 seeds)."
    assert worth == "Its forecast is off by 5.00, where repeating the last value is off by 3.00."
    assert hindsight == "The best forecast, as is known with hindsight only, comes from lr 0.1: off by 2.00."
    assert diverged == "6 of 15 trials diverged."


def test_where_every_setting_mostly_diverged_the_verdict_says_so_with_infinity():
    best, worth, hindsight, diverged = verdict(leaderboard(SWEEP[9:]), OVER)
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
    assert made.verdict == verdict(leaderboard(SWEEP), OVER)
    assert made.flow == "sweep"
    assert made.config == {"store": "runs"}


def test_of_two_fields_both_have_a_column_in_the_order_given():
    outcomes = [outcome(lr, 0, hidden=hidden) for lr in (0.1, 0.2) for hidden in (3, 4)]
    (table,) = report(outcomes, {"hidden": [3, 4], "lr": [0.1, 0.2]}, {}).tables
    assert [list(cells)[:2] for cells in table.rows] == [["hidden", "lr"]] * 4
    assert {(cells["hidden"], cells["lr"]) for cells in table.rows} == {(h, r) for h in "34" for r in ("0.1", "0.2")}


def test_a_standing_of_one_seed_is_its_own_median_least_and_most(tmp_path):
    (only,) = leaderboard(SWEEP[:1])
    assert only == Standing(
        ArticleRecipe(lr=0.001), Spread(0.5, 0.5, 0.5), Spread(9.0, 9.0, 9.0), Spread(3.0, 3.0, 3.0), 0, 1
    )
