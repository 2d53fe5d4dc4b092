import dataclasses

import pytest

from artifacts.files.parquet import read_table
from artifacts.files.sweep import OUTCOMES, write_outcomes
from artifacts.lineage.repeat import CannotRepeat, is_same, models_of, run_trials_again, train_again
from artifacts.store.digests import digest_files
from artifacts.store.runs import find_run
from rnn.elman.kernels import Stacked
from rnn.evaluation import sweep
from rnn.evaluation.sweep import Trial
from rnn.experiment import Experiment
from rnn.recipes import ArticleRecipe

NAME = "20260301T000000Z-aaaaaa"


def test_the_models_are_those_that_have_files(kept):
    assert models_of(find_run(str(kept), NAME)) == ["article", "autoregressive"]


@pytest.mark.parametrize("name", ["article", "autoregressive"])
def test_training_again_leaves_the_same_bytes(kept, tmp_path, name):
    run = find_run(str(kept), NAME)
    train_again(run, name, kept / NAME / "dataset.parquet", tmp_path)
    assert digest_files(tmp_path) == digest_files(kept / NAME / "models" / name)


def test_the_recorded_kernel_is_the_one_that_trains(store, tamper, tmp_path):
    tamper(store / NAME, {"kernels/article": "stacked"})
    train_again(find_run(str(store), NAME), "article", store / NAME / "dataset.parquet", tmp_path)
    assert (tmp_path / "history.parquet").read_bytes() != (store / NAME / "models/article/history.parquet").read_bytes()


def test_a_model_that_learned_from_the_newest_points_does_so_again(store, tamper, tmp_path):
    tamper(store / NAME, {"config/newest": 60})
    train_again(find_run(str(store), NAME), "article", store / NAME / "dataset.parquet", tmp_path)
    fits, _ = read_table(tmp_path / "fits.parquet")
    assert len(set(fits["x"].tolist())) == 60


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"config/article/epochs": 0}, "article.epochs"), ({"config/article/optimizer": "adam"}, "article.optimizer"),
        ({"config/article": None}, "article"), ({"kernels/article": "quantum"}, "'quantum'"),
        ({"kernels": None}, "None"),
        ({"seeds/seed": "three"}, "'three'"), ({"seeds/seed": -1}, "-1"), ({"config/group_size": None}, "'group_size'"),
    ],
)  # fmt: skip
def test_what_is_not_known_here_is_told_in_one_line(store, tamper, tmp_path, values, says):
    tamper(store / NAME, values)
    with pytest.raises(CannotRepeat) as raised:
        train_again(find_run(str(store), NAME), "article", store / NAME / "dataset.parquet", tmp_path)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "0.1.0" in str(raised.value)


def test_a_model_of_an_unknown_recipe_and_unreadable_data_are_told(kept, tmp_path):
    run = find_run(str(kept), NAME)
    with pytest.raises(CannotRepeat, match="'lstm'"):
        train_again(run, "lstm", kept / NAME / "dataset.parquet", tmp_path)
    (tmp_path / "data").write_bytes(b"rubbish")
    with pytest.raises(CannotRepeat, match="data cannot be read"):
        train_again(run, "article", tmp_path / "data", tmp_path)


EXPERIMENT = Experiment(points=90, step=0.05, horizon=4)


@pytest.fixture
def sweep_run(store, tamper):
    """A run that has swept two rates with two seeds."""
    recipes = [ArticleRecipe(lr=lr, epochs=3, hidden=4) for lr in (0.01, 0.02)]
    outcomes = sweep.run_trials([Trial(r, seed) for r in recipes for seed in (0, 1)], "article", EXPERIMENT, Stacked)
    write_outcomes(store / NAME / OUTCOMES, outcomes, {})
    config = {"recipe": "article", "seed": 0, **EXPERIMENT.model_dump(mode="json")}
    tamper(store / NAME, {"flow": "sweep", "config": config, "kernels": {"article": "stacked"}})
    return find_run(str(store), NAME)


def test_a_sweeps_best_setting_comes_out_the_same_alone(sweep_run, store):
    then, now = run_trials_again(sweep_run, store / NAME / OUTCOMES)
    assert [outcome.trial.seed for outcome in then] == [0, 1]
    assert len({outcome.trial.recipe for outcome in then}) == 1
    assert all(map(is_same, then, now))
    assert not is_same(then[0], dataclasses.replace(now[0], fit_rmse=now[0].fit_rmse + 1e-12))


@pytest.mark.parametrize(
    ("values", "says"),
    [({"config/recipe": "lstm"}, "'lstm'"), ({"config/recipe": "autoregressive"}, "'autoregressive'"),
     ({"config/points": "many"}, "settings of the data"), ({"kernels": {}}, "kernel")],
)  # fmt: skip
def test_a_sweep_that_cannot_be_repeated_is_told(sweep_run, store, tamper, values, says):
    tamper(store / NAME, values)
    with pytest.raises(CannotRepeat, match=says):
        run_trials_again(find_run(str(store), NAME), store / NAME / OUTCOMES)
