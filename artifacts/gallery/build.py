"""Building the gallery: the front page, the compare page, and what that one loads, each put in place whole."""

from artifacts.gallery.comparable import script
from artifacts.gallery.front import page
from artifacts.gallery.pages import render
from artifacts.gallery.shelf import PAGES, summaries
from artifacts.gallery.summaries import UNREADABLE, Summary
from artifacts.store import Store

INDEX, COMPARE = "index.html", f"{PAGES}/compare.html"
CHOICE = 200
"""Runs that the compare page offers to add, the newest ones; the front page leads there with any."""


def build(store: Store) -> str:
    """Build the gallery of a store, reading only runs that were not read before; returns where its front page is.

    One process at a time: who comes second waits, and then sees the first one's run too. Raises CannotWrite.
    """

    def prepare(run: Summary) -> None:
        if run.forecasts:
            try:
                content = script(store, run)
            except UNREADABLE:
                return  # its own page says what can be said; the compare page tells that it has nothing to compare
            store.replace(f"{PAGES}/data/{run.id}.js", content)

    with store.changing(INDEX):
        runs = summaries(store, prepare)
        offered = [[run.id, run.name, run.flow] for run in runs if run.forecasts][:CHOICE]
        store.replace(COMPARE, render("compare.html.j2", offered=offered).encode())
        store.replace(INDEX, page(store, runs).encode())
    return store.place(INDEX)
