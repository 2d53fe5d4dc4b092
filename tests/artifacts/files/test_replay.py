import numpy as np

from artifacts.files.replay import CHANGE, REPLAY, read_days, read_replayed, write_days
from artifacts.files.series import DATASET, write_series
from rnn.lifecycle.folds import Terms
from rnn.lifecycle.replay import PERSISTENCE, Day, Plan
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series

PLAN = Plan(
    terms=Terms(group_size=2, horizon=3, newest=None, folds=4, margin=0.05), known=20, arrival=1, days=20,
    recipe=AutoregressiveRecipe(), seed=0,
)  # fmt: skip
SERIES = Series(np.arange(1.0, 65), np.sin(np.arange(64)), 1.0)
DAYS = [
    *(Day("never", k, 1.0 + 3 * (k >= 10), 0.9, "promote" if k == 0 else None, drift=k in (3, 11)) for k in range(20)),
    *(Day("nightly", k, 1.0 + (k >= 10), 0.8, "keep" if k else "promote", 0.5, 1.5) for k in range(20)),
    *(Day(PERSISTENCE, k, 5.0, np.nan) for k in range(20)),
]


def test_days_are_read_as_they_were_written(tmp_path):
    write_days(tmp_path / REPLAY, DAYS)
    for one, other in zip(DAYS, read_days(tmp_path / REPLAY), strict=True):
        np.testing.assert_equal(vars(one), vars(other))


def test_the_change_is_known_from_the_datas_own_record(tmp_path):
    write_series(tmp_path / DATASET, SERIES, {CHANGE: 10})
    write_days(tmp_path / REPLAY, DAYS)
    assert read_replayed(tmp_path, tmp_path, PLAN).change == 10
    write_series(tmp_path / DATASET, SERIES, {"source": "a file"})
    assert read_replayed(tmp_path, tmp_path, PLAN).change is None
