"""Build the gallery: the front page, the compare page, and the data that the latter loads, each written whole."""

import os
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from artifacts.gallery.compare_data import script
from artifacts.gallery.forecast_changes import without_dead_links
from artifacts.gallery.front import page
from artifacts.gallery.summary import UNREADABLE, Summary
from artifacts.gallery.summary_cache import PAGES, summaries
from artifacts.store.atomic import writing_to
from artifacts.store.store import Store
from artifacts.web.pages import render
from rnn.errors import WavecastError

INDEX, COMPARE = "index.html", f"{PAGES}/compare.html"
MANY = 16
"""A number of files above which all are flushed to the disk at once: one by one takes longer than reading all runs."""

CHOICE = 200
"""The number of runs, the newest, that the compare page offers to add; links from the front page may name any."""


def build(store: Store) -> str:
    """Build the gallery of a store, reading only runs that were not read before; returns where its front page is.

    Processes build one after the other, under a lock, so that the last one shows every run. Raises CannotWrite.
    """
    with store.changing(INDEX):
        runs = summaries(store, partial(prepare, store))
        offered = [[run.id, run.name, run.flow] for run in runs if run.forecasts][:CHOICE]
        store.replace(COMPARE, render("compare.html.j2", offered=offered).encode())
        store.replace(INDEX, page(store, runs).encode())
        _tidy(store, runs)
    return store.place(INDEX)


def _tidy(store: Store, runs: Sequence[Summary]) -> None:
    """Remove the data of runs that are no longer there, and links to them; what cannot be changed stays as it is."""
    with suppress(WavecastError, OSError):
        without_dead_links(store)
    wanted, data = {f"{run.id}.js" for run in runs}, f"{store.root}/{PAGES}/data"
    with suppress(OSError):
        for path in store.files.ls(data, detail=False):
            name = path.rsplit("/", 1)[-1]
            if name.endswith(".js") and not name.startswith(".") and name not in wanted:
                store.files.rm_file(path)


def prepare(store: Store, runs: Sequence[Summary]) -> None:
    """Write the data that the compare page loads of each run. Unreadable runs are left out; that page says so."""
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
    """Write a file whole, without flushing it to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial_file = path.with_name(f".{path.name}.partial")
    partial_file.write_bytes(content)
    partial_file.replace(path)
