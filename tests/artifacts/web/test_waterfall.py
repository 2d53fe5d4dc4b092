import re

from artifacts.web.waterfall import LEFT, WIDTH, Bar, Waterfall


def drawn(*bars):
    return Waterfall("From then to now", "a < b", bars).html()


def test_each_bar_begins_where_the_one_before_ended():
    html = drawn(
        Bar("then", 1, 1, "1.0", whole=True), Bar("up", 1, 3, "+2.0"), Bar("down", 3, 2, "-1.0"),
        Bar("now", 2, 2, "2.0", whole=True),
    )  # fmt: skip
    boxes = [
        (float(left), float(width))
        for left, width in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', html)
    ]
    (_, _), (up, rise), (down, fall), (now, _) = boxes
    assert rise > fall > 0
    assert up + rise == down + fall
    assert abs(down - (now + 2)) < 1e-6
    assert all(LEFT <= left <= left + width <= LEFT + WIDTH for left, width in boxes)
    assert re.findall(r"fill:var\(--(truth|plus|minus)\)", html) == ["truth", "plus", "minus", "truth"]


def test_nothing_moved_is_drawn_too_and_text_is_escaped():
    html = drawn(Bar("<then>", 1, 1, "1", whole=True), Bar("none", 1, 1, "0"))
    assert "nan" not in html
    assert "&lt;then&gt;" in html
    assert "a &lt; b" in html
