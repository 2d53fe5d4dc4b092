"""Phrases for a run's figures, the same on every page."""

from datetime import UTC, datetime

import numpy as np

REPEATS = {"persistence": "repeating the last value", "seasonal naive": "repeating the last season"}
"""The naive forecasts, by method, as people say what they do."""


def headline(method: str, ratio: float | None, naive: str | None) -> str:
    """A method's forecast compared with the `naive` one, in a sentence; `ratio`: its error over the naive one's.

    Where the naive forecast is as good or better, the sentence says that it is the one to use.
    """
    if ratio is None or naive is None:
        return f"The error of the {method} forecast is not known yet"
    than = REPEATS.get(naive, naive)
    if not ratio < 1:
        return f"The {method} forecast is no better than {than}: use '{naive}'"
    if ratio == 0:
        return f"The {method} forecast is right at every point"
    times = 1 / ratio
    better = f"{times:.0f} times" if times >= 100 else f"{times:.3g} times" if times > 1.5 else "a little"
    return f"The {method} forecast is {better} better than {than}"


def tag(ratio: float | None) -> tuple[str, str]:
    """The same comparison in a few words, and "good", "bad" or ""."""
    if ratio is None:
        return "not known yet", ""
    return ("better than naive", "good") if ratio < 1 else ("no better than naive", "bad")


DECISIONS = {"promote": ("promoted", "good"), "keep": ("champion kept", ""), "serve naive": ("naive served", "bad")}
"""The tag of a retraining, by its decision."""


def moment(when: str) -> str:
    """A time (UTC, ISO) for reading: 24 Nov 2026, 21:14; any other text is returned unchanged."""
    parsed = parse(when)
    return f"{parsed.day} {parsed:%b %Y, %H:%M}" if parsed else when


def day_of(clock: datetime) -> str:
    """A time for a sentence: 3 January 2026, with the time of day where that is not midnight."""
    day = f"{clock.day} {clock:%B %Y}"
    return day if clock.time() == datetime.min.time() else f"{day}, {clock:%H:%M}"


def parse(when: str) -> datetime | None:
    """A time from its ISO text, in UTC; None for any other text."""
    try:
        parsed = datetime.fromisoformat(when)
    except (ValueError, TypeError):
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def finite(value: object) -> float | None:
    """A value from a file as a number; None if it is not finite or no number."""
    return float(value) if isinstance(value, int | float) and np.isfinite(value) else None


def count(number: int, what: str) -> str:
    """Count with a noun: 1 group, 2 groups."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
