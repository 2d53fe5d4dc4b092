"""Detect anomalies: outcomes so far beyond every interval that the data need a look before drift is tested.

The drift test clips what a single cycle counts, so that one bad cycle is no drift. A value in another unit, half a day
taken for a whole one or a stuck sensor is told at once by this instead. FAR was measured (docs/monitoring.md).
"""

from dataclasses import dataclass

import numpy as np

from rnn.lifecycle.outcomes import NO_ERROR, Scored

FAR = 10.0
"""An outcome is an anomaly when its error is beyond so many times what its 90 % interval reaches."""


@dataclass(frozen=True)
class Anomaly:
    """Of `points` recent outcomes so many are anomalies (`count`); the worst was `truth` at `at`, and `y` forecast.

    `times`: its error over what its interval reaches.
    """

    points: int
    count: int
    at: float
    truth: float
    y: float
    times: float


def anomaly(served: Scored, after: float, spread: float) -> Anomaly | None:
    """The anomalies among the outcomes after the moment `after`, by the newest forecast of each; None where none is.

    `spread`: the series' own; an interval reaches at least NO_ERROR of it, and all of it where there is no interval.
    """
    mine = served.of(served.at > after)
    mine = mine.of(np.lexsort((-mine.origin, mine.at)))
    mine = mine.of(np.diff(mine.at, prepend=-np.inf) > 0)
    reach = np.where(np.isnan(mine.lower90), spread, np.maximum((mine.upper90 - mine.lower90) / 2, NO_ERROR * spread))
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.abs(mine.error) / reach
    far = times > FAR
    if not far.any():
        return None
    worst = int(np.argmax(np.where(far, times, -1.0)))
    return Anomaly(
        points=len(mine),
        count=int(far.sum()),
        at=float(mine.at[worst]),
        truth=float(mine.truth[worst]),
        y=float(mine.y[worst]),
        times=float(times[worst]),
    )
