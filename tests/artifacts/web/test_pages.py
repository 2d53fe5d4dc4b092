import base64
import hashlib
import json
import re
from html import escape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from artifacts.web.pages import as_text, data, markdown_table, numbers, render, short

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON)
def test_data_in_a_script_is_the_same_again_and_ends_no_element(value):
    text = data(value)
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)


def test_a_name_cannot_leave_its_script():
    assert "</script>" not in data({"</script><script>alert(1)</script>": 1})


def test_what_is_not_finite_is_missing_in_numbers():
    assert numbers([1.0, np.nan, np.inf, None, 0.123456789]) == [1, None, None, None, 0.12346]


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_keep_five_digits(value):
    (rounded,) = numbers([value])
    assert rounded == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (np.nan, "–"), (np.inf, "∞"), (0.0, "0"), (0.14630, "0.146"), (1234.5, "1234"), (1e-5, "1e-05"),
     (4.2e7, "4.2e+07")],
)  # fmt: skip
def test_numbers_are_short(value, text):
    assert short(value) == text


def test_what_a_template_shows_is_escaped():
    assert "<b>" not in render("facts.html.j2", rows=[("<b>", "<b>")])


def test_text_in_markdown_is_shown_as_it_is():
    assert as_text("a | <b>") == "a \\| &lt;b&gt;"


@pytest.mark.parametrize(
    "words",
    [
        "[click](javascript:alert(1))",
        "![](https://evil.example/pixel.png)",
        "[a]: https://evil.example",
        "https://evil.example",
        "www.evil.example",
        "me@evil.example",
        "\\[click](javascript:alert(1))",
        "`code` and *emphasis*",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_no_words_are_a_link_a_picture_or_code_in_markdown(words):
    text = as_text(words)
    assert MarkdownIt("commonmark").render(text) == f"<p>{escape(words)}</p>\n"
    # GitHub's dialect, which Prefect's UI reads, makes links of bare addresses too.
    assert not re.search(r"https?://|www\.|[a-z]@", text)


def test_a_markdown_table_has_a_line_for_each_row_and_no_cell_leaves_it():
    rows = [{"a|b": "1", "c": "<b>"}, {"a|b": "2", "c": "–"}]
    assert markdown_table(rows) == "| a\\|b | c |\n| --- | --- |\n| 1 | &lt;b&gt; |\n| 2 | – |"
    assert markdown_table([]) == ""


@pytest.mark.parametrize("page", ["index", "compare"])
def test_a_page_allows_its_own_script_alone_and_no_network(page):
    empty = dict.fromkeys(("champion", "shown", "maker", "chart"), None)
    values = {**empty, "stats": [], "events": [], "charts": [], "rows": [], "listed": [], "total": 0, "problems": []}
    values |= {"more_problems": 0, "moment": str, "quote": str, "offered": [], "moved": [], "openly": 6, "why": None}
    text = str(render(f"{page}.html.j2", **values))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}' 'self' file:;" in policy
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    assert text.startswith("<!doctype html>")
    assert text.index("Content-Security-Policy") < text.index("<title>")
