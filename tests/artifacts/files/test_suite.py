import numpy as np

from artifacts.files.parquet import read_table
from artifacts.files.suite import read_failures, read_scores, write_attempts, write_forecasts, write_scores
from rnn.evaluation.suite_forecasts import Attempt
from rnn.evaluation.suite_scores import score_all
from rnn.evaluation.suites import Window
from rnn.intervals import BOUNDS

WINDOWS = [
    Window("a", "yearly", (), 4, np.array([1.0, 3, 2, 5]), np.array([4.0, 6])),
    Window("b", "monthly", (2,), 4, np.array([1.0, 3, 2, 5]), np.array([4.0, 6, 3])),
]


def of(window, y, failure=""):
    line = np.full(window.horizon, y)
    return Attempt(window.name, window.digest, line, dict.fromkeys(BOUNDS, line), 0.5, failure)


ATTEMPTS = {
    "DOT": [of(WINDOWS[0], 4.0), of(WINDOWS[1], 5.0)],
    "MSTL": [of(WINDOWS[0], 3.0, "too short"), of(WINDOWS[1], 2.0)],
}


def test_every_forecast_is_a_row_beside_the_truth(tmp_path):
    write_forecasts(tmp_path / "f.parquet", WINDOWS, ATTEMPTS)
    columns, _ = read_table(tmp_path / "f.parquet")
    assert columns["method"].tolist() == ["DOT"] * 5 + ["MSTL"] * 5
    assert columns["series"].tolist() == ["a", "a", "b", "b", "b"] * 2
    assert columns["step"].tolist() == [1, 2, 1, 2, 3] * 2
    assert columns["truth"].tolist() == [4, 6, 4, 6, 3] * 2
    assert columns["y"].tolist() == [4, 4, 5, 5, 5, 3, 3, 2, 2, 2]
    assert set(BOUNDS) < set(columns)


def test_failures_are_told_by_method(tmp_path):
    write_attempts(tmp_path / "a.parquet", WINDOWS, ATTEMPTS)
    assert read_failures(tmp_path / "a.parquet") == {"MSTL": ["too short"]}


def test_scores_come_back(tmp_path):
    scores = score_all(WINDOWS, ATTEMPTS)
    write_scores(tmp_path / "s.parquet", scores)
    back = read_scores(tmp_path / "s.parquet")
    assert (back.methods, back.series) == (("DOT", "MSTL"), ("a", "b"))
    assert back.group.tolist() == ["yearly", "monthly"]
    np.testing.assert_array_equal(back.mase, scores.mase)
    assert back.failed.tolist() == [[0, 0], [1, 0]]
