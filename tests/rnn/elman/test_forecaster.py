import numpy as np
import pytest

from rnn.datasets.xsinx import generate
from rnn.elman.forecaster import Elman
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import train
from rnn.errors import CorruptModel, Diverged, SeriesTooShort
from rnn.forecast import grid
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe, BadSetting
from rnn.series import group

SERIES = generate(300, 0.02, 0.01, np.random.default_rng(0))
QUICK = ArticleRecipe(epochs=3)


def test_it_is_the_network_that_training_gives():
    model = Elman(QUICK, seed=4).fit(SERIES)
    network = ElmanNetwork.random(stream(4, "article"), 6, 20, 6)
    trained = train(network, group(SERIES, 6), QUICK)
    x = grid("code", float(SERIES.x[-1]), SERIES.step, 6, 5)
    assert np.array_equal(model.mean_at(x), forecast(trained.network, x, trained.h_last))
    assert np.array_equal(model.mean(7), model.mean(12)[:7])


def test_a_training_that_diverges_is_an_error_alone_and_nan_among_others():
    with pytest.raises(Diverged):
        Elman(lr=10, epochs=9).fit(SERIES)
    (one,) = Elman(lr=10, epochs=9).fit_each([SERIES], 6)
    assert np.isnan(one.mean(6)).all()


def test_too_short_a_series_is_refused():
    with pytest.raises(SeriesTooShort):
        Elman(QUICK).fit(np.arange(12.0))


@pytest.mark.parametrize("size", [0, -3, 2.5, "6", True, None])
def test_a_group_size_that_is_no_number_of_points_is_refused(size):
    with pytest.raises(BadSetting, match="a group size is a whole number, 1 at least"):
        Elman(group_size=size)


@pytest.mark.parametrize(
    ("name", "array"),
    [("w", np.ones((2, 2))), ("w", np.array("a")), ("h", np.ones((9, 1))), ("b", np.full((20, 1), np.nan))],
)  # fmt: skip
def test_weights_that_do_not_fit_are_told_when_they_are_loaded(name, array, tmp_path):
    path = tmp_path / "model.npz"
    Elman(QUICK).fit(SERIES).save(path)
    np.savez(path, **{**np.load(path), name: array})
    with pytest.raises(CorruptModel, match="not a usable model"):
        Elman.load(path)
