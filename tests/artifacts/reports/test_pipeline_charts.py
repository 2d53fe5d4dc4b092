import dataclasses

import numpy as np
import pytest

from artifacts.reports.pipeline_charts import against_naive, forecast_chart, inside90, main_method, sections, stats
from artifacts.web.chart import Chart
from artifacts.web.scrubber import Scrubber
from rnn.forecast import Forecast


def unknown(run):
    return dataclasses.replace(run, truth=None, scores={})


def test_a_run_tells_its_story_from_the_forecast_to_the_data(run):
    assert [section.title for section in sections(run)] == [
        "The forecast", "How far off it is", "How untuned learned", "How article learned", "How autoregressive learned",
        "The data",
    ]  # fmt: skip


def test_without_the_truth_there_are_no_errors(run):
    assert "How far off it is" not in [section.title for section in sections(unknown(run))]
    assert stats(unknown(run))[-1].figure == "not known yet"


def test_the_main_method_comes_first_with_its_intervals(run):
    chart = sections(run)[0].blocks[0]
    assert [line.name for line in chart.lines][:3] == ["data", "truth", "autoregressive"]
    assert chart.view()["banded"] == "autoregressive"
    assert {line.name for line in chart.lines} == {"data", "truth", *(f.method for f in run.forecasts)}


@pytest.mark.parametrize(
    ("methods", "main"),
    [(["article", "autoregressive"], "autoregressive"), (["untuned", "article"], "article"),
     (["served", "autoregressive"], "served"), (["persistence"], "persistence")],
)  # fmt: skip
def test_the_main_method_is_the_repaired_one_where_there_is_one(methods, main):
    assert main_method(methods) == main


def test_a_method_that_runs_away_does_not_flatten_the_others(run):
    wild = Forecast("untuned", run.forecasts[0].x, np.full_like(run.forecasts[0].x, 1e150))
    chart = forecast_chart(run.series.x, run.series.y, [*run.forecasts, wild], run.truth, "t")
    assert chart.y_axis.high < 1e3
    worse = Forecast("untuned", run.forecasts[0].x, np.full_like(run.forecasts[0].x, np.nan))
    chart = forecast_chart(run.series.x, run.series.y, [*run.forecasts, worse], run.truth, "t")
    assert np.isfinite([chart.y_axis.low, chart.y_axis.high]).all()


def test_the_fit_is_that_of_the_groups_that_end_a_window(run):
    scrubber = sections(run)[3].blocks[0]
    assert isinstance(scrubber, Scrubber)
    assert len(scrubber.x) == 120 - 4 * 6
    assert scrubber.errors()[-1] == pytest.approx(run.fits["article"])


def test_a_length_that_does_not_divide_drops_the_oldest_points(make):
    run = make(points=125)
    scrubber = next(block for section in sections(run) for block in section.blocks if isinstance(block, Scrubber))
    assert scrubber.x[0] == run.series.x[5 + 4 * 6]


def test_a_series_before_the_forecast_is_shown_in_part_and_as_a_whole(run):
    whole = sections(run)[-1].blocks[0]
    assert isinstance(whole, Chart)
    assert len(whole.lines[0].x) == 120
    assert len(sections(run)[0].blocks[0].lines[0].x) < 120


@pytest.mark.parametrize(
    ("ratio", "figure", "mood"),
    [
        (0.5, "2× better", "good"),
        (1 / 2400, "2400× better", "good"),
        (1.0, "1× its error", "bad"),
        (np.inf, "worse", "bad"),
        (0.0, "no error", "good"),
    ],
)
def test_an_error_is_told_against_the_naive_one(ratio, figure, mood):
    stat = against_naive(ratio, "persistence")
    assert (stat.figure, stat.mood) == (figure, mood)


def test_the_tile_names_the_best_naive_forecast_and_says_when_to_use_it(run):
    scores = {"autoregressive": 1.0, "persistence": 5.0, "seasonal naive": 1.25}
    errors = {name: dataclasses.replace(run.scores["persistence"], rmse=error) for name, error in scores.items()}
    judged = dataclasses.replace(run, scores={}, hindsight=errors)
    tile = next(stat for stat in stats(judged) if stat.name.startswith("Against"))
    assert (tile.name, tile.figure) == ("Against repeating the last season", "1.25× better")
    assert against_naive(1.5, "seasonal naive").note == "use 'seasonal naive'"


def test_an_interval_that_holds_too_little_is_marked():
    assert inside90(0.5).mood == "bad"
    assert inside90(0.9).mood == ""
