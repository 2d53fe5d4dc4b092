"""Made-up years: the same until the change, and changed as they say from then on."""

import numpy as np
import pytest

from rnn.datasets.drifting import CHANGES, KINDS, NoSuchYear, year
from rnn.seasonality import season_lengths

AT, POINTS = 400, 900


def made(kind: str, change: str, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    return year(kind, change, AT, POINTS, noise, np.random.default_rng(seed)).series.y


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_year_is_the_same_up_to_its_change(kind, change):
    quiet, changed = made(kind, "none", 0.1), made(kind, change, 0.1)
    np.testing.assert_array_equal(quiet[:AT], changed[:AT])
    assert np.isfinite(changed).all()
    assert (change == "none") == np.array_equal(quiet[AT:], changed[AT:])
    assert quiet[:AT].std() == pytest.approx(1, rel=0.05)


def test_everything_goes_a_fifth_faster():
    quiet, faster = (made("season", change, seed=5) for change in ("none", "frequency"))
    (usual,), (fast,) = season_lengths(quiet[AT:]), season_lengths(faster[AT:])
    assert usual == pytest.approx(1.2 * fast, rel=0.05)


def test_what_else_changes():
    quiet = made("waves", "none")
    np.testing.assert_allclose(made("waves", "level")[AT:], quiet[AT:] + 1)
    np.testing.assert_allclose(made("waves", "amplitude")[AT:] - 10, 1.5 * (quiet[AT:] - 10))
    noise = made("waves", "none", 0.1) - quiet
    np.testing.assert_allclose(made("waves", "noise", 0.1)[AT:] - quiet[AT:], 3 * noise[AT:])


def test_only_a_change_has_a_moment():
    assert year("season", "none", AT, POINTS, 0.1, np.random.default_rng(0)).change is None
    assert year("season", "level", AT, POINTS, 0.1, np.random.default_rng(0)).change == AT


@pytest.mark.parametrize(("kind", "change"), [("tides", "none"), ("season", "war")])
def test_what_is_not_known_is_named(kind, change):
    with pytest.raises(NoSuchYear, match=f"{kind}.*{change}.*waves"):
        year(kind, change, AT, POINTS, 0.1, np.random.default_rng(0))
