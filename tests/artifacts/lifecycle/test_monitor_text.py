"""The monitor's status in words: drift or quiet, an anomaly, and how good in figures."""

from dataclasses import replace

from artifacts.lifecycle.monitor import Drift, judge_live
from artifacts.lifecycle.monitor_text import error_table, headline, markdown, sentence
from rnn.lifecycle.outcomes import join
from tests.artifacts.lifecycle.test_monitor import ROWS, A, forecast, status


def test_drift_that_is_long_past_is_not_told_as_the_present():
    past = Drift("a", "then", 40, (5,), 0.0, 3.2, 4.0, 20.0)
    assert not past.now
    assert "no drift in the last 35 cycles" in sentence(judge_live(ROWS), past, "x")


def test_the_sentence_is_one_and_plain():
    every = judge_live(join([ROWS, forecast(A, A, 10, 2.0, "persistence")]))
    quiet, drifts = Drift("a", "then", 9, (), 0.0, 3.2, 1.0, None), Drift("a", "then", 9, (8,), 0.0, 3.2, 4.0, 20.0)
    assert sentence(every, quiet, None) == (
        "Quiet: no drift in the last 9 cycles; over 12 forecast points the error was 0.5, 0.25 times that of "
        "'persistence', and 100% lay within its 90 % intervals."
    )
    assert sentence(every, drifts, "3 May").startswith(
        "Drift: up to 3 May the champion's errors, relative to its intervals, were 4.0 times as large as usual; "
    )
    assert sentence(every, None, None).startswith(
        "Nothing to judge yet: the champion's forecasts have no outcome; over"
    )
    assert sentence((), None, None) == "Nothing to judge yet: no forecast has an outcome."


def test_it_is_never_called_quiet_over_absurd_figures_or_over_nothing():
    quiet = Drift("a", "then", 9, (), 0.0, 3.2, 1.0, None)
    off = judge_live(join([forecast(A, A, 10, 3.0), forecast(A, A, 12, 3.0)]))
    assert sentence(off, quiet, None).startswith("Not as promised, though without drift in the last 9 cycles; over 12")
    assert headline(status(drift=quiet, live=off)) == "Not as promised"
    assert headline(status(drift=quiet)) == "Quiet"
    begun = replace(quiet, cycles=0)
    assert sentence(judge_live(ROWS), begun, None).startswith(
        "Nothing to judge yet: no cycle of the champion's is over"
    )
    assert headline(status(drift=begun)) == headline(status()) == headline(status(live=())) == "Nothing to judge yet"


def test_an_anomaly_comes_first():
    quiet, drifts = Drift("a", "then", 9, (), 0.0, 3.2, 1.0, None), Drift("a", "then", 9, (8,), 0.0, 3.2, 4.0, 20.0)
    assert sentence(judge_live(ROWS), quiet, None, "Anomaly: alas").startswith("Anomaly: alas; over 12 forecast points")
    assert sentence(judge_live(ROWS), drifts, "3 May", "Anomaly: alas").startswith("Anomaly: alas. Drift: up to 3 May")
    assert headline(status(anomaly="Anomaly: alas", drift=quiet)) == "Anomaly"
    assert headline(status(anomaly="Anomaly: alas", drifts=True)) == "Anomaly and drift"


def test_the_table_has_a_row_for_each_step():
    rows = error_table(judge_live(join([ROWS, forecast(A, A, 10, 2.0, "persistence")])))
    assert [row["groups ahead"] for row in rows] == ["1", "2", "3"]
    assert rows[0] == {"groups ahead": "1", "points": "4", "served": "0.5", "persistence": "2", "within 50 %": "0%",
                       "within 90 %": "100%"}  # fmt: skip
    assert error_table(()) == []


def test_the_page_says_what_was_left_out():
    page = markdown(status(unreadable={"b": "there is no manifest"}, restated=3, voided=2))
    assert "# Nothing to judge yet" in page
    assert "are in the ledger, 3 scored by values that were restated since, 2 voided." in page
    assert "- b was left out: there is no manifest" in page
    assert "| groups ahead |" in page
