"""The report of an evaluation: sentences and rounded tables that state the network's losses as well as its wins."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from artifacts.files.evaluation import Evaluation
from artifacts.reports.evaluate_pictures import evaluation_pictures, title
from artifacts.reports.report import Report, Table, figure, percent, times_as
from artifacts.web.pages import markdown_table
from rnn.arrays import Array
from rnn.evaluation.benchmark import ARTICLE
from rnn.evaluation.benchmark_scores import NETWORK, Scores, Series, best_baseline, pooled, relative
from rnn.evaluation.methods import PEERS

FAR = 1.2
"""An error above the best peer's times this is far worse."""


def report(evaluation: Evaluation, config: Mapping[str, Any]) -> Report:
    """The evaluation's report: sentences, tables, all pictures."""
    scores = evaluation.scores()
    return Report(
        flow="evaluate",
        title="How well it forecasts, beside its peers",
        sentences=sentences(scores),
        tables=tables(scores),
        pictures=evaluation_pictures(evaluation),
        config=config,
    )


def comparison(evaluation: Evaluation) -> str:
    """The sentences and tables as Markdown without pictures, as shown in docs/evaluation.md."""
    scores = evaluation.scores()
    parts = ["\n".join(f"- {sentence}" for sentence in sentences(scores))]
    parts += [f"**{table.caption}**\n\n{markdown_table(table.rows)}" for table in tables(scores)]
    return "\n\n".join(parts) + "\n"


def tables(scores: Mapping[str, Series]) -> list[Table]:
    """All tables, first the network against the best peer."""
    return [
        Table(
            "The network against the best peer on each series: RMSE, on x·sin(x) the median over the seeds and the "
            "worst of them, on the others the mean over the origins and the worst of them",
            [against_best(name, methods) for name, methods in scores.items()],
        ),
        Table(
            "Every method's RMSE as a multiple of the best peer's on each series; 1.00 is that peer; "
            "– where training diverged",
            [relatives(name, methods) for name, methods in scores.items()],
        ),
        Table(
            "Intervals, the mean over all series: the share of the truth within them, for 90 % also in the first, "
            "second and last third of the horizon; and their width, relative to persistence's",
            [intervals(scores, method) for method in _methods(scores)],
        ),
        Table("Share of the truth within the 90 % intervals", [coverages(name, each) for name, each in scores.items()]),
        Table(
            "Every method on every series: the mean over all origins and steps; but the RMSE as in the first table, on "
            "x·sin(x) the median over the seeds",
            [detail(name, method, one) for name, methods in scores.items() for method, one in methods.items()],
        ),
    ]


def sentences(scores: Mapping[str, Series]) -> list[str]:
    """Sentences on where the network wins, where it loses, and how much of the truth its intervals hold."""
    lines = []
    if ARTICLE in scores:
        lines.append(_on_article(scores[ARTICLE]))
    others = {name: relative(methods)[NETWORK] for name, methods in scores.items() if name != ARTICLE}
    if others:
        lines += _on_others(scores, others)
    lines.append(
        f"Of the truth, {pooled(scores, NETWORK, 'inside90'):.0%} lies within its 90 % intervals and "
        f"{pooled(scores, NETWORK, 'inside50'):.0%} within its 50 % ones, the mean over all series; "
        f"{_least_covered(scores)}."
    )
    missing = [method for method in PEERS if method not in _methods(scores)]
    if missing:
        names = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
        lines.append(f"{names} did not take part.")
    return lines


def _on_article(methods: Series) -> str:
    network, article, peer = methods[NETWORK], methods["article"], best_baseline(methods)
    seeds = len(network.seed)
    return (
        f"On x·sin(x) the network is off by {figure(network.typical)} (median of {seeds} seeds, worst "
        f"{figure(network.worst)}), the article's recipe by {figure(article.typical)}, the best peer, {peer}, by "
        f"{figure(methods[peer].typical)} (worst {figure(methods[peer].worst)})."
    )


