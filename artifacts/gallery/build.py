"""Building the gallery: the front page, the compare page, and what that one loads, each put in place whole."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from artifacts.gallery.compare_data import script
from artifacts.gallery.front import page
from artifacts.gallery.summary import UNREADABLE, Summary
from artifacts.gallery.summary_cache import PAGES, summaries
from artifacts.store.atomic import writing_to
from artifacts.store.store import Store
from artifacts.web.pages import render

INDEX, COMPARE = "index.html", f"{PAGES}/compare.html"
MANY = 16
"""More files than these are flushed to the disk all at once: one by one it takes longer than to read all runs."""

CHOICE = 200
"""Runs that the compare page offers to add, the newest ones; the front page leads there with any."""


def build(store: Store) -> str:
    """Build the gallery of a store, reading only runs that were not read before; returns where its front page is.

    One process at a time: who comes second waits, and then sees the first one's run too. Raises CannotWrite.
    """
    with store.changing(INDEX):
        runs = summaries(store, partial(prepare, store))
        offered = [[run.id, run.name, run.flow] for run in runs if run.forecasts][:CHOICE]
        store.replace(COMPARE, render("compare.html.j2", offered=offered).encode())
        store.replace(INDEX, page(store, runs).encode())
    return store.place(INDEX)


def prepare(store: Store, runs: Sequence[Summary]) -> None:
    """Leave what the compare page loads of each run. What cannot be read is left out, and that page tells so."""
    many = store.local and len(runs) > MANY
    for run in (run for run in runs if run.forecasts):
        try:
            content = script(store, run)
        except UNREADABLE:
            continue
        place = f"{PAGES}/data/{run.id}.js"
        if many:
            with writing_to(place):
                _put_unflushed(Path(store.root) / place, content)
        else:
            store.replace(place, content)
    if many:
        os.sync()


def _put_unflushed(path: Path, content: bytes) -> None:
    """A file put in place whole, but perhaps not on the disk yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partly = path.with_name(f".{path.name}.partial")
    partly.write_bytes(content)
    partly.replace(path)
