"""The pictures of a run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from artifacts.store.cache import Entry
from tasks.support.step import cache_of, made_by

if TYPE_CHECKING:  # Matplotlib takes a second to import
    from artifacts.plots.figures import Picture


def drawn(store: str, every: Sequence["Picture"]) -> Entry:
    """Draw the pictures into a folder of the cache."""
    with cache_of(store).filling(made_by()) as folder:
        for picture in every:
            picture.draw(folder / picture.name)
    return folder.entry
