import numpy as np
import pytest

from artifacts.reports.evaluate_suite import bounded, comparison, report, sentences, tables
from rnn.evaluation.suite_scores import FIGURES, Bounded, SuiteScores

METHODS = ("autoregressive", "seasonal naive", "mean of four")


def made(ours=0.8, count=40, methods=METHODS):
    rng = np.random.default_rng(0)
    base = rng.uniform(1, 2, count)
    errors = np.array([{"autoregressive": ours, "seasonal naive": 1.5, "mean of four": 1.0}[m] * base for m in methods])
    group = np.array(["yearly", "monthly"])[np.arange(count) % 2]
    figures = dict.fromkeys(FIGURES, errors) | {"inside50": errors * 0 + 0.5, "inside90": errors * 0 + 0.9}
    figures["msis"] = np.where(np.arange(count) < 10, np.nan, errors)
    return SuiteScores(methods=methods, series=tuple(f"s{k}" for k in range(count)), group=group, **figures)


def test_the_sentences_say_how_good_and_what_is_credible():
    told = sentences("m1", made(), {})
    assert told[0] == "40 series of M1: 20 yearly, 20 monthly."
    assert "is 0.80 (0.80 to 0.80) times that of mean of four (90 % bounds), credibly better;" in told[1]
    assert "seasonal naive" in told[2]
    assert told[3] == "Of the truth, 90% lies within its 90 % intervals and 50% within its 50 % ones."


def test_losses_are_told_by_group():
    told = sentences("m1", made(ours=1.2), {})[1]
    assert "credibly worse;" in told
    assert "It is credibly worse on yearly (1.20), monthly (1.20), all (1.20)." in told


def test_failures_are_never_silent():
    failures = {"MSTL": ["too short", "too short", "no"]}
    assert sentences("m1", made(), failures)[-1] == (
        "MSTL gave no forecast of 3 windows; the seasonal naive forecast is scored in its place."
    )
    (row,) = next(table for table in tables("m1", made(), failures) if "gave no forecast" in table.caption).rows
    assert row == {"method": "MSTL", "windows": "3", "most often": "too short (2), and 1 other reasons"}


def test_the_tables_are_methods_by_groups():
    every = {table.caption.split(":")[0].split(" (")[0]: table for table in tables("m1", made(), {})}
    rows = every["sMAPE in % and MASE"].rows
    assert [row["method"] for row in rows] == list(METHODS)
    assert list(rows[0]) == ["method", "yearly (20)", "monthly (20)", "all (40)"]
    beside = every["MASE as so many times that of mean of four"].rows
    assert beside[0]["all (40)"] == "0.80 (0.80 to 0.80); 0.80 (0.80 to 0.80)"
    assert beside[2]["all (40)"] == "1"
    assert (
        every["MSIS of the 90 % intervals; in brackets on how many series, where not on all"]
        .rows[0]["all (40)"]
        .endswith("(30)")
    )
    ranks = every["Mean ranks by MASE, 1 is the best"].rows
    assert ranks[0] == {
        "method": "autoregressive", "mean rank": "1.00 (1.00 to 1.00)",
        "credibly better than": "mean of four, seasonal naive",
    }  # fmt: skip


def test_few_series_are_listed():
    assert tables("m1", made(count=12), {})[-1].caption == "MASE on each series"
    assert tables("m1", made(), {})[-1].caption != "MASE on each series"


@pytest.mark.parametrize("methods", [("seasonal naive", "mean of four"), ("autoregressive",), ("mean of four",)])
def test_any_methods_can_be_reported(methods):
    told = comparison("m1", made(methods=methods), {})
    assert ("autoregressive recipe" in told) is (len(methods) == 3)
    assert "nan" not in told


def test_the_page_for_the_docs_and_the_report_hold_the_same():
    text, page = comparison("m1", made(), {}), report("m1", made(), {}, {"seed": 0})
    assert all(f"- {sentence}\n" in text for sentence in page.sentences)
    assert all(f"**{table.caption}**" in text for table in page.tables if table.rows)
    assert [picture.name for picture in page.pictures] == ["relative.png", "ranks.png"]


def test_a_figure_without_bounds_stands_alone():
    assert bounded(Bounded(1.234, np.nan, np.nan)) == "1.23"
    assert bounded(Bounded(np.nan, np.nan, np.nan)) == "–"
