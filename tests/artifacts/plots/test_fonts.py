"""Names in any letters: those that a font of the machine has are drawn, and none is a warning."""

import warnings

import matplotlib as mpl
import numpy as np
import pytest

from artifacts.plots import fonts
from artifacts.plots.axis import Axis
from artifacts.plots.figures import draw_forecast
from rnn.forecast import Forecast


@pytest.fixture
def installed(monkeypatch):
    """`installed(*names)`: a machine that has these fonts."""

    def have(*names):
        monkeypatch.setattr(fonts.font_manager, "get_font_names", lambda: list(names))
        fonts.families.cache_clear()

    yield have
    fonts.families.cache_clear()


def test_letters_are_looked_for_in_what_comes_along_and_then_in_what_the_machine_has(installed):
    installed("Comic Sans MS", "SimHei", "Noto Sans CJK SC", "DejaVu Sans")
    assert fonts.families() == ["DejaVu Sans", "Noto Sans CJK SC", "SimHei"]
    installed()
    assert fonts.families() == ["DejaVu Sans"]


def test_a_column_in_letters_that_no_font_has_is_drawn_without_a_warning(tmp_path, installed):
    installed()
    x, named = np.arange(12.0), Axis(x_name="日期", y_name="销售额")
    forecast = {"persistence": Forecast("persistence", 12 + np.arange(4.0).reshape(2, 2), np.ones((2, 2)))}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_forecast(tmp_path / "one.png", x, np.sin(x), None, forecast, "销售额", axis=named)
    assert (tmp_path / "one.png").stat().st_size > 1000


def test_the_look_asks_for_the_fonts(tmp_path, installed, monkeypatch):
    from artifacts.plots import figures

    installed("SimHei")
    asked = []
    monkeypatch.setattr(figures, "render", lambda figure: asked.append(mpl.rcParams["font.family"]) or _NoPicture())
    with figures.picture(tmp_path / "one.png"):
        pass
    assert asked == [["DejaVu Sans", "SimHei"]]


class _NoPicture:
    def save(self, *_, **__):
        pass
