import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.web.chart import MOST, ROWS, SIZE, Chart, Line, Mark, covering, crowding, path, side
from artifacts.web.scales import Scale
from rnn.intervals import Intervals

X = np.arange(10.0)


def values(html: str) -> dict:
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)[1])


def line(name: str = "article", y=None, **more) -> Line:
    return Line.of_method(name, X, X**2 if y is None else y, **more)


@pytest.mark.parametrize("at", [-3.0, 4.5, 25.0])
def test_a_mark_stands_on_the_chart_wherever_the_lines_end(at):
    ((place, _, _),) = Chart("t", "a", [line()], marks=[Mark(at, "rolled back")]).view()["marks"]
    assert 0 <= place <= 1


def test_of_marks_whose_names_overlap_on_a_phone_the_later_is_named_there():
    marks = [(0.01, "promoted"), (0.56, "promoted"), (0.99, "rolled back")]
    assert covering(marks) == {0.56}
    assert covering(marks[::2]) == set()


def test_a_label_that_would_leave_a_phones_page_lies_inward():
    assert [side(place, "26 Nov 2026, 14:24") for place in (0.05, 0.5, 0.88)] == ["l", "", "r"]
    assert [side(place, "6") for place in (0.01, 0.5, 0.99)] == ["l", "", ""]


def test_a_chart_says_in_words_what_it_shows():
    html = Chart("Errors", "From small to large.", [line()]).html()
    assert 'aria-label="Errors. From small to large."' in html


def test_a_line_is_where_its_values_are():
    unit = Scale(0, 10), Scale(0, 100)
    drawn = path(np.array([0.0, 5.0, 10.0]), np.array([0.0, 50.0, 100.0]), *unit)
    assert drawn == "M0 1000L500 500L1000 0"


def test_a_missing_value_interrupts_the_line():
    drawn = path(np.arange(4.0), np.array([1.0, np.nan, 1.0, 1.0]), Scale(0, 3), Scale(0, 2))
    assert drawn.count("M") == 2


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=10, max_size=10))
def test_whatever_the_values_the_drawing_has_numbers_only(y):
    html = Chart("t", "a", [line(y=np.array(y))], log_y=True).html()
    for drawn in re.findall(r' d="([^"]*)"', html):
        assert not re.search("nan|inf", drawn)
    values(html)


def test_values_travel_along_and_lines_of_the_same_x_share_it():
    held = values(Chart("t", "a", [line(), line("untuned", X)]).html())
    assert held["xs"] == [X.tolist()]
    assert [each["x"] for each in held["lines"]] == [0, 0]
    assert held["lines"][1]["y"] == X.tolist()


def test_intervals_are_areas_of_which_one_methods_are_shown():
    around = Intervals(X - 1, X + 1, X - 2, X + 2)
    html = Chart("t", "a", [line(intervals=around), line("untuned", intervals=around)]).html()
    bands = re.findall(r'<path class="band[^>]*data-band="(\w+)"[^>]*?(hidden)?/>', html)
    assert bands == [("article", ""), ("article", ""), ("untuned", "hidden"), ("untuned", "hidden")]
    assert "<select>" in html


def test_a_long_line_is_thinned_and_so_is_its_table():
    many = np.arange(100_000.0)
    html = Chart("t", "a", [Line.of_method("article", many, np.sin(many))]).html()
    assert len(values(html)["lines"][0]["y"]) <= MOST
    assert html.count("<tr>") <= ROWS + 1
    assert len(html) < 60_000


def test_the_table_has_the_values_and_not_the_data():
    html = Chart("t", "a", [Line.of_data("data", X, X), line("article", X * 2)]).html()
    table = html[html.index("<table>") :]
    assert '<th scope="col">article</th>' in table
    assert '<th scope="col">data</th>' not in table
    assert "<td>18</td>" in table


def test_a_single_point_is_a_dot():
    html = Chart("t", "a", [Line.of_method("article", np.ones(1), np.ones(1))]).html()
    assert re.search(r'class="line c\d+  dotted"[^>]*d="M[\d. ]+h0"', html)


def test_names_and_links_go_with_an_x():
    chart = Chart("t", "a", [line()], names={0.0: "first", 9.0: "last"}, links={9.0: "there/report.html"})
    assert values(chart.html())["words"] == [[0, "first", ""], [9, "last", "there/report.html"]]
    assert ">first</span>" in chart.html()


def test_names_on_the_axis_keep_their_distance():
    view = Chart("t", "a", [line()], names={x: f"day {x:g}" for x in X.tolist()}).view()
    assert 2 <= len(view["x_ticks"]) <= 4


def test_a_mark_is_where_it_belongs():
    view = Chart("t", "a", [line()], marks=[Mark(4.5, "here")]).view()
    assert view["marks"] == [(pytest.approx(0.5), "here", False)]


def test_what_is_far_outside_is_cut_off():
    html = Chart("t", "a", [line(y=X * 1e200)], y_range=Scale(0, 1)).html()
    assert all(abs(float(v)) <= 6 * SIZE for v in re.findall(r"[ML][\d.-]+ ([\d.-]+)", html))


def test_hostile_names_are_text():
    html = Chart("<b>t", "<b>a", [line("<script>")], x_label="<i>", names={0.0: "</script>"}).html()
    assert not re.search(r"<b>[ta]|<script>(?!\{)|<i>[^<]", html.replace("<i></i>", ""))


def test_steps_are_counted_in_whole_numbers():
    def ticks(x) -> list[str]:
        return [text for _, text, *_ in Chart("t", "a", [Line("one", np.asarray(x), np.asarray(x))]).view()["x_ticks"]]

    assert ticks(np.arange(1.0, 21)) == ["5", "10", "15", "20"]
    assert ticks([1.0, 2.0]) == ["1", "2"]
    assert "0.4" in ticks(np.linspace(0, 1, 11))


def test_the_table_has_the_intervals_and_digits_of_the_spread_however_large_the_values():
    y = 12_000 + np.linspace(0, 40, 10)
    around = Intervals(y - 1, y + 1, y - 2.25, y + 2.25)
    html = Chart("t", "a", [line("forecast", y, intervals=around)]).html()
    assert [f'<th scope="col">{name}</th>' in html for name in ("forecast", "forecast, 5 %", "forecast, 95 %")] == [
        True
    ] * 3
    assert "<td>12004.44</td><td>12002.19</td><td>12006.69</td>" in html


def test_labels_that_would_overlap_on_a_phone_are_not_shown_there():
    days = [(place, "2026-03-01") for place in (0.012, 0.29, 0.57, 0.85)]
    assert crowding(days) == {0.29}, "the first lies inward from the left end"
    hours = [(place, "2026-03-01 12:00") for place in (0.012, 0.3, 0.6, 0.95)]
    assert crowding(hours) == {0.3, 0.6}, "the last lies inward from the right end"
    assert crowding([(k / 8, str(k)) for k in range(9)]) == set()
    html = Chart("t", "a", [line()], names={x: f"2026-03-{x:02g}" for x in X.tolist()}).html()
    assert 'class="xtick crowded"' in html
