import numpy as np
import pytest

from artifacts.reports.evaluate import comparison, report, sentences, tables
from artifacts.reports.report import figure, percent, times_as
from rnn.evaluation.benchmark_scores import Scores


def of(*errors, inside=0.9, seeds=None):
    rmse = np.array(errors, dtype=float)[:, np.newaxis]
    seed = np.arange(len(rmse)) if seeds else np.zeros(len(rmse), dtype=int)
    held = np.full(rmse.shape, inside)
    return Scores(seed, np.arange(len(rmse)), rmse, rmse, rmse, held / 2, held, rmse, rmse, rmse)


def series(network, peer, **more):
    return {"autoregressive": of(network, **more), "article": of(9), "persistence": of(80), "AutoARIMA": of(peer)}


EVERY = {
    "xsinx": {
        "autoregressive": of(0.03, 0.05, 0.2, seeds=True), "article": of(4, 5, 6, seeds=True),
        "persistence": of(4, 4, 4, seeds=True), "AutoARIMA": of(0.4, 0.5, 0.7, seeds=True),
    },
    "airline": series(10, 20), "co2": series(11, 10), "lorenz": series(13, 10, inside=0.4),
}  # fmt: skip


def test_the_sentences_tell_wins_losses_and_what_intervals_hold():
    told = sentences(EVERY)
    assert told[0] == (
        "On x·sin(x) the network is off by 0.0500 (median of 3 seeds, worst 0.200), the article's recipe by 5.00, the "
        "best peer, AutoARIMA, by 0.500 (worst 0.700)."
    )
    assert told[1].startswith("On 1 of 3 other series it is at least as good")
    assert told[1].endswith(": airline passengers.")
    assert told[2] == "It loses on Lorenz x: far worse than AutoARIMA, 1.30 times its error."
    assert told[3] == "It loses on CO₂ over Mauna Loa: worse than AutoARIMA, 1.10 times its error."
    assert "the 90 % ones hold least on Lorenz x, 40%" in told[4]
    assert told[5] == "AutoETS, AutoCES, DOT, MSTL and mean of four did not take part."


def test_without_the_articles_series_nothing_is_said_of_it():
    told = sentences({"co2": EVERY["co2"]})
    assert not any("x·sin(x)" in sentence for sentence in told)
    assert told[0].startswith("On 0 of 1 series it is")


def test_without_other_series_none_is_counted():
    assert not any("other series" in sentence for sentence in sentences({"xsinx": EVERY["xsinx"]}))


def test_the_first_table_sets_the_network_beside_the_best_peer():
    first = tables(EVERY)[0].rows
    assert [row["series"] for row in first] == [
        "x·sin(x)", "airline passengers", "CO₂ over Mauna Loa", "Lorenz x",
    ]  # fmt: skip
    assert [row["network / best peer"] for row in first] == ["0.10", "0.50", "1.10", "1.30"]
    assert {row["best peer"] for row in first} == {"AutoARIMA"}


def test_what_diverged_is_a_dash(evaluation):
    _, relatives, intervals, coverages, detail = tables(evaluation.scores())
    assert {row["article"] for row in relatives.rows} == {"–"}
    assert {row["article"] for row in coverages.rows} == {"–"}
    (article,) = [row for row in intervals.rows if row["method"] == "article"]
    assert set(article.values()) == {"article", "–"}
    assert {row["RMSE"] for row in detail.rows if row["method"] == "article"} == {"–"}


def test_every_table_has_rows_of_the_same_cells(evaluation):
    for table in tables(evaluation.scores()):
        assert len({tuple(row) for row in table.rows}) == 1


def test_the_page_for_the_docs_holds_sentences_and_tables(evaluation):
    text = comparison(evaluation)
    assert all(f"- {sentence}\n" in text for sentence in sentences(evaluation.scores()))
    assert text.count("\n| series | ") + text.count("\n| method | ") == 5
    assert "NaN" not in text
    assert "nan" not in text


def test_the_report_has_all_pictures(evaluation):
    found = report(evaluation, {"seed": 0})
    assert found.flow == "evaluate"
    assert len(found.pictures) == 4 + 2


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.012345, "0.0123"), (4.567, "4.57"), (123.4, "123"), (1234.5, "1.23e+03"), (1e-9, "1e-09"), (np.nan, "–")],
)
def test_figures_have_three_digits_that_count(value, told):
    assert figure(value) == told


def test_ratios_and_shares_are_short():
    assert (times_as(1.234), times_as(234.5), times_as(np.inf)) == ("1.23", "234", "–")
    assert (percent(0.914), percent(np.nan)) == ("91%", "–")
