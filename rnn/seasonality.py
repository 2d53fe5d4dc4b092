"""Infer the lengths of a series' seasons: the calendar proposes, the values decide.

A length is tested as the M4 competition did (Makridakis et al. 2020): the autocorrelation at that lag must lie beyond
1.645 standard errors. What is tested is the series less a centred moving average over the length, so that a trend is
no season, with outliers cut down to size. Without proposals, the peaks of that autocorrelation are looked through, and
must be much higher.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.robustness.outliers import without_outliers

CRITICAL = 1.645
"""Standard errors of the autocorrelation beyond which a proposed length is a season: one in twenty by chance."""

HIGH = 0.3
"""The least autocorrelation of a season that nobody has proposed."""

UNLIKELY = 4.0
"""Standard errors for a season that nobody has proposed: the highest of many autocorrelations is taken."""

SURE = 3.0
"""Standard errors by which the changes over an eighth of such a season must come back."""

DIP = 0.25
"""By so much the autocorrelation must be higher at such a season than somewhere before it."""

LONGEST = 400
"""The longest season that is looked for when none is proposed; a third of the series at the most."""

OUTLIER = 4.0
"""Values further from the moving average, in robust standard deviations, are brought as near."""


@dataclass(frozen=True)
class Seasons:
    """What is known of a series' seasons before one looks at its values: lengths in points.

    `certain`: they are there, and no others, because a user says so; else the calendar proposes them.
    """

    lengths: tuple[int, ...] = ()
    certain: bool = False

    def of(self, y: Array) -> tuple[int, ...]:
        """The seasons of `y` (points,), shortest first: what naive forecasts, scores and the doctor go by."""
        if self.certain:
            return tuple(sorted(length for length in set(self.lengths) if 1 < length < len(y)))
        return season_lengths(y, self.lengths)

    def main(self, y: Array) -> int:
        """The first of them, or 1 where there is none."""
        return max(self.of(y)[:1], default=1)

    def possible(self, y: Array) -> tuple[int, ...]:
        """What may be there, shortest first, for those who estimate a season and shrink it by its noise themselves."""
        if not self.certain and not self.lengths:
            return season_lengths(y)
        return tuple(sorted(length for length in set(self.lengths) if length > 1 and 2 * length + 2 <= len(y)))


UNKNOWN = Seasons()
"""Nothing is known: what seasons there are is inferred from the values."""


def season_lengths(y: Array, candidates: Sequence[int] = ()) -> tuple[int, ...]:
    """The lengths of the seasons of `y` (points,), shortest first; empty where there is none.

    `candidates`: what the calendar proposes, such as 24 and 168 for hours. Each must add to those before it. Without
    any, at most one season is found, up to a third of the series and LONGEST.
    """
    largest = float(np.abs(y).max()) if len(y) else 0.0
    z = y / largest if largest > 0 else y
    if not candidates:
        found = _search(without_outliers(z))
        return (found,) if found > 1 else ()
    lengths: list[int] = []
    z = without_outliers(z, min(candidates))
    for length in sorted(set(candidates)):
        if length > 1 and len(z) >= 2 * length + 2 and _passes(z, length):
            lengths.append(length)
            z = z - _seasonal_means(z, length)
    return tuple(lengths)


def calendar_seasons(step: str) -> tuple[int, ...]:
    """What the calendar proposes for a `step` by pandas' name, such as "MS", "QE-DEC", "D", "h" or "30min"."""
    name = step.partition("-")[0]
    head = name.lstrip("0123456789")
    count = int(name[: len(name) - len(head)] or 1)
    if head == "D" and count % 7 == 0:
        head, count = "W", count // 7
    if head in _BY_NAME:
        return tuple(length // count for length in _BY_NAME[head] if length % count == 0 and length // count > 1)
    minutes = {"h": 60.0, "min": 1.0, "s": 1 / 60}.get(head)
    if minutes is None:
        return ()
    lengths = [span / (minutes * count) for span in (24 * 60, 7 * 24 * 60)]
    return tuple(round(length) for length in lengths if length > 1 and abs(length - round(length)) < 1e-9)


_BY_NAME = {
    "MS": (12,), "ME": (12,), "M": (12,), "QS": (4,), "QE": (4,), "Q": (4,), "W": (52,), "D": (7, 365), "B": (5, 260),
}  # fmt: skip


def _passes(z: Array, length: int) -> bool:
    left = _less_trend(z, length)
    total = float(left @ left)
    if total <= 1e-24 * len(left) or len(left) <= length:
        return False
    power = np.abs(np.fft.rfft(left, 2 * len(left))) ** 2
    correlation = np.fft.irfft(power)[1 : length + 1] / total
    # Fewer products at long lags than points: without this, two seasons could never be enough.
    at = float(correlation[-1]) * len(left) / (len(left) - length)
    error = np.sqrt((1 + 2 * float((correlation[:-1] ** 2).sum())) / (len(left) - length))
    return bool(at > CRITICAL * error)


def _search(z: Array) -> int:
    """The first high peak of the autocorrelation; a later one must be clearly higher to be taken.

    More so if it is a multiple of an earlier one: that is as high, or higher where the length is no whole number.
    """
    longest = min(len(z) // 3, LONGEST)
    height = np.full(longest + 2, -1.0)
    for lag in range(2, longest + 2):
        if len(z) >= 3 * lag:
            height[lag] = _correlation(_less_trend(z, lag), lag)
    best, least = 1, HIGH
    for lag in range(2, longest + 1):
        peak = height[lag] >= max(height[lag - 1], height[lag + 1])
        times = round(lag / best)
        multiple = best > 1 and times > 1 and abs(lag - times * best) <= (times + 1) / 2
        enough = height[lag] > least + (0.2 if multiple else 0.0)
        if peak and enough and _is_season(z, lag, float(height[lag])):
            best, least = lag, float(height[lag]) + 0.05
    return best


def _is_season(z: Array, lag: int, height: float) -> bool:
    """Whether a peak is no accident of noise, of a walk, or of a slow wave.

    Between no shift and a season's, the autocorrelation must have been much lower. And changes over an eighth of the
    season must come back a season later: a walk's do not.
    """
    left, step = _less_trend(z, lag), max(1, lag // 8)
    if height < UNLIKELY / np.sqrt(len(left) - lag):
        return False
    if min(_correlation(left, shorter) for shorter in range(1, lag)) > height - DIP:
        return False
    changes = z[step:] - z[:-step]
    usual = 1.4826 * float(np.median(np.abs(changes - np.median(changes))))
    changes = np.clip(changes - np.median(changes), -OUTLIER * usual, OUTLIER * usual) if usual > 0 else changes
    error = np.sqrt((1 + 2 * step / 3) / (len(changes) - lag))
    return bool(_correlation(changes - changes.mean(), lag) > SURE * error)


def _correlation(left: Array, lag: int) -> float:
    """Of a series of mean 0 (points,) with itself `lag` points later."""
    now, then = left[lag:], left[:-lag]
    size = float(now @ now) * float(then @ then)
    return float(now @ then) / float(np.sqrt(size)) if size > 1e-40 else 0.0


def _less_trend(z: Array, length: int) -> Array:
    """z less a centred moving average over `length` points, outliers cut down to size, mean 0."""
    up_to = np.concatenate([[0.0], np.cumsum(z - z[0])])
    if length % 2:
        trend = (up_to[length:] - up_to[:-length]) / length
    else:
        whole = (up_to[length:] - up_to[:-length]) / length
        trend = (whole[1:] + whole[:-1]) / 2
    first = length // 2
    left = z[first : first + len(trend)] - z[0] - trend
    usual = 1.4826 * float(np.median(np.abs(left - np.median(left))))
    if usual > 0:
        left = np.clip(left, np.median(left) - OUTLIER * usual, np.median(left) + OUTLIER * usual)
    return np.asarray(left - left.mean())


def _seasonal_means(z: Array, length: int) -> Array:
    left, first = _less_trend(z, length), length // 2
    place = (np.arange(len(left)) + first) % length
    means = np.bincount(place, left, length) / np.maximum(np.bincount(place, minlength=length), 1)
    return np.asarray(means[np.arange(len(z)) % length])
