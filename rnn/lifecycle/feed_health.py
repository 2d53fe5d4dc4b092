"""Health of the feed: does what has arrived look like what arrived before? Asked before anything is forecast from it.

Five things go wrong with feeds again and again, and a drift test notices them days later, or learns them: nothing new
(stale), one value for ever (flat), rows that are not in (incomplete), values beyond all that came before (out of
range), and values in the wrong place (shifted in time). Each rule compares the newest points with the series' own past,
so that it asks for nothing to be set; each finding is one sentence. OpenSTEF checks energy feeds so (flatliner and
completeness checks).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.lifecycle.feed_shift import copied_from, moved_by, profile_moved_by
from rnn.lifecycle.restatement import changed

Kind: TypeAlias = Literal["stale", "flat", "incomplete", "out of range", "shifted", "refused"]
"""What is wrong; "refused" are data that do not continue the store's series, of which no rule here is asked."""

FEWEST = 20
"""Fewer points of the past say nothing of what is usual."""

LOOKED_AT = 2000
"""So many of the newest points are looked at."""

FLAT = 4
"""Fewer equal values in a row are no finding."""

RARE = 0.01
"""Fewer equal values in a row are doubtful when they would come by chance less often than this."""

MOST_DOUBTED = 4
"""Values doubted beyond the longest stretch of equal ones so far; then the feed is flat, or they are learned."""

BEYOND = 3.0
"""A value is out of range when it lies so many times the range of all earlier ones beyond them, or more, …"""

JUMP = 3.0
"""… and the jump to it is so many times the largest before."""

SMALLER = 50.0
"""A block of values is out of range, too, when it is so many times smaller than any block of the past."""

MISSING = 0.5
"""The newest rows are incomplete when more than this share of them is missing, or had to be filled."""

PATIENCE = 1.5
"""Nothing new is stale after so many times the longest wait so far, or the longest step of late if that is longer."""

SELDOM = 0.02
"""As many of the waits as this share, the longest, are no rule: a feed that was late once may not be late for ever."""

ARRIVALS = 8
"""From fewer arrivals the usual wait cannot be told, a weekend not being among them: then it is stale after …"""

PATIENCE_AT_FIRST = 4.0
"""… so many steps of the calendar. Where times are numbers it cannot be told."""

DAY = 86_400.0
"""Seconds; the least that counts as a wait where times are numbers."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a feed: its kind, and a sentence.

    `since`: the time at which it begins, as text: of one kind and beginning there is one finding, however often it is
    found.
    """

    kind: Kind
    sentence: str
    since: str

    @property
    def name(self) -> str:
        """A name by which it is announced only once."""
        return f"{self.kind} since {self.since}"


@dataclass(frozen=True)
class Delivery:
    """What has arrived: `y` (points,), of which the newest so many are `new`, and `shown`, the time of each as text.

    `before`: the values that the earlier points had when they were last good (points − new,), NaN where there was
    none; None at the first look. `per_hour`, `per_day`: steps of the series in an hour and a day, 0 where that is no
    whole number. `filled`: how many of the newest values were filled, because the rows had none. `missing`: how many
    points that were there before are not there any more.
    """

    y: Array
    new: int
    shown: Callable[[int], str]
    before: Array | None = None
    per_hour: int = 0
    per_day: int = 0
    filled: int = 0
    missing: int = 0


def findings(delivery: Delivery) -> tuple[Finding, ...]:
    """All that is wrong with what has arrived; empty for a healthy feed."""
    return tuple(finding for check in (flat, incomplete, out_of_range, shifted) for finding in check(delivery))


def flat(delivery: Delivery) -> Iterator[Finding]:
    """The newest values are all the same, for more than twice as long as ever before."""
    lasted, longest = _equal_values(delivery)
    before = min(len(delivery.y), LOOKED_AT) - lasted
    if lasted >= max(FLAT, 2 * longest + 1) and before >= max(FEWEST, lasted):
        since = delivery.shown(len(delivery.y) - lasted)
        yield Finding("flat", _all_equal(delivery, lasted, longest), since)


