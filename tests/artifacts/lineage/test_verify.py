import os

import numpy as np
import pytest

from artifacts.files.parquet import read_table, write_table
from artifacts.files.sweep import OUTCOMES, write_outcomes
from artifacts.lineage.repeat import CannotRepeat
from artifacts.lineage.verify import Verification, first_difference, verify
from artifacts.store.runs import find_run
from rnn import npz
from rnn.elman.kernels import Stacked
from rnn.errors import Diverged
from rnn.evaluation import sweep
from rnn.evaluation.sweep import Trial
from rnn.experiment import Experiment
from rnn.recipes import ArticleRecipe

NAME = "20260301T000000Z-aaaaaa"
ARTICLE, ENSEMBLE = "models/article", "models/autoregressive"


@pytest.fixture
def verified(store, tamper):
    """The verification after what was changed has got its digests into the manifest: a forger's copy."""

    def run(values: dict | None = None) -> Verification:
        tamper(store / NAME, values or {})
        return verify(find_run(str(store), NAME))

    return run


def edit(path, **changes) -> None:
    """Other arrays in an npz file or columns in a Parquet file."""
    if path.suffix == ".npz":
        npz.write(path, {**npz.read(path), **changes})
    else:
        columns, made = read_table(path)
        write_table(path, {**columns, **changes}, made)


def nudged(path, name: str, *place: int):
    """An array of a file with one number changed in its last bit."""
    array = (npz.read(path) if path.suffix == ".npz" else read_table(path)[0])[name].copy()
    array[place] = np.nextafter(array[place], np.inf)
    return {name: array}


def test_an_untouched_run_is_equal(kept):
    doing = []
    found = verify(find_run(str(kept), NAME), doing.append)
    assert found.equal
    assert found.sentences[0] == "All 8 files are what the manifest says."
    assert found.sentences[-1] == "Equal."
    assert doing == ["training article again", "training autoregressive again"]


def test_a_changed_byte_is_named_before_anything_is_trained(store):
    path = store / NAME / ARTICLE / "final.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    doing = []
    found = verify(find_run(str(store), NAME), doing.append)
    assert not found.equal
    assert found.sentences == [f"Different: {ARTICLE}/final.npz has other bytes than the manifest says."]
    assert doing == []


def test_missing_files_are_named_and_counted(store):
    for name in ("metrics.json", "dataset.parquet"):
        (store / NAME / name).unlink()
    (said,) = verify(find_run(str(store), NAME)).sentences
    assert "dataset.parquet is in the manifest and not in the folder; 1 more" in said


def test_a_pipe_in_the_place_of_the_data_is_named_and_not_waited_for(store):
    (store / NAME / "dataset.parquet").unlink()
    os.mkfifo(store / NAME / "dataset.parquet")
    found = verify(find_run(str(store), NAME))
    assert not found.equal
    assert "dataset.parquet" in found.sentences[0]


def test_a_file_that_the_manifest_does_not_know_does_no_harm(store):
    (store / NAME / "page.html").write_text("made later")
    assert verify(find_run(str(store), NAME)).equal


@pytest.mark.parametrize("array", ["w", "v", "b", "z", "c", "h"])
def test_a_forged_weight_is_found_by_training_again(store, verified, array):
    path = store / NAME / ARTICLE / "final.npz"
    edit(path, **nudged(path, array, 0, 0))
    found = verified()
    assert not found.equal
    assert any(
        f"no epoch's loss differs, but array '{array}' of final.npz (in 1 of" in said for said in found.sentences
    )


@pytest.mark.parametrize("array", ["a", "weight", "rehearsed"])
def test_a_forged_array_of_an_ensemble_is_found(store, verified, array):
    path = store / NAME / ENSEMBLE / "final.npz"
    edit(path, **nudged(path, array, *(0,) * npz.read(path)[array].ndim))
    assert any(f"array '{array}'" in said for said in verified().sentences)


def test_a_forged_first_weight_is_before_the_first_epoch(store, verified):
    path = store / NAME / ARTICLE / "initial.npz"
    edit(path, **nudged(path, "v", 1, 1))
    assert any("before the first epoch, in array 'v' of initial.npz" in said for said in verified().sentences)


@pytest.mark.parametrize(
    ("file", "column", "row", "epoch"), [("history", "loss", 2, "epoch 3"), ("fits", "y", 3 * 120 + 60, "epoch 4")]
)
def test_the_first_epoch_that_differs_is_named(store, verified, file, column, row, epoch):
    path = store / NAME / ARTICLE / f"{file}.parquet"
    edit(path, **nudged(path, column, row))
    found = verified()
    assert not found.equal
    assert any(f"it differs from {epoch} on" in said for said in found.sentences)


