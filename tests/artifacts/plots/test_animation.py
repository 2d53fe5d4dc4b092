import warnings

import numpy as np
import pytest
from PIL import Image

from artifacts.plots.animation import FRAMES, LINGER, draw_training

X = np.linspace(0, 6, 100)
FITS = {1: np.zeros(100), 5: np.sin(X) + 0.3, 50: np.sin(X)}


def frames(path) -> list[np.ndarray]:
    with Image.open(path) as film:
        found = []
        for number in range(film.n_frames):
            film.seek(number)
            found.append(np.asarray(film.convert("RGB")))
        return found


def test_every_epoch_is_a_frame_of_its_own(tmp_path):
    draw_training(tmp_path / "film.gif", X, np.sin(X), FITS, "t", "article")
    first, second, last = frames(tmp_path / "film.gif")
    assert not np.array_equal(first, second)
    assert not np.array_equal(second, last)
    with Image.open(tmp_path / "film.gif") as film:
        film.seek(2)
        assert film.info["duration"] == LINGER
        assert film.info["loop"] == 0


def test_the_same_fits_give_the_same_bytes(tmp_path):
    for name in ("one.gif", "other.gif"):
        draw_training(tmp_path / name, X, np.sin(X), FITS, "t", "article")
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "other.gif").read_bytes()


@pytest.mark.parametrize("y", [np.full(100, 1e200), np.ones(100)])
def test_whatever_the_fit_a_frame_is_drawn_without_a_warning(tmp_path, y):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_training(tmp_path / "film.gif", X, np.ones(100), {1: y}, "t", "untuned")
    assert len(frames(tmp_path / "film.gif")) == 1


def test_it_is_small(tmp_path):
    wild = np.random.default_rng(0).normal(size=(FRAMES, 600))
    x = np.linspace(0, 6, 600)
    draw_training(tmp_path / "film.gif", x, np.sin(x), dict(enumerate(wild, 1)), "t", "article")
    assert (tmp_path / "film.gif").stat().st_size < 450_000
