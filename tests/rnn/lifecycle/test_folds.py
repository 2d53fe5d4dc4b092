from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.errors import NoVerdict
from rnn.lifecycle.folds import Contender, fits, overlapping, score_folds
from rnn.lifecycle.trainings import Trainings
from rnn.origins import fold_origins
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series

QUICK = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
SIZE, HORIZON = 3, 4
NOISE = np.random.default_rng(0).normal(0, 0.05, 180)
WAVE = Series(np.arange(1.0, 181), np.sin(np.arange(180) / 7) + NOISE, 1.0)
ORIGINS = fold_origins(180, SIZE, HORIZON, 5)


@pytest.fixture(scope="module")
def trainings():
    return Trainings(WAVE, SIZE, HORIZON)


def scored(trainings, champion=None, series=None):
    if series is not None:
        trainings = Trainings(series, SIZE, HORIZON)
    return score_folds(trainings, Contender("autoregressive", QUICK, 0), champion, ORIGINS)


@given(st.integers(1, 2000), st.integers(1, 12), st.integers(1, 30), st.integers(3, 20))
def test_folds_are_the_newest_and_all_of_their_outcome_is_known(points, size, horizon, folds):
    try:
        origins = fold_origins(points, size, horizon, folds)
    except NoVerdict as short:
        needed = int(str(short).split("give ")[1].split()[0])
        assert len(fold_origins(needed, size, horizon, folds)) == 3
        with pytest.raises(NoVerdict):
            fold_origins(needed - 1, size, horizon, folds)
        return
    assert origins[-1] + horizon * size == points
    assert origins == sorted(set(origins))
    assert 3 <= len(origins) <= folds
    assert origins[0] >= 20 * size


def test_neighbours_share_half_of_what_they_forecast():
    assert [overlapping(horizon) for horizon in (1, 2, 3, 20)] == [1, 2, 3, 2]


def test_a_first_challenger_is_scored_beside_the_naive_ones(trainings):
    folds = scored(trainings)
    assert [fold.origin for fold in folds] == ORIGINS
    assert all(fold.champion is None and fold.champion_was is None for fold in folds)
    last = folds[-1]
    truth = WAVE.y[-HORIZON * SIZE :]
    assert last.naive["persistence"] == pytest.approx(np.sqrt(np.mean((truth - WAVE.y[ORIGINS[-1] - 1]) ** 2)))


def test_a_champion_is_itself_only_where_it_has_not_seen_what_came(trainings):
    learned = ORIGINS[2]
    (ensemble,) = trainings.at([learned], QUICK, 0)
    folds = scored(trainings, Contender("autoregressive", QUICK, 0, ensemble, learned))
    assert [f.champion_was for f in folds] == ["trained again", "trained again", "itself", "itself", "itself"]
    assert [f.champion == f.challenger for f in folds] == [True, True, True, False, False]


def test_no_outcome_leaks_into_a_forecast(trainings):
    """What comes after the newest origin changes the errors there by the truth alone: the forecasts stay."""
    (ensemble,) = trainings.at([ORIGINS[0]], QUICK, 0)
    champion = Contender("autoregressive", QUICK, 0, ensemble, ORIGINS[0])
    y = WAVE.y.copy()
    y[ORIGINS[-1] :] += 1000
    for before, after in zip(scored(trainings, champion), scored(None, champion, Series(WAVE.x, y, 1.0)), strict=True):
        if before.origin + HORIZON * SIZE <= ORIGINS[-1]:
            assert before == after
    assert after.challenger == pytest.approx(1000, abs=3)
    assert after.champion == pytest.approx(1000, abs=3)


def test_a_naive_champion_is_scored_as_what_it_is(trainings):
    folds = scored(trainings, Contender("persistence", QUICK, 0))
    assert all(fold.champion == fold.naive["persistence"] for fold in folds)
    assert {fold.champion_was for fold in folds} == {"naive"}


def test_an_ensemble_of_another_group_size_or_longer_memory_cannot_be_moved(trainings):
    (ensemble,) = trainings.at([180], QUICK, 0)
    assert fits(ensemble, trainings.groups(180))
    assert not fits(ensemble, Trainings(WAVE, 4, HORIZON).groups(180))
    assert not fits(ensemble, trainings.groups(ensemble.past.shape[1] - 3))


def test_a_forecast_that_is_not_finite_gives_no_verdict(trainings):
    (ensemble,) = trainings.at([ORIGINS[0]], QUICK, 0)
    pool = replace(ensemble.pool, weight=np.full_like(ensemble.pool.weight, np.inf))
    broken = replace(ensemble, pool=pool, share=np.zeros(1))
    with pytest.raises(NoVerdict, match="champion's error after"):
        scored(trainings, Contender("autoregressive", QUICK, 0, broken, ORIGINS[0]))
