"""Build the gallery of all runs and open it. Try `wavecast browse --help`."""

import os
import sys
import webbrowser
from pathlib import Path

from pydantic import Field

from flows.command_line.command import run_from_command_line
from flows.settings.base import StoreSettings


class BrowseSettings(StoreSettings):
    """Which store to look at, and how."""

    no_open: bool = Field(False, description="Build the gallery, but do not open the browser.")


def browse(settings: BrowseSettings) -> str:
    """Build the gallery of all runs and open it in the browser; the last line says where it is.

    The gallery of a store behind a URL is put there, and can be opened where the store's files are served as pages.
    """
    from artifacts.gallery.build import build
    from artifacts.lifecycle.unfinished import finish_if_possible
    from artifacts.store.existing import existing_store

    store = existing_store(settings.store)
    finish_if_possible(store)
    place = build(store)
    if store.local and not settings.no_open and _has_a_screen():
        webbrowser.open(Path(place).as_uri())
    return place


def _has_a_screen() -> bool:
    """Whether a browser has a screen to open on; without one Python starts a browser in the terminal, which waits."""
    return sys.platform in {"win32", "darwin"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    run_from_command_line(browse, BrowseSettings)
