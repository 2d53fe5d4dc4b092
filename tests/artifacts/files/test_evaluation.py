import dataclasses

import numpy as np

from artifacts.files.evaluation import (
    COMPARISON,
    FORECASTS,
    PREDICTIONS,
    RESULTS,
    read_cases,
    read_evaluation,
    read_predictions,
    write_cases,
    write_comparison,
    write_predictions,
    write_results,
)
from artifacts.files.parquet import read_table
from artifacts.store.digests import digest_file
from rnn.evaluation.benchmark import Predictions


def same(one: Predictions, other: Predictions) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name), equal_nan=field.name != "method")
        if field.name != "method"
        else one.method == other.method
        for field in dataclasses.fields(one)
    )


def test_cases_come_back_as_they_were(evaluation, tmp_path):
    for name, cases in evaluation.cases.items():
        (tmp_path / name).mkdir()
        write_cases(tmp_path / name, cases)
        for one, other in zip(cases, read_cases(tmp_path / name), strict=True):
            assert (one.seed, one.origins) == (other.seed, other.origins)
            assert np.array_equal(one.truth, other.truth)
            assert np.array_equal(one.groups.y, other.groups.y)
            assert np.array_equal(one.ahead(one.origins[0]), other.ahead(one.origins[0]))


def test_one_methods_predictions_come_back_as_they_were(evaluation, tmp_path):
    for series, methods in evaluation.predictions.items():
        for method, said in methods.items():
            write_predictions(tmp_path / PREDICTIONS, {series: {method: said}})
            ((found, back),) = read_predictions(tmp_path / PREDICTIONS).items()
            assert found == series
            assert same(said, back[method])


def test_all_of_an_evaluation_comes_back_as_it_was(evaluation, tmp_path):
    data = {name: tmp_path / name for name in evaluation.cases}
    for name, folder in data.items():
        folder.mkdir()
        write_cases(folder, evaluation.cases[name])
    write_predictions(tmp_path / FORECASTS, evaluation.predictions)
    back = read_evaluation(data, tmp_path)
    assert {s: list(methods) for s, methods in back.predictions.items()} == {
        s: list(methods) for s, methods in evaluation.predictions.items()
    }
    assert all(
        same(said, back.predictions[series][method])
        for series, methods in evaluation.predictions.items()
        for method, said in methods.items()
    )


def test_results_have_a_row_a_cut_and_step_and_are_the_same_bytes_again(evaluation, tmp_path):
    every = evaluation.scores()
    for name in (RESULTS, "again.parquet"):
        write_results(tmp_path / name, every)
    assert digest_file(tmp_path / RESULTS) == digest_file(tmp_path / "again.parquet")
    columns, _ = read_table(tmp_path / RESULTS)
    assert len(columns["rmse"]) == 4 * (2 * 20 + 2 * 12)
    mine = (columns["series"] == "xsinx") & (columns["method"] == "linear") & (columns["seed"] == 1)
    np.testing.assert_array_equal(columns["rmse"][mine], every["xsinx"]["linear"].rmse[1])


def test_the_comparison_has_a_row_a_method_relative_to_the_best_peer(evaluation, tmp_path):
    write_comparison(tmp_path / COMPARISON, evaluation.scores())
    columns, _ = read_table(tmp_path / COMPARISON)
    for series in evaluation.cases:
        mine = columns["series"] == series
        peers = mine & np.isin(columns["method"], ["persistence", "linear"])
        assert columns["relative"][peers].min() == 1
        assert mine.sum() == 4
