import numpy as np
import pytest

from rnn import metrics
from rnn.evaluation.benchmark import Predictions
from rnn.evaluation.benchmark_scores import Scores, best_baseline, columns, pooled, relative, score
from rnn.intervals import Intervals


def answers(method="ridge", cuts=2, horizon=3, size=4, off=1.0, seeds=(0, 0)):
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(cuts, horizon, size))
    y = truth + off * rng.normal(size=truth.shape)
    return Predictions(
        method, np.array(seeds), np.arange(cuts), truth, truth, y, y - 0.5, y + 0.5, y - 1.5, y + 1.5,
        np.ones((cuts, horizon)),
    )  # fmt: skip


def of(errors, seeds=None):
    """Marks with these RMSEs (cuts, horizon) and nothing else."""
    rmse = np.array(errors, dtype=float)
    seed = np.zeros(len(rmse), dtype=int) if seeds is None else np.array(seeds)
    return Scores(seed, np.arange(len(rmse)), *(rmse for _ in range(8)))


def test_marks_are_those_of_the_library():
    said = answers()
    judged = score(said)
    for cut in range(2):
        bounds = Intervals(said.lower50[cut], said.upper50[cut], said.lower90[cut], said.upper90[cut])
        scored = metrics.score_intervals(said.y[cut], bounds, said.truth[cut])
        assert judged.by_cut[cut] == pytest.approx(metrics.rmse(said.y[cut], said.truth[cut]))
        assert judged.mae[cut].mean() == pytest.approx(metrics.mae(said.y[cut], said.truth[cut]))
        np.testing.assert_allclose(judged.rmse[cut], metrics.rmse_by_step(said.y[cut], said.truth[cut]))
        np.testing.assert_allclose(judged.inside50[cut], scored.coverage50_by_step)
        np.testing.assert_allclose(judged.inside90[cut], scored.coverage90_by_step)
        assert judged.width90[cut].mean() == pytest.approx(scored.width90)
        assert judged.quantile_loss[cut].mean() == pytest.approx(scored.quantile_loss)


def test_a_missing_interval_is_neither_right_nor_wrong():
    said = answers()
    nothing = np.full_like(said.y, np.nan)
    none = Predictions(said.method, said.seed, said.origin, said.x, said.truth, said.y, *[nothing] * 4, said.mase)
    assert np.isnan(score(none).inside90).all()
    assert np.isfinite(score(none).rmse).all()


def test_an_error_is_typically_the_median_over_seeds_and_the_mean_over_origins():
    errors = [[1.0], [2.0], [9.0]]
    assert of(errors, seeds=[0, 1, 2]).typical == 2
    assert of(errors).typical == 4
    assert of(errors).worst == 9


def test_errors_are_squared_before_they_are_pooled():
    assert of([[3, 4]]).by_cut == pytest.approx(np.sqrt(12.5))
    np.testing.assert_allclose(of([[3], [4]]).by_step, np.sqrt(12.5))


def test_the_best_peer_is_none_of_ours_and_did_not_diverge():
    series = {
        "autoregressive": of([[0.1]]),
        "article": of([[0.2]]),
        "a": of([[np.nan]]),
        "b": of([[2]]),
        "c": of([[3]]),
    }
    assert best_baseline(series) == "b"
    times = relative(series)
    assert times["autoregressive"] == pytest.approx(0.05)
    assert times["b"] == 1
    assert np.isnan(times["a"])


def test_a_peer_without_any_error_is_out_of_reach():
    assert relative({"autoregressive": of([[0.1]]), "a": of([[0.0]])})["autoregressive"] == np.inf


def test_series_count_alike_and_those_where_a_method_diverged_do_not():
    every = {"one": {"a": of([[1.0]])}, "two": {"a": of([[2.0], [4.0]])}, "three": {"a": of([[np.nan]])}}
    assert pooled(every, "a", "inside90") == 2
    assert np.isnan(pooled({"three": every["three"]}, "a", "inside90"))


def test_the_long_table_has_a_row_a_cut_and_step():
    table = columns([("s", "a", of([[1, 2], [3, 4]], seeds=[5, 6]))])
    assert table["rmse"] == [1, 2, 3, 4]
    assert table["step"] == [1, 2, 1, 2]
    assert table["seed"] == [5, 5, 6, 6]
    assert {len(column) for column in table.values()} == {4}