def doubt(delivery: Delivery) -> str:
    """A sentence where the newest values may be the beginning of a flat stretch, too short to be called one; else "".

    They are equal for longer than ever before, which neighbours of this series are so rarely that it is no chance. The
    next value tells: until then nothing should be learned from them. Where equal values are nothing new, as prices that
    stay, that lasts MOST_DOUBTED values: a forecast from the data before would grow too old.
    """
    lasted, longest = _equal_values(delivery)
    past = delivery.y[-LOOKED_AT:][: -lasted or None]
    if not longest < lasted <= longest + MOST_DOUBTED or len(past) < FEWEST:
        return ""
    chance = (np.count_nonzero(np.diff(past) == 0) + 1) / len(past)
    return _all_equal(delivery, lasted, longest) if chance ** (lasted - 1) < RARE else ""


def _equal_values(delivery: Delivery) -> tuple[int, int]:
    """How many of the newest values are equal, and how many in a row were at most before; 0, 0 where that is no news.

    It is news where one of them is new, or is not what it was when the data were last good.
    """
    y = delivery.y[-LOOKED_AT:]
    changes = np.flatnonzero(np.diff(y)) + 1
    if not len(changes):
        return 0, 0
    lasted = len(y) - int(changes[-1])
    if not delivery.new and (delivery.before is None or not _replaced(delivery.y, delivery.before)[-lasted:].any()):
        return 0, 0
    return lasted, int(np.diff(np.concatenate([[0], changes])).max())


def _replaced(y: Array, before: Array) -> AnyArray:
    """Which values (points,) are not what they were, or stand where none was."""
    return np.isnan(before) | changed(before, y)


def _all_equal(delivery: Delivery, lasted: int, longest: int) -> str:
    since = delivery.shown(len(delivery.y) - lasted)
    same = "no two neighbouring values were" if longest == 1 else f"at most {longest} in a row were"
    return f"The last {lasted} values, since {since}, are all {delivery.y[-1]:.6g}; before, {same} the same."


def incomplete(delivery: Delivery) -> Iterator[Finding]:
    """Points that were there are gone, or most of the newest rows have no value of their own."""
    last = delivery.shown(len(delivery.y) - 1)
    if delivery.missing:
        one, many = "1 point that was there before is", f"{delivery.missing} points that were there before are"
        yield Finding("incomplete", f"The data end at {last}: {one if delivery.missing == 1 else many} missing.", last)
    elif delivery.new and delivery.filled / delivery.new > MISSING:
        first = delivery.shown(len(delivery.y) - delivery.new)
        yield Finding(
            "incomplete",
            f"Of the {delivery.new} newest rows, since {first}, {min(delivery.filled, delivery.new)} have no value of "
            "their own.",
            first,
        )


def out_of_range(delivery: Delivery) -> Iterator[Finding]:
    """The newest values lie far beyond everything before them, have another sign, or are many times smaller."""
    past, newest = _split(delivery)
    if len(past) < FEWEST or not len(newest):
        return
    low, high = float(past.min()), float(past.max())
    spread, jump = high - low, float(np.abs(np.diff(past)).max())
    if spread <= 0:
        return
    beyond = np.maximum(newest - high, low - newest)
    before = np.concatenate([past[-1:], newest[:-1]])
    far = (beyond >= BEYOND * spread) & (np.abs(newest - before) >= JUMP * jump)
    sign = (beyond >= spread / 2) & ((newest < 0) & (low >= 0) | (newest > 0) & (high <= 0))
    wrong = np.flatnonzero(far | sign)
    if len(wrong):
        at, value = int(wrong[0]), float(newest[wrong[0]])
        since = delivery.shown(len(delivery.y) - len(newest) + at)
        how = "has another sign than all before it" if sign[at] and not far[at] else _how_far(value, low, high)
        more = f", and {len(wrong) - 1} more like it" if len(wrong) > 1 else ""
        yield Finding(
            "out of range",
            f"The value of {since}, {value:.6g}, {how}{more}; before, all lay from {low:.6g} to {high:.6g}.",
            since,
        )
        return
    yield from _smaller(delivery, past, newest)


def _split(delivery: Delivery) -> tuple[Array, Array]:
    """The past that is looked at, and the newest values."""
    end = len(delivery.y) - delivery.new
    return delivery.y[max(0, end - LOOKED_AT) : end], delivery.y[end:]


def _how_far(value: float, low: float, high: float) -> str:
    size, largest = abs(value), max(abs(low), abs(high))
    return f"is {size / largest:.3g} times as large as any before" if size > largest else "is far from all before"


