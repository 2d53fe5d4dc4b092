import numpy as np
import pytest

from rnn.ensemble.readout import View, closed_loop, fit, states_by_point, views
from rnn.ensemble.recurrent import RecurrentLayers, states

NO_STATE = (np.zeros((4, 5)), np.zeros((5, 5)), np.zeros((1, 5)))


def readouts(s, base="last", memory=8, network=None, size=4, period=6, ridges=(1e-9,), ranks=()):
    return fit(s, np.zeros((len(s) + 1, 5)), size, View(memory, base, network), period, ridges, ranks)


@pytest.mark.parametrize("base", ["last", "level", "season"])
def test_a_wave_goes_on(base):
    s = np.sin(2 * np.pi * np.arange(80) / 23)
    found = readouts(s, base)
    ahead = closed_loop(found.a, found.z, found.c, NO_STATE, s[np.newaxis], np.zeros((1, 5)), 5, (-9, 9))
    np.testing.assert_allclose(ahead[0].reshape(-1), np.sin(2 * np.pi * np.arange(80, 100) / 23), atol=1e-3)


def test_a_line_is_repeated_alone_with_its_drift_and_without():
    s = np.arange(40.0)
    found = readouts(s)
    ahead = closed_loop(found.a, found.z, found.c, NO_STATE, s[np.newaxis], np.zeros((1, 5)), 3, (-99, 99))
    alone = {setting[2]: y for setting, y in zip(found.settings, ahead, strict=True) if setting[1] == "alone"}
    np.testing.assert_allclose(alone[1.0].reshape(-1), np.arange(40, 52))
    np.testing.assert_allclose(alone[0.0], 39)


def test_a_forecast_never_leaves_its_bounds():
    s = np.exp(np.arange(60) / 5)
    found = readouts(s)
    ahead = closed_loop(found.a, found.z, found.c, NO_STATE, s[np.newaxis], np.zeros((1, 5)), 50, (-1, 1e6))
    assert ahead.max() == 1e6


@pytest.mark.parametrize("base", ["last", "level", "season"])
def test_views_are_linear_and_need_so_many_points(base):
    rng = np.random.default_rng(0)
    past = rng.normal(size=(3, 12))
    mapping, origin = views(np.eye(past.shape[1]), 7, base, 4, 5)
    known, start = views(past, 7, base, 4, 5)
    np.testing.assert_allclose(known, past @ mapping, atol=1e-14)
    np.testing.assert_allclose(start, past @ origin, atol=1e-14)


def test_a_season_is_the_same_place_a_period_ago_also_when_a_group_is_longer_than_it():
    _, ago = views(np.arange(10.0)[np.newaxis], 5, "season", 7, 3)
    assert ago.tolist() == [[7, 8, 9, 7, 8, 9, 7]]


def test_too_few_points_give_no_readout():
    assert readouts(np.arange(12.0)) is None


def test_ranks_are_given_where_the_series_has_them():
    wave, noise = np.sin(np.arange(80) / 4), np.random.default_rng(0).normal(size=80)
    assert [s[2] for s in readouts(wave, "level", ridges=(), ranks=(2, 4)).settings] == [2]
    assert [s[2] for s in readouts(noise, "level", ridges=(), ranks=(2, 4)).settings] == [2, 4]


def test_states_by_point_are_those_of_the_phase_that_ends_there():
    trunk, s = RecurrentLayers.random(np.random.default_rng(0), (1.0,), 2, 3), np.random.default_rng(1).normal(size=9)
    u = np.zeros((1, 2, 4, 2))
    for phase in range(2):
        count = (9 - phase) // 2
        u[0, phase, :count] = s[phase : phase + 2 * count].reshape(count, 2)
    by_point = states_by_point(trunk, states(trunk, u), 9)[0]
    h = np.zeros((1, 1, 3))
    for begin in (1, 3, 5, 7):
        h = np.tanh(s[np.newaxis, np.newaxis, begin : begin + 2] @ trunk.w + h @ trunk.v + trunk.b)
    np.testing.assert_allclose(by_point[9], h[0, 0], atol=1e-14)
    assert by_point.shape == (10, 3)
    assert not by_point[:2].any()


def test_a_memory_below_1_is_a_share_of_the_series():
    assert View(0.25, "last").points(200) == 50
    assert View(0.25, "last").points(3) == 2
    assert View(12, "last").points(200) == 12


def test_a_readout_with_a_network_reads_its_state():
    rng = np.random.default_rng(0)
    s, h = rng.normal(size=80), rng.normal(size=(81, 5))
    s[4:] += 3 * h[:76, 0]  # the state foretells what comes
    blind, seeing = (fit(s, h, 4, View(8, "level", network), 1, (1e-6,), ()) for network in (None, 0))
    assert not blind.z.any()
    assert seeing.z.any()


def test_the_loop_feeds_inputs_of_the_group_to_be_forecast():
    rng = np.random.default_rng(3)
    size, hidden = 2, 3
    w, v, b = (rng.normal(size=shape) for shape in ((1, 4, hidden), (1, hidden, hidden), (1, 1, hidden)))
    a, z, c = (rng.normal(scale=0.1, size=shape) for shape in ((1, size, 4), (1, size, hidden), (1, size)))
    past, h, coming = rng.normal(size=(1, 4)), rng.normal(size=(1, hidden)), rng.normal(size=(3, 2))
    said = closed_loop(a, z, c, (w, v, b), past, h, 3, (-9, 9), coming=coming)
    line, state = past[0], h[0]
    for t in range(3):
        u = a[0] @ line[-4:] + z[0] @ state + c[0]
        np.testing.assert_allclose(said[0, t], u)
        line = np.concatenate([line, u])
        if t < 2:
            state = np.tanh(np.concatenate([u, coming[t + 1]]) @ w[0] + state @ v[0] + b[0, 0])
