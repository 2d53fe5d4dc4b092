"""The pictures of a run."""

from collections.abc import Sequence

from artifacts.plots.figures import Picture
from artifacts.store.cache import Entry
from tasks.support.step import cache_of, made_by


def drawn(store: str, every: Sequence[Picture]) -> Entry:
    """Draw the pictures into a folder of the cache."""
    with cache_of(store).filling(made_by()) as folder:
        for picture in every:
            picture.draw(folder / picture.name)
    return folder.entry
