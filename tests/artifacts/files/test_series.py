from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artifacts.files.forecasts import write_forecasts, write_metrics
from artifacts.files.models import write_trained
from artifacts.files.parquet import read_table
from artifacts.files.series import DATASET, read_groups, read_series, write_groups, write_read, write_series
from rnn.datasets.xsinx import generate, generate_blocks
from rnn.known_inputs import KnownInputs
from rnn.random_streams import stream
from rnn.readers.summary import FileSummary
from rnn.seasonality import Seasons
from rnn.series import UNBOUNDED, Groups, Series, group, ungroup

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


@settings(max_examples=30)
@given(st.data(), st.integers(1, 5), st.integers(1, 5), st.integers(0, 4))
def test_groups_come_back(same, folder, data, groups, group_size, dropped):
    x, y = (data.draw(matrix(groups, group_size, 1)) for _ in "xy")
    made = Groups(x, y, 0.1, dropped)
    write_groups(folder / "groups.npz", made)
    assert same(read_groups(folder / "groups.npz"), made)


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


def test_what_is_known_of_seasons_and_bounds_comes_back(tmp_path):
    series = Series(
        np.arange(40.0), np.arange(40.0), 1.0, seasons=Seasons((4, 12), certain=True), bounds=(0.0, UNBOUNDED[1])
    )
    write_series(tmp_path / "dataset.parquet", series, {})
    again = read_series(tmp_path / "dataset.parquet")
    assert (again.seasons, again.bounds) == (series.seasons, series.bounds)
    write_groups(tmp_path / "groups.npz", group(again, 4))
    groups = read_groups(tmp_path / "groups.npz")
    assert (groups.seasons, groups.bounds) == (series.seasons, series.bounds)
    assert ungroup(groups).seasons == series.seasons


def test_which_points_were_filled_comes_back_also_from_blocks(folder, same):
    filled = np.isin(np.arange(12), [2, 9])
    series = Series(np.arange(12.0), np.arange(12.0), 1.0, filled=filled)
    write_series(folder / "filled.parquet", series, {})
    assert same(read_series(folder / "filled.parquet"), series)
    parts = [replace(series, x=series.x[a], y=series.y[a], filled=filled[a]) for a in (slice(5), slice(5, 12))]
    write_series(folder / "blocks.parquet", parts, {})
    assert (folder / "blocks.parquet").read_bytes() == (folder / "filled.parquet").read_bytes()
    groups = group(series, 4)
    write_groups(folder / "groups.npz", groups)
    assert same(read_groups(folder / "groups.npz"), groups)


def test_inputs_known_ahead_come_back(tmp_path):
    inputs = KnownInputs(("price", "promotion"), np.arange(24.0).reshape(12, 2))
    series = replace(Series.of(np.arange(10.0)), known=inputs)
    found = FileSummary("f", "CSV", 12, ("t", "y"), "t", "y", "", "", "every 1", "1", "10", 10, 1, 0, {}, 2)
    write_read(tmp_path / DATASET, series, None, found, "digest")
    again = read_series(tmp_path / DATASET)
    assert again.known.names == inputs.names
    assert np.array_equal(again.known.values, inputs.values)
    write_groups(tmp_path / "groups.npz", group(series, 3))
    assert np.array_equal(read_groups(tmp_path / "groups.npz").known.values, inputs.values[1:])
