from dataclasses import replace

import numpy as np
import pytest

from rnn.ensemble.candidates import Prefix, candidates, kind
from rnn.ensemble.modes import fit_sections
from rnn.ensemble.readout import View
from rnn.ensemble.recurrent import RecurrentLayers
from rnn.recipes import AutoregressiveRecipe
from rnn.scaling import Scaling

RECIPE = AutoregressiveRecipe(gains=(1.0,), memories=(8,), recurrent_memories=(8,), penalties=(1e-4,), ranks=(3,))
T = np.arange(160) / 160


def found(y, recipe=RECIPE, log=False, horizon=5):
    rng = np.random.default_rng(0)
    scaling = Scaling.of(y, log)
    prefix = Prefix(40, scaling, scaling.scale(y), RecurrentLayers.random(rng, recipe.gains, 4, recipe.hidden))
    sections = [one[0] for one in fit_sections([prefix.s.reshape(-1, 4).mean(axis=1)], recipe.sections)]
    return candidates(prefix if log else prefix.understood(sections, 4, recipe, rng), 4, 0, recipe, horizon)


def noisy(curve, noise=0.01):
    return curve + noise * np.random.default_rng(0).normal(size=len(curve))


def test_there_is_one_of_every_setting_and_of_every_number_of_modes():
    there, _ = found(noisy(np.sin(9 * T)))
    kinds = [kind(key) for key in there]
    assert {one: kinds.count(one) for one in kinds} == {"skip": 6, "network": 1, "modes": 4}
    assert all(one.said.shape == (5, 4) and np.isfinite(one.said).all() for one in there.values())


def test_their_kind_is_told_by_what_they_look_at():
    assert kind((False, (View(8, "last"), 1e-4))) == "skip"
    assert kind((False, (View(8, "last", 0), 1e-4))) == "network"
    assert kind((False, (View(8, "last", 1, informed=True), 1e-4))) == "informed network"
    assert kind((True, 2)) == "modes"


def test_what_explains_the_series_goes_on_as_it_does_and_expects_the_noise():
    curve = np.sin(9 * np.arange(180) / 160)
    _, explained = found(noisy(curve[:160]))
    assert len(explained.candidates) == 2 * RECIPE.pairs
    middle = np.mean([one.said for one in explained.candidates], axis=0)
    assert np.sqrt(np.mean((middle - curve[160:].reshape(5, 4)) ** 2)) < 0.02
    assert explained.expected == pytest.approx(0.01, rel=0.5)


def test_the_less_a_series_shows_the_more_it_expects_to_be_off():
    few, many = (found(noisy(np.sin(pace * T), 0.03), horizon=20)[1] for pace in (3, 25))
    assert few.expected > 1.5 * many.expected


@pytest.mark.parametrize(
    ("recipe", "log"),
    [
        (RECIPE.model_copy(update={"pairs": 0}), False),
        (RECIPE.model_copy(update={"sections": 0}), False),
        (RECIPE, True),
    ],
    ids=["no pairs", "no modes", "the logarithm"],
)
def test_nothing_is_explained_where_that_is_not_asked(recipe, log):
    assert found(noisy(2 + np.sin(9 * T)), recipe, log)[1] is None


def test_networks_that_see_inputs_read_them_from_the_points_to_be_forecast():
    rng, y = np.random.default_rng(0), noisy(np.sin(9 * T))
    scaling, first = Scaling.of(y), RecurrentLayers.random(np.random.default_rng(1), (1.0,), 4, RECIPE.hidden)
    trunk = first.beside_seeing(4)
    trunk.w[1, 4:] = rng.normal(size=(4, RECIPE.hidden))
    inputs = rng.normal(size=(180, 1))
    prefix = Prefix(40, scaling, scaling.scale(y), trunk, known_ahead=inputs)
    there, _ = candidates(prefix, 4, 0, RECIPE, 5)
    other, _ = candidates(replace(prefix, known_ahead=np.concatenate([inputs[:160], -inputs[160:]])), 4, 0, RECIPE, 5)
    moved = {kind(key) for key in there if not np.array_equal(there[key].said, other[key].said)}
    assert moved == {"informed network"}
