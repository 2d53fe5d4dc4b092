"""The page on why a forecast moved: a waterfall of the parts, a few words on each, and a table of all moments."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any
from urllib.parse import quote

from artifacts.lineage.forecast_change import ForecastChange
from artifacts.lineage.forecast_change_text import decimals_of, ends, mean_of, signed
from artifacts.web.blocks import Section
from artifacts.web.pages import render
from artifacts.web.waterfall import Bar, Waterfall


def as_page(change: ForecastChange, place: int | None = None, reports: Sequence[str] | None = None) -> str:
    """The page, read without a network; its picture is of the average over the moments, or of the one at a `place`.

    `reports`: of a page that is kept in the gallery, those of the two runs that have a page of their own.
    """
    decimals, places = decimals_of(change), _places(change, place)
    then, now = _ends(change, places)
    sections = [
        Section("The parts", ends(change), [_waterfall(change, places, then, now, decimals)]),
    ]
    return render(
        "forecast_change.html.j2",
        title="Why the forecast moved",
        lede=_sentence(change, places),
        runs=[(name, f"../../{quote(name)}/report.html" if name in (reports or ()) else "")
              for name in (change.old, change.new)],
        in_gallery=reports is not None,
        sections=sections,
        **_table(change, decimals),
    )  # fmt: skip


def in_a_sentence(change: ForecastChange) -> str:
    """The whole change, and its largest part, in a sentence each."""
    places, decimals = _places(change, None), decimals_of(change)
    largest = max(change.attribution.contributions, key=lambda part: abs(mean_of(part, places)))
    share = mean_of(largest, places)
    most = (
        f"The largest part: {largest.cause}, {signed(share, decimals)}." if share else "No cause moved it on average."
    )
    return f"{_sentence(change, places)} {most}"


def _places(change: ForecastChange, place: int | None) -> Sequence[int]:
    return range(len(change.attribution.at)) if place is None else [place]


def _ends(change: ForecastChange, places: Sequence[int]) -> tuple[float, float]:
    """The old and the new forecast, on average over the places."""
    attribution = change.attribution
    return sum(attribution.old[k] for k in places) / len(places), sum(attribution.new[k] for k in places) / len(places)


def _sentence(change: ForecastChange, places: Sequence[int]) -> str:
    (then, now), decimals = _ends(change, places), decimals_of(change)
    total = signed(mean_of(change.attribution.total, places), decimals)
    first = change.shown[places[0]]
    of = f"The forecast of {first}"
    if len(places) > 1:
        last = change.shown[places[-1]]
        of = f"On average over the {len(places)} moments that both speak of, {first} to {last}, the forecast"
    return f"{of} was {then:.{decimals}f} and is {now:.{decimals}f}: {total}."


def _table(change: ForecastChange, decimals: int) -> dict[str, list[Any]]:
    """A row a moment: then, now, and each part that is not nothing everywhere."""
    attribution = change.attribution
    parts = [part for part in attribution.contributions if any(part.changes)]
    rows = [
        [change.shown[k], f"{attribution.old[k]:.{decimals}f}", f"{attribution.new[k]:.{decimals}f}",
         *(signed(part.changes[k], decimals) for part in parts)]
        for k in range(len(attribution.at))
    ]  # fmt: skip
    return {"heads": ["moment", "then", "now", *(part.cause for part in parts)], "rows": rows}


def _waterfall(change: ForecastChange, places: Sequence[int], old: float, new: float, decimals: int) -> Waterfall:
    shares = [mean_of(part, places) for part in change.attribution.contributions]
    reached = [old + float(share) for share in accumulate(shares, initial=type(shares[0])(0))]
    figures = [signed(share, decimals) for share in shares]
    bars = [
        Bar(name=part.cause, begin=begin, end=end, figure=figure, note=change.notes[part.cause])
        for part, begin, end, figure in zip(
            change.attribution.contributions, reached[:-1], reached[1:], figures, strict=True
        )
    ]
    then, now = (
        Bar(name=name, begin=y, end=y, figure=f"{y:.{decimals}f}", whole=True)
        for name, y in (("then", old), ("now", new))
    )
    return Waterfall("From then to now", [then, *bars, now])
