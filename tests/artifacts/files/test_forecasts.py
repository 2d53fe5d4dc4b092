import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artifacts.files.forecasts import (
    read_forecasts,
    read_metrics,
    read_rehearsals,
    write_forecasts,
    write_metrics,
    write_rehearsals,
)
from artifacts.files.parquet import read_table, write_table
from rnn.calendar import Calendar
from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.metrics import IntervalScore, Score

numbers = st.floats(allow_nan=False, allow_infinity=False)


def matrix(*shape: int):
    return arrays(np.float64, shape, elements=numbers)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("contents")


@settings(max_examples=40)
@given(
    st.data(),
    st.lists(st.sampled_from(["b", "a", "fully connected", "z"]), min_size=1, unique=True),
    st.integers(1, 4), st.integers(1, 4), st.booleans(),
)  # fmt: skip
def test_forecasts_come_back_in_their_order_with_or_without_the_truth(
    same, folder, data, methods, horizon, group_size, known
):
    draw = lambda: data.draw(matrix(horizon, group_size))  # noqa: E731
    x = draw()
    bounds = lambda: Intervals(draw(), draw(), draw(), draw()) if data.draw(st.booleans()) else None  # noqa: E731
    forecasts, truth = [Forecast(method, x, draw(), bounds()) for method in methods], draw() if known else None
    write_forecasts(folder / "forecast.parquet", forecasts, truth)
    assert same(list(read_forecasts(folder / "forecast.parquet")), [forecasts, truth])


def test_pandas_reads_columns_with_types_and_a_spreadsheet_takes_the_local_time(folder):
    x = np.arange(4.0).reshape(2, 2)
    calendar = Calendar("D", "2026-03-28", "Europe/Berlin")
    write_forecasts(folder / "forecast.parquet", [Forecast("a", x, x)], None, calendar)
    frame = pd.read_parquet(folder / "forecast.parquet")
    assert frame["y_true"].dtype == np.float64
    assert frame["y_true"].isna().all()
    assert str(frame["time"].dt.tz) == "UTC"
    assert frame["time_local"].dt.tz is None
    assert frame["time"].astype(str)[2] == "2026-03-29 22:00:00+00:00"
    assert frame["time_local"].astype(str)[2] == "2026-03-30"
    zones = [name for name, kind in frame.drop(columns="time").dtypes.items() if getattr(kind, "tz", None)]
    assert zones == []  # to_excel refuses a column with a zone


def test_files_of_before_have_a_truth_of_no_type(folder):
    x = np.arange(4.0).reshape(2, 2)
    nothing = dict.fromkeys(("lower50", "upper50", "lower90", "upper90"), np.full(4, np.nan))
    old = {
        "recipe": ["a"] * 4,
        "step": [1, 1, 2, 2],
        "x": x.ravel(),
        "y_pred": x.ravel(),
        **nothing,
        "y_true": [None] * 4,
    }
    write_table(folder / "old.parquet", old)
    (forecast,), truth = read_forecasts(folder / "old.parquet")
    assert truth is None
    np.testing.assert_array_equal(forecast.y, x)


def test_the_table_of_forecasts_counts_steps_from_1(folder):
    x = np.arange(6.0).reshape(3, 2)
    write_forecasts(folder / "forecast.parquet", [Forecast("a", x, -x, Intervals(x, x + 1, x + 2, x + 3)),
                                                 Forecast("b", x, 2 * x)], x + 10)  # fmt: skip
    columns, _ = read_table(folder / "forecast.parquet")
    for added, bound in enumerate(("lower50", "upper50", "lower90", "upper90")):
        values = columns.pop(bound)
        assert values[:6].tolist() == (np.arange(6.0) + added).tolist()
        assert np.isnan(values[6:]).all()
    assert {name: column.tolist() for name, column in columns.items()} == {
        "recipe": ["a"] * 6 + ["b"] * 6,
        "step": [1, 1, 2, 2, 3, 3] * 2,
        "x": [0, 1, 2, 3, 4, 5] * 2,
        "y_pred": [0, -1, -2, -3, -4, -5, 0, 2, 4, 6, 8, 10],
        "y_true": [10, 11, 12, 13, 14, 15] * 2,
    }


steps = st.integers(1, 5).flatmap(matrix)
held = st.builds(IntervalScore, numbers, numbers, steps, steps, numbers, numbers, numbers)
scores = st.builds(Score, numbers, numbers, steps, numbers, st.none() | held)


@settings(max_examples=30)
@given(st.dictionaries(st.text(), scores, max_size=3), st.dictionaries(st.text(), numbers, max_size=3))
def test_scores_and_training_errors_come_back(same, folder, scores, fits):
    write_metrics(folder / "metrics.json", scores, fits)
    assert same(list(read_metrics(folder / "metrics.json")), [scores, fits])


def test_metrics_say_what_each_number_is(folder):
    write_metrics(folder / "metrics.json", {"a": Score(1.5, 0.5, np.array([0.5, 2.0]), 3.0)}, {"a": 0.25})
    assert json.loads((folder / "metrics.json").read_text()) == {
        "forecast": {
            "a": {
                "rmse": 1.5,
                "rmse_first_step": 0.5,
                "times_persistence": 3.0,
                "rmse_by_step": [0.5, 2.0],
                "intervals": None,
            }
        },
        "fit": {"a": {"rmse": 0.25}},
    }


def test_a_method_infinitely_worse_than_persistence_is_written_as_json_knows_it(same, folder):
    scores = {"a": Score(1.0, 1.0, np.ones(1), np.inf)}
    write_metrics(folder / "metrics.json", scores, {})
    assert "Infinity" not in (folder / "metrics.json").read_text()
    assert same(read_metrics(folder / "metrics.json")[0], scores)


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(["a", "fully connected", "z"]), matrix(2, 3, 4)))
def test_rehearsals_come_back(same, folder, errors):
    write_rehearsals(folder / "rehearsals.npz", errors)
    assert same(dict(sorted(read_rehearsals(folder / "rehearsals.npz").items())), dict(sorted(errors.items())))


def test_forecasts_are_read_from_bytes_and_from_an_open_file_alike(tmp_path, same):
    x = np.arange(6.0).reshape(3, 2)
    write_forecasts(tmp_path / "f.parquet", [Forecast("article", x, x, Intervals(x, x, x, x))], x)
    expected = read_forecasts(tmp_path / "f.parquet")
    assert same(list(read_forecasts((tmp_path / "f.parquet").read_bytes())), list(expected))
    with (tmp_path / "f.parquet").open("rb") as file:
        assert same(list(read_forecasts(file)), list(expected))


def test_metrics_are_strict_json_whatever_the_errors(tmp_path):
    """A training that diverged has no error; JSON has no NaN."""
    nothing = Score(np.nan, np.nan, np.array([np.nan, 1.0]), np.inf)
    write_metrics(tmp_path / "metrics.json", {"article": nothing}, {"article": np.inf})

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads((tmp_path / "metrics.json").read_text(), parse_constant=refuse)
    scores, fits = read_metrics(tmp_path / "metrics.json")
    assert np.isnan(scores["article"].rmse)
    assert scores["article"].by_step.tolist()[1] == 1.0
    assert np.isnan(fits["article"])
