import re

from artifacts.web.waterfall import Bar, Waterfall


def drawn(*bars):
    return Waterfall("From then to now", bars).html()


def bars_of(html):
    """Class, left end and width of each bar."""
    found = re.findall(r'<i class="(\w+)" style="left:([\d.]+)%;width:([\d.]+)%">', html)
    return [(colour, float(left), float(width)) for colour, left, width in found]


def test_each_bar_begins_where_the_one_before_ended():
    html = drawn(
        Bar("then", 1, 1, "1.0", whole=True), Bar("up", 1, 3, "+2.0"), Bar("down", 3, 2, "-1.0"),
        Bar("now", 2, 2, "2.0", whole=True),
    )  # fmt: skip
    (_, then, _), (_, up, rise), (_, down, fall), (_, now, _) = bars_of(html)
    assert rise > fall > 0
    assert abs(up + rise - (down + fall)) < 0.02
    assert (up, down) == (then, now)
    assert all(0 < left <= left + width < 100 for _, left, width in bars_of(html))
    assert [colour for colour, _, _ in bars_of(html)] == ["truth", "plus", "minus", "truth"]


def test_nothing_moved_is_drawn_too_without_the_colour_of_a_change():
    html = drawn(Bar("then", 1, 1, "1", whole=True), Bar("none", 1, 1, "0"))
    assert "nan" not in html
    assert [(colour, width) for colour, _, width in bars_of(html)] == [("truth", 0), ("none", 0)]


def test_text_is_escaped_and_a_note_stands_beside_its_bar():
    html = drawn(Bar("<seed>", 1, 2, "+1", "0 → <b>"))
    assert "&lt;seed&gt;" in html
    assert '<td class="text">0 → &lt;b&gt;</td>' in html
