"""What a run on the user's own data has found out: how good each method was at earlier origins, and what was read."""

from collections.abc import Mapping
from typing import Any

from artifacts.contents import FOUND, Contents
from rnn.gate_folds import NAIVE
from rnn.judging import Score
from rnn.source.found import Found


def verdict_in_hindsight(run: Contents) -> list[str]:
    """In plain sentences: every trained recipe against the naive forecasts, which method was best, and its interval."""
    if not run.hindsight:
        return [
            "What really follows is not known yet, and the series is too short to forecast from an earlier point of "
            "it: nothing is known of how good these forecasts are."
        ]
    naive = min((name for name in NAIVE if name in run.hindsight), key=lambda name: run.hindsight[name].rmse)
    sentences = [_where(run)]
    for recipe in run.recipes:
        error, bar = run.hindsight[recipe].rmse, run.hindsight[naive].rmse
        compared = "better" if error < bar else "worse" if error > bar else "no better"
        sentences.append(
            f"There, the forecast of recipe '{recipe}' was off by {error:.3g}: {compared} than the best naive one, "
            f"'{naive}' ({bar:.3g})."
        )
    best = min(run.hindsight, key=lambda name: _rank(run.hindsight[name]))
    sentences.append(f"The best forecast there was '{best}', off by {run.hindsight[best].rmse:.3g}{_held(run, best)}.")
    if best not in run.recipes:
        sentences.append(f"Unless the series changes, '{best}' is the forecast to use.")
    return sentences


def caption(run: Contents) -> str:
    """What the table of errors is of."""
    return (
        f"How good each method was at {len(run.origins)} earlier origins, knowing only what was before: RMSE over all "
        "points and over the first step, and the share of what came inside the 90 % interval; the best first"
    )


def file_table(made: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was read from the file, and what was mended: one row a fact. Empty for a generated series.

    `made` is what the data set's own file says of it.
    """
    told: Mapping[str, Any] | None = made.get(FOUND)
    if told is None:
        return []
    found = Found(**told)
    facts = {
        "file": f"{found.file} ({found.kind})",
        "digest": f"SHA-256 {made['digest']}",
        "rows": str(found.rows),
        "times": f"column '{found.time_column}' ({found.time_how}), {found.spacing}",
        "values": f"column '{found.value_column}' ({found.value_how})",
        "from, to": f"{found.first}, {found.last}",
        "points": str(found.points),
        "season": f"{found.period} points" if found.period > 1 else "none found",
        "gaps in the times": str(found.gaps),
        "mended": ", ".join(f"{what} {times}" for what, times in found.repairs.items()) or "nothing",
    }
    return [{"what was read": what, "": fact} for what, fact in facts.items()]


def _where(run: Contents) -> str:
    places = [run.axis.shown(float(run.series.x[origin])) for origin in (run.origins[0], run.origins[-1])]
    count = len(run.origins)
    between = f"at {count} earlier origins, from {places[0]} to {places[1]}" if count > 1 else f"once, at {places[0]}"
    return f"What really follows is not known yet. So each method has forecast as much {between}, from what was before."


def _rank(score: Score) -> float:
    return score.rmse if score.rmse == score.rmse else float("inf")


def _held(run: Contents, best: str) -> str:
    held = run.hindsight[best].intervals
    return f"; its 90 % interval held {held.coverage90:.0%} of what came" if held else ""
