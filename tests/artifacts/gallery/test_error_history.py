import numpy as np
import pytest

from artifacts.gallery.error_history import MARKS, history, realised
from artifacts.gallery.summary import Summary
from artifacts.lifecycle.registry import Promotion


def ran(day: int, ratio: float | None = 0.5, method: str = "autoregressive", flow: str = "pipeline") -> Summary:
    when = f"2026-03-{day:02}T00:00:00+00:00"
    return Summary(f"202603{day:02}T000000Z-a", "1", flow=flow, when=when, ratio=ratio, method=method, report=True)


def promoted(day: int, how: str = "gate") -> Promotion:
    return Promotion(run="r", method="autoregressive", when=f"2026-03-{day:02}T00:00:00+00:00", how=how, why="better.")


def test_every_run_is_a_dot_that_leads_to_it():
    chart = history([ran(2, 0.25), ran(1, 4.0, "article")], [])
    assert {line.name: line.y.tolist() for line in chart.lines} == {"autoregressive": [0.25], "article": [4.0]}
    assert all(line.dots for line in chart.lines)
    assert sorted(chart.links.values()) == [f"2026030{day}T000000Z-a/report.html" for day in (1, 2)]
    assert "1 are better" in chart.alt


def test_what_has_no_error_or_no_time_or_many_settings_is_left_out():
    others = [ran(3, None), ran(4, flow="sweep"), Summary("x", "1", flow="pipeline", when="once", ratio=0.1)]
    chart = history([ran(1), ran(2), *others], [])
    assert len(chart.lines[0].x) == 2


@pytest.mark.parametrize("runs", [[], [ran(1)], [ran(1), ran(1)]])
def test_fewer_than_two_times_are_no_history(runs):
    assert history(runs, []) is None


def test_promotions_are_marked_the_newest_of_them_within_the_history():
    every = [promoted(day) for day in range(1, 20)] + [promoted(20, "rollback")]
    chart = history([ran(14), ran(25)], every)
    assert [mark.text for mark in chart.marks] == ["promoted"] * (MARKS - 2) + ["rolled back"]


def ledger(**columns) -> dict:
    return {name: np.array(values) for name, values in columns.items()}


def test_what_came_of_what_was_promised_is_told_by_run():
    runs = [ran(1), ran(2)]
    names = [run.name for run in runs]
    table = ledger(
        run=[*names, *names, "gone"],
        method=["persistence", "persistence", "served", "served", "served"],
        y_pred=[0.0, 0.0, 1.0, 2.0, 3.0],
        y_true=[2.0, 3.0, 1.5, 2.5, 9.0],
    )
    chart = realised(table, runs)
    assert {line.name: line.y.tolist() for line in chart.lines} == {"forecast": [0.5, 0.5], "persistence": [2.0, 3.0]}
    assert chart.lines[0].name == "forecast"


def test_a_ledger_without_two_runs_is_not_drawn():
    assert realised(ledger(run=["a"], method=["served"], y_pred=[1.0], y_true=[1.0]), [ran(1)]) is None
