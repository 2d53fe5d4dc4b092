"""Draw past forecasts beside the observations: for each moment the last forecast made of it."""

import numpy as np

from artifacts.files.parquet import Columns
from artifacts.plots.axis import Axis
from artifacts.web.chart import Chart, Line
from artifacts.web.phrases import count
from artifacts.web.scales import Scale
from rnn.arrays import AnyArray, Array
from rnn.intervals import BOUNDS, Intervals

NEWEST = 200
"""Moments that are drawn at most."""

SERVED = "served"


def past_forecasts(ledger: Columns, axis: Axis) -> Chart | None:
    """A chart of what was served for the newest moments and what came of it; None with fewer than two of them.

    Of several forecasts of a moment it shows the one that was made last. `axis`: of the series that they are of.
    """
    mine = np.flatnonzero((ledger["method"] == SERVED) & np.isfinite(ledger["y_true"]))
    by_time = mine[np.lexsort((ledger["origin"][mine], ledger["at"][mine]))]
    at = ledger["at"][by_time]
    last = np.append(at[1:] != at[:-1], True)[: len(at)]  # of each moment
    kept = by_time[last][-NEWEST:]
    if len(kept) < 2:
        return None
    at, truth = ledger["at"][kept], ledger["y_true"][kept]
    around = Intervals(*(ledger[bound][kept] for bound in BOUNDS))
    known = np.isfinite(around.lower90).all()
    served = Line.of_method(SERVED, at, ledger["y_pred"][kept], around if known else None)
    held = float(np.mean((truth >= around.lower90) & (truth <= around.upper90))) if known else None
    inside = "" if held is None else f"; {held:.0%} of them within the 90 % interval"
    return Chart(
        title="Past forecasts beside what came",
        alt=f"The newest {count(len(kept), 'point')} whose outcome is known, and the last forecast of each{inside}.",
        lines=[Line.of_data("what came", at, truth, "truth"), served],
        x_label=axis.x_name,
        y_label=axis.y_name,
        y_range=Scale.of([truth, served.y, *((around.lower90, around.upper90) if known else ())]),
        names=_names(at, axis),
    )


def _names(at: Array, axis: Axis) -> dict[float, str] | None:
    """The label of each moment, where these are microseconds since 1970."""
    if axis.calendar is None:
        return None
    times: AnyArray = at.astype(np.int64).astype("datetime64[us]")
    return dict(zip(at.tolist(), axis.calendar.shown(times), strict=True))
