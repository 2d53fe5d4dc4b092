import numpy as np

from artifacts.plots.axis import Axis
from rnn.calendar import Calendar


def test_numbers_are_drawn_where_they_are():
    x = np.array([0.5, 1.5])
    assert Axis()(x) is x
    assert Axis().shown(0.25) == "0.25"
    assert Axis().labels == ("x", "y")


def test_a_calendar_shows_its_clocks():
    axis = Axis(Calendar("D", "2024-03-30", "Europe/Berlin"), "day", "sales")
    assert axis(np.array([[0.0], [1.0]])).astype("M8[h]").astype(str).tolist() == ["2024-03-30T00", "2024-03-31T00"]
    assert axis.shown(2.0) == "2024-04-01"


def test_no_name_is_a_formula():
    assert Axis(None, "$x$", "a$b").labels == (r"\$x\$", r"a\$b")
