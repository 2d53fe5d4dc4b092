import numpy as np
import pytest

from rnn.datasets.xsinx import generate
from rnn.elman.forecaster import Elman
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import train
from rnn.errors import Diverged, SeriesTooShort
from rnn.forecast import grid
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe
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