def test_the_first_iteration_of_an_ensemble_that_differs_is_named(store, verified):
    path = store / NAME / ENSEMBLE / "history.parquet"
    edit(path, **nudged(path, "loss", 1))
    assert any("it differs from iteration 2 on" in said for said in verified().sentences)


def test_another_seed_shows_in_every_model_from_the_start(verified):
    found = verified({"seeds/seed": 4})
    assert not found.equal
    article, ensemble = (said for said in found.sentences if "differs" in said)
    assert article.startswith("article: it differs before the first epoch, in array 'w' of initial.npz")
    assert ensemble.startswith("autoregressive: it differs from iteration 1 on, and in array 'w' of final.npz")


@pytest.mark.parametrize(("epochs", "first"), [(3, "epoch 4"), (6, "epoch 5")])
def test_another_number_of_epochs_differs_where_one_ends(verified, epochs, first):
    found = verified({"config/article/epochs": epochs})
    assert any(f"it differs from {first} on" in said for said in found.sentences)


def test_another_learning_rate_differs_from_an_epoch_on(verified):
    assert any("it differs from epoch 1 on" in said for said in verified({"config/article/lr": 0.01}).sentences)


def test_another_shape_is_told(verified):
    assert any("has another shape" in said for said in verified({"config/article/hidden": 5}).sentences)


def test_a_training_that_now_diverges_differs(verified, monkeypatch):
    def diverge(*_):
        raise Diverged(3, 9.0)

    monkeypatch.setattr("artifacts.lineage.verify.train_again", diverge)
    found = verified()
    assert not found.equal
    assert any("diverged in epoch" in said and "did not when" in said for said in found.sentences)


def test_other_versions_are_told_as_the_usual_reason(verified):
    different = verified({"versions/numpy": "1.0", "machine/blas": "another", "config/article/lr": 0.01})
    (said,) = (said for said in different.sentences if "usual reason" in said)
    assert "numpy 1.0 → " in said
    assert "BLAS another → " in said


def test_other_versions_are_told_when_all_is_equal_too(verified):
    found = verified({"versions/numpy": "1.0"})
    assert found.equal
    assert any("numpy 1.0" in said and "usual" not in said for said in found.sentences)


def test_equal_numbers_in_other_bytes_are_told_as_such(store, verified):
    path = store / NAME / ARTICLE / "history.parquet"
    columns, made = read_table(path)
    write_table(path, columns, {**made, "written by": "another"})
    found = verified()
    assert not found.equal
    assert any("all numbers are the same" in said for said in found.sentences)


@pytest.mark.parametrize("file", ["final.npz", "history.parquet"])
def test_a_forged_file_that_is_none_of_its_kind_is_told(store, verified, file):
    (store / NAME / ARTICLE / file).write_bytes(b"rubbish")
    found = verified()
    assert not found.equal
    assert any("article: its files cannot be compared" in said for said in found.sentences)


def test_a_forged_manifest_cannot_leave_out_a_models_file(store, verified):
    (store / NAME / ARTICLE / "final.npz").unlink()
    found = verified()
    assert not found.equal
    assert any("does not know models/article/final.npz" in said for said in found.sentences)


def test_models_without_their_data_cannot_be_trained_again(store, verified):
    (store / NAME / "dataset.parquet").unlink()
    with pytest.raises(CannotRepeat, match="keeps no dataset"):
        verified()


def test_a_run_without_models_has_its_files_checked_and_says_what_is_not(store, verified):
    for path in (store / NAME / "models").rglob("*.*"):
        path.unlink()
    found = verified({"flow": "evaluate"})
    assert found.equal
    assert "not computed again" in found.sentences[1]


@pytest.mark.parametrize("forged", [False, True])
def test_a_sweeps_best_setting_is_trained_again(store, verified, forged):
    for path in (store / NAME / "models").rglob("*.*"):
        path.unlink()
    experiment, recipe = Experiment(points=90, step=0.05, horizon=4), ArticleRecipe(epochs=3, hidden=4)
    outcomes = sweep.run_trials([Trial(recipe, seed) for seed in (0, 1)], "article", experiment, Stacked)
    path = store / NAME / OUTCOMES
    write_outcomes(path, outcomes, {})
    if forged:
        edit(path, **nudged(path, "forecast_rmse", 1))
    config = {"recipe": "article", "seed": 0, **experiment.model_dump(mode="json")}
    found = verified({"flow": "sweep", "config": config, "kernels": {"article": "stacked"}})
    assert found.equal is not forged
    assert ("differs with seed 1" if forged else "2 trials were trained again") in found.sentences[1]


def test_two_equal_folders_have_no_first_difference(kept):
    folder = kept / NAME / ARTICLE
    assert "all numbers are the same" in first_difference(folder, folder)
