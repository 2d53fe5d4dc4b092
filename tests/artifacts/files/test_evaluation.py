import dataclasses

import numpy as np

from artifacts.files.evaluation import (
    ANSWERS,
    COMPARISON,
    FORECASTS,
    RESULTS,
    read_evaluation,
    read_exams,
    read_forecasts,
    write_answers,
    write_comparison,
    write_exams,
    write_forecasts,
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


def test_exams_come_back_as_they_were(evaluation, tmp_path):
    for name, exams in evaluation.exams.items():
        (tmp_path / name).mkdir()
        write_exams(tmp_path / name, exams)
        for one, other in zip(exams, read_exams(tmp_path / name), strict=True):
            assert (one.seed, one.origins) == (other.seed, other.origins)
            assert np.array_equal(one.truth, other.truth)
            assert np.array_equal(one.groups.y, other.groups.y)
            assert np.array_equal(one.ahead(one.origins[0]), other.ahead(one.origins[0]))


def test_one_methods_answers_come_back_as_they_were(evaluation, tmp_path):
    for series, methods in evaluation.answers.items():
        for method, said in methods.items():
            write_answers(tmp_path / ANSWERS, series, said)
            ((found, back),) = read_forecasts(tmp_path / ANSWERS).items()
            assert found == series
            assert same(said, back[method])


def test_all_of_an_evaluation_comes_back_as_it_was(evaluation, tmp_path):
    data = {name: tmp_path / name for name in evaluation.exams}
    for name, folder in data.items():
        folder.mkdir()
        write_exams(folder, evaluation.exams[name])
    write_forecasts(tmp_path / FORECASTS, evaluation.answers)
    back = read_evaluation(data, tmp_path)
    assert {s: list(methods) for s, methods in back.answers.items()} == {
        s: list(methods) for s, methods in evaluation.answers.items()
    }
    assert all(
        same(said, back.answers[series][method])
        for series, methods in evaluation.answers.items()
        for method, said in methods.items()
    )


def test_results_have_a_row_a_cut_and_step_and_are_the_same_bytes_again(evaluation, tmp_path):
    every = evaluation.marks()
    for name in (RESULTS, "again.parquet"):
        write_results(tmp_path / name, every)
    assert digest_file(tmp_path / RESULTS) == digest_file(tmp_path / "again.parquet")
    columns, _ = read_table(tmp_path / RESULTS)
    assert len(columns["rmse"]) == 4 * (2 * 20 + 2 * 12)
    mine = (columns["series"] == "xsinx") & (columns["method"] == "linear") & (columns["seed"] == 1)
    np.testing.assert_array_equal(columns["rmse"][mine], every["xsinx"]["linear"].rmse[1])


def test_the_comparison_has_a_row_a_method_relative_to_the_best_peer(evaluation, tmp_path):
    write_comparison(tmp_path / COMPARISON, evaluation.marks())
    columns, _ = read_table(tmp_path / COMPARISON)
    for series in evaluation.exams:
        mine = columns["series"] == series
        peers = mine & np.isin(columns["method"], ["persistence", "linear"])
        assert columns["relative"][peers].min() == 1
        assert mine.sum() == 4
