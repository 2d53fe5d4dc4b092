"""The monitor's status in words: a headline, one sentence, a table of errors, and all of it as Markdown."""

from collections.abc import Sequence

import numpy as np

from artifacts.lifecycle.monitor import Drift, Status, best_naive, served_live
from artifacts.web.pages import as_text, markdown_table
from rnn.arrays import AnyArray
from rnn.lifecycle.folds import NAIVE
from rnn.lifecycle.outcomes import Live

BROKEN_PROMISE, FEWEST_KEPT = 0.5, 8
"""Intervals that hold less than this share of at least so many points keep no promise: that is never called quiet."""


def headline(status: Status) -> str:
    """The state in a word or two: an anomaly, drift, intervals that do not hold, quiet, or nothing to judge yet."""
    served = served_live(status.live)
    if status.anomaly:
        return "Anomaly and drift" if status.drifts else "Anomaly"
    if status.drifts or status.feed:
        return "Drift" if status.drifts else "The feed is unhealthy"
    if status.drift is None or served is None or not status.drift.cycles:
        return "Nothing to judge yet"
    return "Not as promised" if breaks_promise(served) else "Quiet"


def breaks_promise(served: Live) -> bool:
    """Whether far fewer outcomes lie within the 90 % intervals than promised."""
    return int(served.points.sum()) >= FEWEST_KEPT and bool(served.coverage90 < BROKEN_PROMISE)


def sentence(methods: Sequence[Live], test: Drift | None, ended: str | None, anomaly: str | None = None) -> str:
    """One sentence: anomaly, drift or quiet, and the error of the served forecasts beside the best naive one's.

    `ended`: the last time of the cycle in which drift was last found. `anomaly`: absurd outcomes, in a sentence.
    """
    served, naive = served_live(methods), best_naive(methods)
    if served is None:
        return "Nothing to judge yet: no forecast has an outcome."
    beside = "" if naive is None else f", {_times(served.error, naive.error)} that of '{naive.method}'"
    holds = "" if np.isnan(served.coverage90) else f", and {served.coverage90:.0%} lay within its 90 % intervals"
    so_far = f"over {int(served.points.sum())} forecast points the error was {served.error:.3g}{beside}{holds}"
    drifts = _drift_in_words(test, ended) if test is not None and test.now else None
    if anomaly or drifts:
        begins = ". ".join(each for each in (anomaly, drifts) if each)
    elif test is None:
        begins = "Nothing to judge yet: the champion's forecasts have no outcome"
    elif breaks_promise(served):
        begins = f"Not as promised, though without drift in the last {_cycles_without_drift(test)}"
    elif not test.cycles:
        begins = "Nothing to judge yet: no cycle of the champion's is over"
    else:
        begins = f"Quiet: no drift in the last {_cycles_without_drift(test)}"
    return f"{begins}; {so_far}."


def _drift_in_words(test: Drift, ended: str | None) -> str:
    return (
        f"Drift: up to {ended} the champion's errors, relative to its intervals, were {test.times_usual:.1f} times as "
        "large as usual"
    )


def _cycles_without_drift(test: Drift) -> str:
    count = test.cycles - (test.found[-1] if test.found else 0)
    return "cycle" if count == 1 else f"{count} cycles"


def _times(error: float, other: float) -> str:
    return f"{error / other:.2g} times" if other else "beside none at all of"


SHOWN = 12
"""Steps of a horizon that the table shows at most."""


def error_table(methods: Sequence[Live]) -> list[dict[str, str]]:
    """One row a step ahead: the errors of the served and the naive forecasts, and the coverage of the intervals."""
    served = served_live(methods)
    if served is None:
        return []
    naive = [method for method in methods if method.method in NAIVE]
    places = np.unique(np.linspace(0, len(served.step) - 1, min(SHOWN, len(served.step))).round().astype(int))
    return [
        {
            "groups ahead": str(served.step[i]),
            "points": str(served.points[i]),
            "served": f"{served.rmse[i]:.3g}",
            **{method.method: _rmse_at(method, served.step[i]) for method in naive},
            "within 50 %": _share(served.inside50[i]),
            "within 90 %": _share(served.inside90[i]),
        }
        for i in places.tolist()
    ]


def _rmse_at(method: Live, step: AnyArray) -> str:
    rmse = method.rmse[method.step == step]
    return f"{rmse[0]:.3g}" if len(rmse) else "–"


def _share(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.0%}"


def markdown(status: Status) -> str:
    """The status as Markdown, for a Prefect artifact."""
    table = markdown_table(error_table(status.live))
    left_out = "".join(f"- {as_text(run)} was left out: {as_text(why)}\n" for run, why in status.unreadable.items())
    return (
        f"# {headline(status)}\n\n{as_text(status.sentence)}\n\n"
        f"Newest data: {as_text(status.newest)}. Champion: {as_text(status.champion or 'none yet')}. "
        f"{status.added} outcomes came in, {status.points} are in the ledger{marks(status)}.\n\n{left_out}\n{table}\n"
    )


def marks(status: Status) -> str:
    """How many lines of the ledger were revised just now, were scored by values since restated, or are voided."""
    counts = [
        (status.revised, "revised just now"),
        (status.restated, "scored by values that were restated since"),
        (status.voided, "voided"),
    ]
    return "".join(f", {count} {what}" for count, what in counts if count)
