"""What an evaluation has found out, in plain sentences and rounded tables, the network's losses as well as its wins."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from artifacts.files.evaluation import Evaluation
from artifacts.reports.evaluate_pictures import evaluation_pictures, title
from artifacts.reports.report import Report, Table, figure, percent, times_as
from artifacts.web.pages import markdown_table
from rnn.evaluation.benchmark import ARTICLE
from rnn.evaluation.benchmark_scores import NETWORK, Scores, Series, best_baseline, pooled, relative
from rnn.evaluation.methods import PEERS

FAR = 1.2
"""Worse than so many times the best peer is far worse."""


def report(found: Evaluation, config: Mapping[str, Any]) -> Report:
    """The evaluation's report: the verdict, the tables, all pictures."""
    every = found.marks()
    return Report(
        flow="evaluate",
        title="How well it forecasts, beside its peers",
        verdict=verdict(every),
        tables=tables(every),
        pictures=evaluation_pictures(found),
        config=config,
    )


def comparison(found: Evaluation) -> str:
    """The verdict and the tables as Markdown without the pictures, as docs/evaluation.md shows them."""
    every = found.marks()
    parts = ["\n".join(f"- {sentence}" for sentence in verdict(every))]
    parts += [f"**{each.caption}**\n\n{markdown_table(each.rows)}" for each in tables(every)]
    return "\n\n".join(parts) + "\n"


def tables(every: Mapping[str, Series]) -> list[Table]:
    """All tables, the one with the network against the best peer first."""
    return [
        Table(
            "The network against the best peer on each series: RMSE, on x·sin(x) the median over the seeds and the "
            "worst of them, on the others the mean over the origins and the worst of them",
            [against_best(name, methods) for name, methods in every.items()],
        ),
        Table(
            "Every method's RMSE as so many times that of the best peer on each series; 1.00 is that peer; "
            "– where training diverged",
            [relatives(name, methods) for name, methods in every.items()],
        ),
        Table(
            "Intervals, the mean over all series: the share of the truth within them, for 90 % also in the first, "
            "second and last third of the horizon; and their width, relative to persistence's",
            [intervals(every, method) for method in _methods(every)],
        ),
        Table("Share of the truth within the 90 % intervals", [coverages(name, each) for name, each in every.items()]),
        Table(
            "Every method on every series: the mean over all origins and steps; but the RMSE as in the first table, on "
            "x·sin(x) the median over the seeds",
            [detail(name, method, one) for name, methods in every.items() for method, one in methods.items()],
        ),
    ]


def verdict(every: Mapping[str, Series]) -> list[str]:
    """Where the network stands, in plain sentences: where it wins, where it loses, and what its intervals hold."""
    told = []
    if ARTICLE in every:
        told.append(_on_article(every[ARTICLE]))
    others = {name: relative(methods)[NETWORK] for name, methods in every.items() if name != ARTICLE}
    if others:
        told += _on_others(every, others)
    told.append(
        f"Of the truth, {pooled(every, NETWORK, 'inside90'):.0%} lies within its 90 % intervals and "
        f"{pooled(every, NETWORK, 'inside50'):.0%} within its 50 % ones, the mean over all series; "
        f"{_least_covered(every)}."
    )
    missing = [method for method in PEERS if method not in _methods(every)]
    if missing:
        told.append(f"{' and '.join(missing)} did not take part.")
    return told


def _on_article(methods: Series) -> str:
    network, article, peer = methods[NETWORK], methods["article"], best_baseline(methods)
    seeds = len(network.seed)
    return (
        f"On x·sin(x) the network is off by {figure(network.typical)} (median of {seeds} seeds, worst "
        f"{figure(network.worst)}), the article's recipe by {figure(article.typical)}, the best peer, {peer}, by "
        f"{figure(methods[peer].typical)} (worst {figure(methods[peer].worst)})."
    )


def _on_others(every: Mapping[str, Series], times: Mapping[str, float]) -> list[str]:
    """One sentence for the wins, one for each loss, the worst first."""
    won = [name for name, ratio in times.items() if ratio <= 1]
    lost = sorted((name for name in times if name not in won), key=lambda name: -times[name])
    listed = f": {', '.join(title(name) for name in won)}" if won else ""
    told = [
        f"On {len(won)} of {len(times)} other series it is at least as good as the best of the peers, which is known "
        f"with hindsight only{listed}."
    ]
    for name in lost:
        how = "far worse than" if times[name] > FAR else "worse than"
        told.append(
            f"It loses on {title(name)}: {how} {best_baseline(every[name])}, {times[name]:.2f} times its error."
        )
    return told


def _least_covered(every: Mapping[str, Series]) -> str:
    held = {name: methods[NETWORK].mean("inside90") for name, methods in every.items()}
    least = min(held, key=lambda name: held[name])
    return f"the 90 % ones hold least on {title(least)}, {held[least]:.0%}"


def against_best(name: str, methods: Series) -> dict[str, str]:
    """The network beside the best peer on one series."""
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
    """Every method beside the best peer on one series."""
    return {"series": title(name), **{method: times_as(ratio) for method, ratio in relative(methods).items()}}


def intervals(every: Mapping[str, Series], method: str) -> dict[str, str]:
    """How a method's intervals hold over all series."""
    thirds = np.array([_thirds(methods[method].inside90) for methods in every.values()])
    known = thirds[np.isfinite(thirds).all(axis=1)]
    near, middle, far = known.mean(axis=0) if len(known) else (np.nan,) * 3
    widths = [methods[method].mean("width90") / methods["persistence"].mean("width90") for methods in every.values()]
    sound = [width for width in widths if np.isfinite(width)]
    return {
        "method": method,
        "within 50 %": percent(pooled(every, method, "inside50")),
        "within 90 %": percent(pooled(every, method, "inside90")),
        "first third": percent(near),
        "second": percent(middle),
        "last": percent(far),
        "width of 90 %": times_as(float(np.median(sound)) if sound else np.nan),
    }


def _thirds(inside: Any) -> list[float]:
    """The mean over the first, second and last third of the steps; with fewer than three, over what there is."""
    parts = np.array_split(inside.mean(axis=0), min(3, inside.shape[1]))
    means = [float(part.mean()) for part in parts]
    return (means * 3)[:3] if len(means) < 3 else means


def coverages(name: str, methods: Series) -> dict[str, str]:
    """How every method's 90 % intervals hold on one series."""
    return {"series": title(name), **{method: percent(one.mean("inside90")) for method, one in methods.items()}}


def detail(name: str, method: str, one: Scores) -> dict[str, str]:
    """All figures of a method on one series."""
    return {
        "series": title(name),
        "method": method,
        "RMSE": figure(one.typical),
        "MAE": figure(one.mean("mae")),
        "MASE": figure(one.mean("mase")),
        "quantile loss": figure(one.mean("quantile_loss")),
        "within 50 %": percent(one.mean("inside50")),
        "within 90 %": percent(one.mean("inside90")),
        "width of 50 %": figure(one.mean("width50")),
        "width of 90 %": figure(one.mean("width90")),
    }


def _methods(every: Mapping[str, Series]) -> list[str]:
    return list(next(iter(every.values())))
