from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artifacts.contents import (
    DATASET,
    read_contents,
    read_ensemble,
    read_group_blocks,
    read_groups,
    read_series,
    read_trained,
    write_ensemble,
    write_groups,
    write_series,
    write_trained,
)
from artifacts.forecast_files import write_forecasts, write_metrics
from artifacts.tables import read_table
from rnn.errors import CorruptModel, SeriesTooShort
from rnn.series import Groups, Series, generate, generate_blocks, group, ungroup
from rnn.streams import stream

numbers = st.floats(allow_nan=False, allow_infinity=False)


def matrix(*shape: int):
    return arrays(np.float64, shape, elements=numbers)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("contents")


@settings(max_examples=30)
@given(st.integers(1, 20).flatmap(lambda n: st.tuples(matrix(n), matrix(n))), st.floats(1e-9, 1e9))
def test_a_series_comes_back(same, folder, columns, step):
    series = Series(*columns, step)
    write_series(folder / "series.parquet", series, {"seed": 0})
    assert same(read_series(folder / "series.parquet"), series)


def test_how_a_series_was_made_is_in_its_file(folder):
    write_series(folder / "series.parquet", Series(np.ones(2), np.ones(2), 0.5), {"seed": 3, "source": "here"})
    assert read_table(folder / "series.parquet")[1] == {"seed": 3, "source": "here", "step": 0.5}


@pytest.mark.parametrize("block", [1, 100, 599, 600, 1000])
def test_a_series_in_blocks_leaves_the_file_that_it_leaves_in_one_piece(same, folder, block):
    series = generate(600, 0.01, 0.01, stream(0, "noise"))
    write_series(folder / "whole.parquet", series, {"seed": 0})
    write_series(folder / "blocks.parquet", generate_blocks(600, 0.01, 0.01, stream(0, "noise"), block), {"seed": 0})
    assert (folder / "blocks.parquet").read_bytes() == (folder / "whole.parquet").read_bytes()
    assert same(read_series(folder / "blocks.parquet"), series)


def test_a_series_without_a_block_is_refused(folder):
    with pytest.raises(ValueError, match="no block"):
        write_series(folder / "none.parquet", iter(()), {})


def windows(groups: Groups, window: int) -> list[bytes]:
    return [groups.x[i : i + window].tobytes() + groups.y[i : i + window].tobytes()
            for i in range(len(groups) - window + 1)]  # fmt: skip


@settings(max_examples=60)
@given(points=st.integers(1, 200), group_size=st.integers(1, 12), window=st.integers(1, 6), more=st.integers(0, 30))
def test_the_windows_of_all_blocks_are_the_windows_of_the_whole_series(folder, points, group_size, window, more):
    series = generate(points, 0.01, 0.01, stream(0, "noise"))
    write_series(folder / "series.parquet", series, {"seed": 0})
    block, overlap = window + more, window - 1
    blocks = read_group_blocks(folder / "series.parquet", group_size, block, overlap)
    if points // group_size < window:
        with pytest.raises(SeriesTooShort, match=f"at least {window} groups"):
            next(blocks)
        return
    found, whole = list(blocks), group(series, group_size)
    assert [len(groups) for groups in found[:-1]] == [block] * (len(found) - 1)
    assert [w for groups in found for w in windows(groups, window)] == windows(whole, window)
    for groups in found:
        assert groups.x.shape == groups.y.shape == (len(groups), group_size, 1)
        assert (groups.step, groups.dropped) == (whole.step, whole.dropped)
    assert b"".join(g.y[overlap if i else 0 :].tobytes() for i, g in enumerate(found)) == whole.y.tobytes()


def test_blocks_of_groups_that_only_overlap_are_refused(folder):
    write_series(folder / "series.parquet", generate(60, 0.01, 0.01, stream(0, "noise")), {})
    with pytest.raises(ValueError, match="cannot overlap"):
        next(read_group_blocks(folder / "series.parquet", 6, 4, 4))


@settings(max_examples=30)
@given(st.data(), st.integers(1, 5), st.integers(1, 5), st.integers(0, 4))
def test_groups_come_back(same, folder, data, groups, group_size, dropped):
    x, y = (data.draw(matrix(groups, group_size, 1)) for _ in "xy")
    made = Groups(x, y, 0.1, dropped)
    write_groups(folder / "groups.npz", made)
    assert same(read_groups(folder / "groups.npz"), made)


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


def test_all_contents_come_back_from_the_steps_folders(same, run, parts):
    data, forecast = parts[""]
    models = {recipe: parts[f"models/{recipe}"][0].folder for recipe in run.recipes}
    assert same(read_contents(data.folder, models, forecast.folder, run.recipes), run)


def test_the_same_contents_give_the_same_bytes(run, tmp_path):
    for copy in ("one", "other"):
        (tmp_path / copy).mkdir()
        write_series(tmp_path / copy / DATASET, run.series, {"seed": 0})
        write_groups(tmp_path / copy / "groups.npz", group(run.series, 6))
        write_trained(tmp_path / copy, run.trained["article"], run.series.x)
        write_forecasts(tmp_path / copy / "forecast.parquet", run.forecasts, run.truth)
        write_metrics(tmp_path / copy / "metrics.json", dict(run.scores), dict(run.fits))
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes(), path.name
