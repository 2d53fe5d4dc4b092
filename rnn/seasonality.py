"""How many points a season has, when nobody says."""

import numpy as np

from rnn.arrays import Array


def season_length(y: Array) -> int:
    """The period of `y` (points,) in points, or 1 when there is none: the first high peak of the autocorrelation.

    It is looked for in the differences, so that a trend is no season, up to a third of the series. A later peak must be
    clearly higher than an earlier one to be taken.
    """
    largest = float(np.abs(y).max()) or 1.0
    steps = np.diff(y / largest)
    steps = steps - steps.mean() if len(steps) else steps
    count = len(steps)
    power = np.abs(np.fft.rfft(steps, 2 * max(count, 1))) ** 2
    correlation = np.fft.irfft(power)[:count]
    if count < 6 or correlation[0] <= 1e-24:
        return 1
    correlation = correlation / correlation[0]
    best, height = 1, 0.3
    for lag in range(2, count // 3):
        peak = correlation[lag] >= max(correlation[lag - 1], correlation[lag + 1])
        if peak and correlation[lag] > height:
            best, height = lag, float(correlation[lag]) + 0.05
    return best
