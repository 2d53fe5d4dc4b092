"""A replay's pictures: drawn whatever happened, with the same bytes, and marks where something did."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from artifacts.reports.replay_pictures import _draw_marks, draw_errors, draw_policies
from rnn.lifecycle.folds import Terms
from rnn.lifecycle.replay import PERSISTENCE, Day, Plan
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series

PLAN = Plan(
    terms=Terms(group_size=2, horizon=3, newest=None, folds=4, margin=0.05), known=20, arrival=1, days=6,
    recipe=AutoregressiveRecipe(), seed=0,
)  # fmt: skip
SERIES = Series(np.arange(1.0, 41), np.sin(np.arange(40)), 1.0)


def days(error: float) -> list[Day]:
    return [
        *(Day("never", k, error, 0.9, "promote" if k == 0 else None, drift=k == 3) for k in range(6)),
        *(Day("nightly", k, error, 0.9, "promote" if k == 0 else "keep") for k in range(6)),
        *(Day(PERSISTENCE, k, error, np.nan) for k in range(6)),
    ]


@pytest.mark.parametrize("error", [1.0, 0.0, np.nan])
@pytest.mark.parametrize("change", [3, None])
def test_a_picture_is_drawn_and_drawn_again_the_same(tmp_path, error, change):
    for name in ("one", "other"):
        draw_policies(tmp_path / f"{name}-policies.png", SERIES, PLAN, days(error), change)
        draw_errors(tmp_path / f"{name}-errors.png", days(error), change)
    for picture in ("policies", "errors"):
        one, other = ((tmp_path / f"{name}-{picture}.png").read_bytes() for name in ("one", "other"))
        assert one.startswith(b"\x89PNG")
        assert one == other


def test_marks_stand_where_something_happened():
    ax = Figure().subplots()
    _draw_marks(ax, days(1.0), ["never", "nightly"])
    nightly_kept, nightly_promoted, nightly_drift, never_kept, never_promoted, never_drift, _ = (
        list(line.get_xdata()) for line in ax.get_lines()
    )
    assert (nightly_kept, nightly_promoted, nightly_drift) == ([1, 2, 3, 4, 5], [0], [])
    assert (never_kept, never_promoted, never_drift) == ([], [0], [3])
