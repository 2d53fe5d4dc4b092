"""The text of why a forecast moved, for a terminal, and the same as JSON."""

import json
import textwrap
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from artifacts.lineage.forecast_change import ForecastChange
from rnn.lifecycle.attribution import CAUSES, Contribution

WIDTH = 96
DIGITS = 3
"""Digits of the largest part."""


def as_text(change: ForecastChange, place: int | None = None) -> str:
    """A table of the parts, on the average over the moments and at each; with a `place` among them, there alone."""
    attribution = change.attribution
    places = range(len(attribution.at)) if place is None else [place]
    decimals = decimals_of(change)
    old, new = (float(np.mean([each[k] for k in places])) for each in (attribution.old, attribution.new))
    when = change.shown[places[0]] if len(places) == 1 else f"{change.shown[0]} to {change.shown[-1]}"
    spoken = "one moment" if place is None and len(places) == 1 else f"{len(places)} moments"
    of = when if place is not None else f"the {spoken} that both speak of, {when}: on the average"
    lines = [
        f"From the forecast of {change.old} to that of {change.new},",
        f"for {of} {old:.{decimals}f} → {new:.{decimals}f}",
        "",
    ]
    width = max(map(len, CAUSES))
    for part in attribution.contributions:
        lines += _row(part.cause, mean_of(part, places), change.notes[part.cause], decimals, width)
    lines += _row("all", mean_of(attribution.total, places), "the sum of the parts, exactly", decimals, width)
    lines += ["", *textwrap.wrap(ends(change), WIDTH)]
    if place is None and len(places) > 1:
        lines += ["", *_by_moment(change, decimals)]
    return "\n".join(lines)


def as_json(change: ForecastChange, place: int | None = None) -> str:
    """The same for machines; numbers are the nearest ones to the exact parts."""
    attribution = change.attribution
    places = range(len(attribution.at)) if place is None else [place]
    content: dict[str, Any] = {
        "old": change.old,
        "new": change.new,
        "order": list(CAUSES),
        "begins_to_the_bit": attribution.begins,
        "ends_to_the_bit": attribution.ends,
        "trainings": change.trainings,
        "notes": change.notes,
        "mean": {part.cause: float(mean_of(part, places)) for part in attribution.contributions},
        "total": float(mean_of(attribution.total, places)),
        "moments": [
            {
                "at": change.shown[k], "old": attribution.old[k], "new": attribution.new[k],
                "parts": {part.cause: float(part.changes[k]) for part in attribution.contributions},
            }
            for k in places
        ],
    }  # fmt: skip
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def mean_of(part: Contribution, places: Sequence[int]) -> Fraction:
    """A part on the average over some of its moments."""
    return sum((part.changes[k] for k in places), Fraction(0)) / len(places)


def ends(change: ForecastChange) -> str:
    """A sentence on whether both ends of the chain are what was served, and on what it took."""
    attribution = change.attribution
    trained = {0: "Nothing was trained", 1: "One model was trained"}.get(
        change.trainings, f"{change.trainings} models were trained"
    )
    order = "Causes were changed one after the other, in this order; what two cause together counts to the later one."
    if attribution.begins and attribution.ends:
        return f"Both ends of the chain are the served forecasts to the bit. {trained} for it. {order}"
    which = " and ".join(name for name, same in (("first", attribution.begins), ("last", attribution.ends)) if not same)
    return f"The {which} link is not the served forecast to the bit, which counts as said above. {trained}. {order}"


def decimals_of(change: ForecastChange) -> int:
    """The decimals by which the largest part has DIGITS digits."""
    largest = max((abs(float(each)) for part in change.attribution.contributions for each in part.changes), default=0.0)
    return 0 if largest == 0 else int(np.clip(DIGITS - 1 - np.floor(np.log10(largest)), 0, 12))


def signed(value: Fraction, decimals: int) -> str:
    """A change with its sign; what is exactly nothing is 0."""
    return f"{float(value):+.{decimals}f}" if value else "0"


def _row(name: str, value: Fraction, note: str, decimals: int, width: int) -> list[str]:
    head = f"  {name:{width}}  {signed(value, decimals):>12}  "
    return textwrap.wrap(
        note, WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _by_moment(change: ForecastChange, decimals: int) -> list[str]:
    """A row a moment: then, now, and the parts that are not nothing everywhere."""
    attribution = change.attribution
    parts = [part for part in attribution.contributions if any(part.changes)]
    heads = ["then", "now", *(part.cause for part in parts)]
    rows = [
        [f"{attribution.old[k]:.{decimals}f}", f"{attribution.new[k]:.{decimals}f}",
         *(signed(part.changes[k], decimals) for part in parts)]
        for k in range(len(attribution.at))
    ]  # fmt: skip
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    first = max(map(len, change.shown))

    def line(name: str, cells: list[str]) -> str:
        return f"  {name:{first}}  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))

    return [line("", heads), *(line(change.shown[k], row) for k, row in enumerate(rows))]
