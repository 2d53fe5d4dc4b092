import warnings
from itertools import combinations
from typing import get_args

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from artifacts.plots import figures
from artifacts.plots.figures import COLOURS, DATA, LINES, STYLE, TRUTH
from rnn.evaluation.methods import COMPARED
from rnn.forecast import Forecast
from rnn.intervals import Intervals

X = np.arange(1, 61) * 0.1
Y = X * np.sin(X)
AHEAD = 6.0 + np.arange(1, 13).reshape(4, 3) * 0.1
TRUE = AHEAD * np.sin(AHEAD)
FORECASTS = {f"{method}, RMSE 1.00": Forecast(method, AHEAD, TRUE + i) for i, method in enumerate(COLOURS)}
BOUNDED = [Forecast(f.method, AHEAD, f.y, Intervals(f.y - 1, f.y + 1, f.y - 2, f.y + 2)) for f in FORECASTS.values()]

DRAWINGS = {
    "fit": lambda path: figures.draw_fit(path, X, Y, Y + 0.1, 12, "Fit, RMSE 0.10", "article"),
    "fit by epoch": lambda path: figures.draw_fit_by_epoch(
        path, X, Y, {epoch: Y + 1 / epoch for epoch in (1, 2, 5, 10)}, 12, "Fit epoch by epoch", "article"
    ),
    "loss": lambda path: figures.draw_loss(
        path, {"article": 1 / np.arange(1.0, 9), "untuned": np.ones(99)}, "Loss by epoch"
    ),
    "forecast": lambda path: figures.draw_forecast(path, X, Y, TRUE, FORECASTS, "Forecast"),
    "zoom": lambda path: figures.draw_forecast(path, X, Y, TRUE, FORECASTS, "Zoom", 2),
    "intervals": lambda path: figures.draw_intervals(path, X, Y, TRUE, BOUNDED, "Intervals"),
    "error by step": lambda path: figures.draw_error_by_step(
        path, {method: np.arange(1.0, 5) for method in COLOURS}, "Error by step"
    ),
}


