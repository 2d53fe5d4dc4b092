"""The page on why a forecast moved: a waterfall of the parts, a few words on each, and a table of all moments."""

from itertools import accumulate

from artifacts.lineage.forecast_change import ForecastChange
from artifacts.lineage.forecast_change_text import decimals_of, ends, mean_of, signed
from artifacts.web.blocks import Facts, Section
from artifacts.web.pages import render
from artifacts.web.waterfall import Bar, Waterfall


def as_page(change: ForecastChange, place: int | None = None) -> str:
    """The page, read without a network; its picture is of the average over the moments, or of the one at a `place`."""
    moved, decimals = change.moved, decimals_of(change)
    places = range(len(moved.at)) if place is None else [place]
    old, new = (sum(each[k] for k in places) / len(places) for each in (moved.old, moved.new))
    when = change.shown[places[0]] if len(places) == 1 else f"{change.shown[0]} to {change.shown[-1]}"
    of = f"of {when}" if len(places) == 1 else f"on the average of {len(places)} moments, {when},"
    total = signed(mean_of(moved.total, places), decimals)
    sections = [
        Section("The parts", ends(change), [_waterfall(change, places, old, new, decimals)]),
        Section("What has changed", "In the order in which it was changed.", [Facts(list(change.notes.items()))]),
    ]
    parts = [part for part in moved.parts if any(part.changes)]
    rows = [
        [change.shown[k], f"{moved.old[k]:.{decimals}f}", f"{moved.new[k]:.{decimals}f}",
         *(signed(part.changes[k], decimals) for part in parts)]
        for k in range(len(moved.at))
    ]  # fmt: skip
    return render(
        "forecast_change.html.j2",
        title="Why the forecast moved",
        lede=f"The forecast {of} was {old:.{decimals}f} and is {new:.{decimals}f}: {total}.",
        old=change.old,
        new=change.new,
        sections=sections,
        heads=["moment", "then", "now", *(part.cause for part in parts)],
        rows=rows,
    )


def _waterfall(change: ForecastChange, places: range | list[int], old: float, new: float, decimals: int) -> Waterfall:
    shares = [mean_of(part, places) for part in change.moved.parts]
    reached = [old + float(share) for share in accumulate(shares, initial=type(shares[0])(0))]
    figures = [signed(share, decimals) for share in shares]
    bars = [
        Bar(part.cause, begin, end, figure)
        for part, begin, end, figure in zip(change.moved.parts, reached[:-1], reached[1:], figures, strict=True)
    ]
    then, now = (Bar(name, y, y, f"{y:.{decimals}f}", whole=True) for name, y in (("then", old), ("now", new)))
    alt = "; ".join(f"{bar.name} {bar.figure}" for bar in [then, *bars, now])
    return Waterfall("From then to now", alt, [then, *bars, now])
