"""A run's figures in words, the same on every page."""

from datetime import UTC, datetime

import numpy as np

LAST_VALUE, BEST_NAIVE = "repeating the last value", "the best naive forecast"
"""What a forecast is compared with: in the main job, and in a retraining."""


def headline(method: str, ratio: float | None, than: str = LAST_VALUE) -> str:
    """How a method's forecast compares with a naive one, whose error it has `ratio` times."""
    if ratio is None:
        return f"What {method} forecasts is not known to be right or wrong yet"
    if ratio >= 1:
        return f"The {method} forecast is no better than {than}"
    if ratio == 0:
        return f"The {method} forecast is right at every point"
    times = f"{float(f'{1 / ratio:.2g}'):g} times" if ratio < 0.667 else "a little"
    return f"The {method} forecast is {times} better than {than}"


def outcome(ratio: float | None) -> tuple[str, str]:
    """The same in two words, and whether that is good or bad."""
    if ratio is None:
        return "not known yet", ""
    return ("better than naive", "good") if ratio < 1 else ("no better than naive", "bad")


DECISIONS = {"promote": ("promoted", "good"), "keep": ("champion kept", ""), "serve naive": ("naive served", "bad")}
"""What a retraining decided, in two words."""


def moment(when: str) -> str:
    """A time in UTC, ISO, as people write it: 24 Nov 2026, 21:14; as it is when it is no time."""
    parsed = parse(when)
    return f"{parsed.day} {parsed:%b %Y, %H:%M}" if parsed else when


def parse(when: str) -> datetime | None:
    """A time from its ISO text, in UTC; None when it is none."""
    try:
        parsed = datetime.fromisoformat(when)
    except (ValueError, TypeError):
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def finite(value: object) -> float | None:
    """A number from a file, or None for what is no finite number."""
    return float(value) if isinstance(value, int | float) and np.isfinite(value) else None
