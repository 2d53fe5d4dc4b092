"""The gallery of all runs: built anew and opened. Try `python flows/browse.py --help`."""

import os
import sys
import webbrowser
from pathlib import Path

from pydantic import Field

from flows.command_line import run_from_command_line
from flows.settings.base import InStore


class BrowseSettings(InStore):
    """Which store to look at, and how."""

    no_open: bool = Field(False, description="Build the gallery, but do not open the browser.")


def browse(settings: BrowseSettings) -> str:
    """Build the gallery of all runs and open it in the browser; the last line says where it is.

    Of a store behind a URL it is put there too, and can be opened where the store's pages are served.
    """
    from artifacts.gallery.build import build
    from artifacts.store.store import Store

    store = Store(settings.store)
    place = build(store)
    if store.local and not settings.no_open and _has_a_screen():
        webbrowser.open(Path(place).as_uri())
    return place


def _has_a_screen() -> bool:
    """Without one, Python would start a browser for terminals, which then waits for somebody to type."""
    return sys.platform in {"win32", "darwin"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    run_from_command_line(browse, BrowseSettings)
