import numpy as np
import pytest

from artifacts.files.models import read_ensemble, read_trained, write_ensemble, write_trained
from artifacts.files.parquet import read_table
from rnn.errors import CorruptModel
from rnn.series import group, ungroup


@pytest.mark.parametrize("recipe", ["untuned", "article"])
def test_a_trained_network_comes_back(same, run, tmp_path, recipe):
    trained = run.trained[recipe]
    write_trained(tmp_path, trained, ungroup(group(run.series, 6)).x)
    assert same(read_trained(tmp_path), trained)


def test_a_trained_network_lies_in_files_that_other_tools_read(run, tmp_path):
    trained = run.trained["article"]
    write_trained(tmp_path, trained, run.series.x)
    history, _ = read_table(tmp_path / "history.parquet")
    assert history["epoch"].tolist() == [1, 2]
    assert history["loss"].tolist() == trained.epoch_loss.tolist()
    fits, _ = read_table(tmp_path / "fits.parquet")
    assert fits["epoch"].tolist() == [1] * 120 + [2] * 120
    assert fits["x"].tolist() == [*run.series.x, *run.series.x]
    with np.load(tmp_path / "final.npz", allow_pickle=False) as file:
        assert {name: file[name].shape for name in file.files if name != "allow_pickle"} == {
            "w": (4, 6), "v": (4, 4), "b": (4, 1), "z": (6, 4), "c": (6, 1), "h": (4, 1),
        }  # fmt: skip


def test_an_ensemble_comes_back_and_plain_numpy_reads_it(same, run, tmp_path):
    ensemble = run.ensembles["autoregressive"]
    write_ensemble(tmp_path, ensemble)
    assert same(read_ensemble(tmp_path), ensemble)
    with np.load(tmp_path / "final.npz", allow_pickle=False) as file:
        assert file["w"].shape == (6, 20, 6)
        assert file["v"].shape == (6, 20, 20)
    assert read_table(tmp_path / "history.parquet")[0]["loss"].tolist() == ensemble.loss.tolist()


@pytest.mark.parametrize("damage", ["missing", "short", "another"])
def test_a_damaged_ensemble_is_told_in_one_line_with_its_name(run, tmp_path, damage):
    path = tmp_path / "final.npz"
    write_ensemble(tmp_path, run.ensembles["autoregressive"])
    if damage == "missing":
        path.unlink()
    elif damage == "short":
        path.write_bytes(path.read_bytes()[:999])
    else:
        write_trained(tmp_path, run.trained["article"], run.series.x)
    with pytest.raises(CorruptModel, match=r"final\.npz") as told:
        read_ensemble(tmp_path)
    assert "\n" not in str(told.value)


def test_a_model_that_was_cut_short_is_told_with_its_name(run, tmp_path):
    write_trained(tmp_path, run.trained["article"], run.series.x)
    path = tmp_path / "final.npz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(CorruptModel, match=r"final\.npz"):
        read_trained(tmp_path)