def _smaller(delivery: Delivery, past: Array, newest: Array) -> Iterator[Finding]:
    """A block of values in another unit: a thousandth of what they were is within the range of much that touches 0."""
    size = len(newest)
    if size < 3 or len(past) < 5 * size:
        return
    means = np.convolve(np.abs(past), np.full(size, 1 / size), mode="valid")
    mean, least = float(np.abs(newest).mean()), float(means.min())
    if mean > 0 and mean * SMALLER < least:
        since = delivery.shown(len(delivery.y) - size)
        yield Finding(
            "out of range",
            f"The {size} newest values, since {since}, are {least / mean:.3g} times smaller than any {size} in a row "
            "before.",
            since,
        )


def shifted(delivery: Delivery) -> Iterator[Finding]:
    """The newest values are those of earlier times again, or stand at other times than such values stood at."""
    y = delivery.y[-LOOKED_AT:]
    if len(y) < FEWEST:
        return
    if delivery.before is not None:
        known = delivery.y[: len(delivery.before)]
        moved = moved_by(known[-LOOKED_AT:], delivery.before[-LOOKED_AT:], max(1, delivery.per_day))
        if moved:
            last = delivery.shown(len(known) - 1)
            yield Finding(
                "shifted", f"Up to {last} all values stand {_steps(moved, delivery)} than they did before.", last
            )
            return
    if not delivery.new:
        return
    copied = copied_from(y)
    if copied is not None:
        count, lag = copied
        since = delivery.shown(len(delivery.y) - count)
        earlier = delivery.shown(len(delivery.y) - count - lag)
        yield Finding("shifted", f"The last {count} values, since {since}, are those since {earlier} again.", since)
        return
    moved = profile_moved_by(y, delivery.new, delivery.per_hour, delivery.per_day)
    if moved:
        since = delivery.shown(len(delivery.y) - delivery.new)
        yield Finding(
            "shifted",
            f"The {delivery.new} newest values, since {since}, follow the usual day {_steps(moved, delivery)}: did a "
            "clock change?",
            since,
        )


def _steps(moved: int, delivery: Delivery) -> str:
    """A shift in words: "1 hour later"."""
    size, way = abs(moved), "later" if moved > 0 else "earlier"
    for per, word in ((delivery.per_day, "day"), (delivery.per_hour, "hour")):
        if per and size % per == 0:
            count = size // per
            return f"{count} {word}{'s' if count > 1 else ''} {way}"
    return f"{size} step{'s' if size > 1 else ''} {way}"


def stale(
    waited: float, gaps: AnyArray, step: float | None, newest: str, a_week_ago: float = 0.0, rest: float = 0.0
) -> Finding | None:
    """Nothing new has come for longer than usual, or None.

    `waited`: seconds since something new was seen. `gaps` (arrivals − 1,): seconds between earlier arrivals (see
    `waits.waits`). `step`: the longest step between points of late, in seconds; None where times are numbers. `newest`:
    the time of the newest point, as text. `a_week_ago`: the wait that began a week before this one, which may be long
    again. `rest`: how far the next value may be from the newest one at this time of the year (`quiet_days`).
    """
    if len(gaps) + 1 >= ARRIVALS:
        seldom = round(SELDOM * len(gaps))
        usual = max(float(np.sort(gaps)[-1 - seldom]), a_week_ago)
        but = ", but for the rarest," if usual < gaps.max() else ""
        why, longest = f"the longest wait before{but} was {in_words(usual)}", max(usual, step or DAY)
        limit = PATIENCE * longest
    elif step is not None:
        why, longest = f"its times are {in_words(step)} apart", step
        limit = PATIENCE_AT_FIRST * step
    else:
        return None
    if rest + (PATIENCE - 1) * longest > limit:
        limit, why = rest + (PATIENCE - 1) * longest, f"at this time of the year {in_words(rest)} are usual"
    if waited <= limit:
        return None
    return Finding("stale", f"Nothing new has come for {in_words(waited)}, after {newest}; {why}.", newest)


def older_than(age: float, allowed: float, newest: str) -> Finding | None:
    """The newest value is older than a user allows, or None; both in seconds."""
    if age <= allowed:
        return None
    sentence = f"The newest value is of {newest}, {in_words(age)} ago; {in_words(allowed)} are allowed."
    return Finding("stale", sentence, newest)


def in_words(seconds: float) -> str:
    """A duration as a person says it, in one unit: "2 days", "36 hours", "5 minutes"."""
    for size, word in ((DAY, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size or (seconds >= 0.95 * size and abs(seconds - size) < 0.05 * size):
            count = round(seconds / size)
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "moments" if seconds < 1 else f"{round(seconds)} second{'s' if round(seconds) > 1 else ''}"