def drawn(draw, path) -> Image.Image:
    """The picture that `draw` leaves at `path`; a warning (a missing glyph, an impossible layout) is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw(path)
    with Image.open(path) as image:
        image.load()
        return image


def inks(image: Image.Image) -> int:
    """In how many colours there is more than a speck, as a measure of how much was drawn."""
    return sum(count > 20 for count, _ in image.convert("RGB").getcolors(1 << 24))


@pytest.mark.parametrize("name", DRAWINGS)
def test_each_drawing_is_a_whole_picture_of_the_expected_size_and_always_the_same_bytes(tmp_path, name):
    image = drawn(DRAWINGS[name], tmp_path / "deep" / "one.png")
    assert image.format == "PNG"
    assert image.size == (840, {"fit by epoch": 540, "intervals": 810}.get(name, 440))
    assert inks(image) > 10
    drawn(DRAWINGS[name], tmp_path / "other.png")
    assert (tmp_path / "other.png").read_bytes() == (tmp_path / "deep" / "one.png").read_bytes()


def test_a_drawing_neither_follows_nor_changes_the_users_own_style(tmp_path):
    drawn(DRAWINGS["loss"], tmp_path / "one.png")
    with mpl.rc_context({"font.size": 20, "axes.grid": False}):
        before = dict(mpl.rcParams)
        drawn(DRAWINGS["loss"], tmp_path / "other.png")
        assert dict(mpl.rcParams) == before
    assert (tmp_path / "other.png").read_bytes() == (tmp_path / "one.png").read_bytes()


def test_a_users_matplotlibrc_does_not_change_a_picture(tmp_path):
    drawn(DRAWINGS["loss"], tmp_path / "one.png")
    with mpl.rc_context({"lines.linestyle": ":", "axes.titlecolor": "red", "savefig.dpi": 50}):
        drawn(DRAWINGS["loss"], tmp_path / "other.png")
    assert (tmp_path / "other.png").read_bytes() == (tmp_path / "one.png").read_bytes()


GROUP, POINT = Forecast("article", AHEAD[:1], TRUE[:1]), Forecast("article", AHEAD[:1, :1], TRUE[:1, :1])
ODD = {
    "a horizon of 1": lambda path: figures.draw_forecast(path, X, Y, TRUE[:1], {"article": GROUP}, "Forecast"),
    "one point ahead": lambda path: figures.draw_forecast(path, X, Y, TRUE[:1, :1], {"article": POINT}, "Forecast"),
    "intervals of one method, no truth": lambda path: figures.draw_intervals(
        path, X, Y, None, BOUNDED[:1], "Intervals"
    ),
    "intervals of a constant": lambda path: figures.draw_intervals(
        path, X, 0 * X, None, [Forecast("linear", AHEAD, 0 * AHEAD, Intervals(*[0 * AHEAD] * 4))], "Intervals"
    ),
    "no truth": lambda path: figures.draw_forecast(path, X, Y, None, FORECASTS, "Forecast"),
    "a zoom beyond the end": lambda path: figures.draw_forecast(path, X, Y, TRUE, FORECASTS, "Forecast", 99),
    "a constant series": lambda path: figures.draw_forecast(path, X, np.ones(60), None, FORECASTS, "Forecast"),
    "a huge series": lambda path: figures.draw_forecast(path, X, 1e300 * Y, None, FORECASTS, "Forecast"),
    "a fit of a constant": lambda path: figures.draw_fit(path, X, 0 * X, 0 * X, 12, "Fit", "untuned"),
    "a fit of a huge series": lambda path: figures.draw_fit(path, X, 1e300 * Y, 0 * X, 12, "Fit", "untuned"),
    "a window of 1": lambda path: figures.draw_fit(path, X, Y, Y, 0, "Fit", "article"),
    "fits of one epoch": lambda path: figures.draw_fit_by_epoch(path, X, 0 * X, {1: 0 * X}, 12, "Fit", "article"),
    "fits of a huge series": lambda path: figures.draw_fit_by_epoch(
        path, X, 1e9 * Y, {1: Y, 9: Y}, 0, "Fit", "article"
    ),
    "a loss of one epoch": lambda path: figures.draw_loss(path, {"article": np.ones(1)}, "Loss"),
    "a loss of zero": lambda path: figures.draw_loss(path, {"article": np.array([1.0, 0.0])}, "Loss"),
    "an error of zero": lambda path: figures.draw_error_by_step(
        path, {"linear": np.zeros(3), "article": np.ones(3)}, "Error"
    ),
    "an error of one step": lambda path: figures.draw_error_by_step(path, {"linear": np.ones(1)}, "Error"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_data_are_drawn_too(tmp_path, name):
    assert inks(drawn(ODD[name], tmp_path / "one.png")) > 5


def test_a_perfect_forecast_is_drawn_without_a_warning(tmp_path):
    drawn(lambda path: figures.draw_error_by_step(path, {"persistence": np.zeros(3)}, "Error"), tmp_path / "one.png")


def pixels(image: Image.Image, colour: str) -> int:
    """How many pixels have exactly this colour."""
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return sum(count for count, found in image.convert("RGB").getcolors(1 << 24) if found == wanted)


def test_every_method_shows_in_its_own_colour(tmp_path):
    image = drawn(DRAWINGS["forecast"], tmp_path / "one.png")
    for method in FORECASTS.values():
        assert pixels(image, COLOURS[method.method]) > 20, method.method
    assert pixels(image, TRUTH) > 20
    assert pixels(drawn(ODD["no truth"], tmp_path / "other.png"), TRUTH) < pixels(image, TRUTH)


@pytest.mark.parametrize("name", ["one point ahead", "a loss of one epoch"])
def test_a_single_point_shows(tmp_path, name):
    image = drawn(ODD[name], tmp_path / "one.png")
    area = image.crop((70, 40, 830, 390))
    legend = 30 * 3
    assert pixels(area, COLOURS["article"]) > legend


def test_a_single_fit_has_the_whole_width(tmp_path):
    image = drawn(ODD["fits of one epoch"], tmp_path / "one.png")
    right = image.crop((600, 0, *image.size)).convert("L").getcolors()
    assert sum(count for count, lightness in right if lightness < 230) > 100


# Which colours eyes tell apart.


def every_method() -> set[str]:
    from flows.settings.base import RecipeName

    return {*get_args(RecipeName), *COMPARED}


def test_every_recipe_and_baseline_has_a_colour_of_its_own():
    assert every_method() <= set(COLOURS)
    assert len({colour.upper() for colour in [*COLOURS.values(), TRUTH, DATA]}) == len(COLOURS) + 2
    assert set(LINES) <= set(COLOURS)


EYES = {
    "usual": np.eye(3),
    # Machado, Oliveira and Fernandes 2009, table 1, severity 1.0; they act on linear RGB.
    "protanope": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                           [-0.003882, -0.048116, 1.051998]]),
    "deuteranope": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                             [-0.011820, 0.042940, 0.968881]]),
    "tritanope": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                           [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def seen(colour: str, eye: str) -> np.ndarray:
    """A colour as CIE L*a*b* (D65), as that eye sees it."""
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(EYES[eye] @ linear, 0, 1) / XYZ.sum(axis=1)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def too_close(methods, eye: str, least: float) -> dict[tuple[str, str], float]:
    """The pairs of methods whose colours are less than `least` (ΔE 1976) apart for that eye."""
    pairs = {pair: np.linalg.norm(seen(COLOURS[pair[0]], eye) - seen(COLOURS[pair[1]], eye))
             for pair in combinations(sorted(methods), 2)}  # fmt: skip
    return {pair: round(float(apart), 1) for pair, apart in pairs.items() if apart < least}


@pytest.mark.parametrize("eye", EYES)
def test_every_eye_tells_the_methods_colours_apart(eye):
    assert not too_close(every_method(), eye, 10)


@pytest.mark.parametrize("eye", EYES)
def test_every_eye_tells_methods_of_one_line_style_well_apart(eye):
    for style in {LINES.get(method, "-") for method in COLOURS}:
        assert not too_close([method for method in COLOURS if LINES.get(method, "-") == style], eye, 15)


@pytest.mark.parametrize("eye", EYES)
def test_every_eye_tells_a_fit_from_the_data_below_it(eye):
    below = 0.55 * np.array(mpl.colors.to_rgb(DATA)) + 0.45
    for method in COLOURS:
        assert np.linalg.norm(seen(COLOURS[method], eye) - seen(mpl.colors.to_hex(below), eye)) > 15, method


def test_every_line_stands_out_from_white_paper():
    for method in every_method():
        assert seen(COLOURS[method], "usual")[0] < 75, method


def test_the_style_is_a_file_that_matplotlib_takes_without_a_word(caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mpl.rc_params_from_file(STYLE, use_default_template=False)
    assert not caplog.records
