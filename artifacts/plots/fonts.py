"""The fonts of the pictures: one that comes with Matplotlib, and for letters that it lacks what the machine has."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from matplotlib import font_manager

ALWAYS = "DejaVu Sans"
"""It comes with Matplotlib, so that names of its letters look the same on every machine."""

OTHERS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei", "Malgun Gothic",
    "Arial Unicode MS",
)  # fmt: skip
"""Fonts with Chinese, Japanese and Korean letters that systems have; the first that is there is used."""


@cache
def families() -> list[str]:
    """The fonts in which a letter is looked for, one after the other; only those that are installed."""
    installed = set(font_manager.get_font_names())
    return [ALWAYS, *(name for name in OTHERS if name in installed)]


@contextmanager
def letters_may_be_missing() -> Iterator[None]:
    """Draw a letter that no font has as a box, without a warning for each: the page shows the same name as text."""
    log = logging.getLogger(font_manager.__name__)  # tells of fonts that have no bold
    level = log.level
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph .* missing from font", UserWarning)
        log.setLevel(logging.ERROR)
        try:
            yield
        finally:
            log.setLevel(level)