def _on_others(scores: Mapping[str, Series], ratios: Mapping[str, float]) -> list[str]:
    """One sentence for the wins, one for each loss, the worst first. `ratios`: the error over the best peer's."""
    won = [name for name, ratio in ratios.items() if ratio <= 1]
    lost = sorted((name for name in ratios if name not in won), key=lambda name: -ratios[name])
    names = f": {', '.join(title(name) for name in won)}" if won else ""
    which = "other series" if "xsinx" in scores else "series"
    wins = (
        f"On {len(won)} of {len(ratios)} {which} it is at least as good as the best of the peers, which is known "
        f"with hindsight only{names}."
    )
    return [wins, *(_loss(name, best_baseline(scores[name]), ratios[name]) for name in lost)]


def _loss(name: str, peer: str, ratio: float) -> str:
    how = "far worse than" if ratio > FAR else "worse than"
    return f"It loses on {title(name)}: {how} {peer}, {ratio:.2f} times its error."


def _least_covered(scores: Mapping[str, Series]) -> str:
    inside = {name: methods[NETWORK].mean("inside90") for name, methods in scores.items()}
    least = min(inside, key=lambda name: inside[name])
    return f"the 90 % ones hold least on {title(least)}, {inside[least]:.0%}"


def against_best(name: str, methods: Series) -> dict[str, str]:
    """A row on one series: the network and the best peer."""
    peer, network = best_baseline(methods), methods[NETWORK]
    return {
        "series": title(name),
        "this network": figure(network.typical),
        "its worst": figure(network.worst),
        "best peer": peer,
        "its RMSE": figure(methods[peer].typical),
        "the peer's worst": figure(methods[peer].worst),
        "network / best peer": times_as(relative(methods)[NETWORK]),
    }


def relatives(name: str, methods: Series) -> dict[str, str]:
    """A row on one series: every method's error over the best peer's."""
    return {"series": title(name), **{method: times_as(ratio) for method, ratio in relative(methods).items()}}


def intervals(scores: Mapping[str, Series], method: str) -> dict[str, str]:
    """A row on one method: the coverage and width of its intervals over all series."""
    thirds = np.array([_thirds(methods[method].inside90) for methods in scores.values()])
    known = thirds[np.isfinite(thirds).all(axis=1)]
    near, middle, far = known.mean(axis=0) if len(known) else (np.nan,) * 3
    widths = [methods[method].mean("width90") / methods["persistence"].mean("width90") for methods in scores.values()]
    finite = [width for width in widths if np.isfinite(width)]
    return {
        "method": method,
        "within 50 %": percent(pooled(scores, method, "inside50")),
        "within 90 %": percent(pooled(scores, method, "inside90")),
        "first third": percent(near),
        "second": percent(middle),
        "last": percent(far),
        "width of 90 %": times_as(float(np.median(finite)) if finite else np.nan),
    }


def _thirds(inside: Array) -> list[float]:
    """The means of `inside` (windows, horizon) over the first, second and last third of the horizon.

    With fewer than three steps, over the steps that there are.
    """
    parts = np.array_split(inside.mean(axis=0), min(3, inside.shape[1]))
    means = [float(part.mean()) for part in parts]
    return (means * 3)[:3] if len(means) < 3 else means


def coverages(name: str, methods: Series) -> dict[str, str]:
    """A row on one series: the coverage of every method's 90 % intervals."""
    return {"series": title(name), **{method: percent(one.mean("inside90")) for method, one in methods.items()}}


def detail(name: str, method: str, scores: Scores) -> dict[str, str]:
    """A row on one method and series: all figures."""
    return {
        "series": title(name),
        "method": method,
        "RMSE": figure(scores.typical),
        "MAE": figure(scores.mean("mae")),
        "MASE": figure(scores.mean("mase")),
        "quantile loss": figure(scores.mean("quantile_loss")),
        "within 50 %": percent(scores.mean("inside50")),
        "within 90 %": percent(scores.mean("inside90")),
        "width of 50 %": figure(scores.mean("width50")),
        "width of 90 %": figure(scores.mean("width90")),
    }


def _methods(scores: Mapping[str, Series]) -> list[str]:
    return list(next(iter(scores.values())))
