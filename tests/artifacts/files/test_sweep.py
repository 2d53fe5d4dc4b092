import dataclasses

import numpy as np
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from artifacts.files.sweep import ERRORS, LEADERBOARD, OUTCOMES, read_outcomes, write_leaderboard, write_outcomes
from rnn.evaluation.sweep import Outcome, Trial, leaderboard
from rnn.recipes import ArticleRecipe, UntunedRecipe

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
