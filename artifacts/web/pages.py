"""Render templates, and format values for them."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from math import isfinite
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from artifacts.web.palette import colours


@cache
def environment() -> Environment:
    """Jinja's environment: values in HTML templates are escaped, in Markdown templates not."""
    made = Environment(
        loader=PackageLoader("artifacts.web"),
        autoescape=select_autoescape(["html.j2"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["data"] = data
    made.filters["as_text"] = as_text
    made.filters["hashed"] = hashed
    made.globals["colours"] = colours()
    made.globals["markdown_table"] = markdown_table
    return made


def render(template: str, **values: Any) -> Markup:
    """Render a template with these values."""
    return Markup(environment().get_template(template).render(**values))  # noqa: S704  escaped by the template


def data(value: Any) -> Markup:
    """A value as JSON that is safe in a <script>: no text in it can end the element or begin another."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  the loop above has escaped it


def hashed(script: str) -> Markup:
    """The source of a Content-Security-Policy that allows this inline script alone."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Markup(f"'sha256-{digest}'")  # noqa: S704  letters, digits, +, / and =


def as_text(words: str) -> str:
    """Text that Markdown shows as it is: no tag, link, picture, code or emphasis begins in it, and no table cell ends.

    An address is no link either: anybody can write one into the name of a file or a column.
    """
    for sign in "\\`*[]|@":
        words = words.replace(sign, f"\\{sign}")
    return escape(words, quote=False).replace("://", ":\\//").replace("www.", "www\\.")


def markdown_table(rows: Sequence[Mapping[str, str]]) -> str:
    """A Markdown table: one line a row, the names of the first row's cells above; empty without rows."""
    if not rows:
        return ""
    lines = [_markdown_line(rows[0]), f"|{' --- |' * len(rows[0])}", *(_markdown_line(row.values()) for row in rows)]
    return "\n".join(lines)


def _markdown_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(as_text, cells))} |"


def numbers(values: Any, digits: int = 5) -> list[float | None]:
    """Numbers rounded to so many significant digits; None for missing and infinite ones, which JSON does not have."""
    form = f"%.{digits}g"
    return [_number(value, form) for value in np.asarray(values, dtype=float).tolist()]


def _number(value: float, form: str) -> float | None:
    if not isfinite(value):
        return None
    rounded = float(form % value)
    if rounded.is_integer() and -1e9 < rounded < 1e9:
        return int(rounded)
    return rounded if isfinite(rounded) else value  # rounded up beyond the largest float


def short(value: float | None) -> str:
    """A number for reading: three significant digits; a dash for None and NaN."""
    if value is None or np.isnan(value):
        return "–"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return f"{value:.2g}"
