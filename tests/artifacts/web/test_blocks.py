from artifacts.web.blocks import Beside, Facts


def test_facts_are_names_and_values_as_text():
    html = Facts([("seed", "7"), ("<b>", "a & b")]).html()
    assert "<dt>seed</dt><dd>7</dd>" in html
    assert "<dt>&lt;b&gt;</dt><dd>a &amp; b</dd>" in html


def test_blocks_stand_beside_each_other_in_their_order():
    html = Beside([Facts([("one", "1")]), Facts([("two", "2")])]).html()
    assert html.index("one") < html.index("two")
    assert "&lt;" not in html
