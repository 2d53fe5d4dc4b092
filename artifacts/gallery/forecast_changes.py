"""Pages that say why the forecast moved, kept in the gallery, and their index, from which the front page links them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import unescape
from urllib.parse import quote, unquote

from artifacts.gallery.summary_cache import PAGES
from artifacts.lineage.forecast_change import ForecastChange
from artifacts.lineage.forecast_change_page import as_page, in_a_sentence
from artifacts.store.removed import Removed, read_removed
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from rnn.errors import WavecastError

FOLDER = f"{PAGES}/moved"
KEPT = f"{FOLDER}/kept.json"
LOCK = "moved"
"""The name of the lock under which a page and the index are written."""


class DamagedIndex(WavecastError):
    """The index of the kept pages cannot be read."""


@dataclass(frozen=True)
class KeptChange:
    """A kept page: it explains the change from the forecast of the run `old` to that of `new`, in a `sentence` too."""

    old: str
    new: str
    sentence: str

    @property
    def file(self) -> str:
        """The page, from the store on."""
        return f"{FOLDER}/{self.new}-after-{self.old}.html"

    @property
    def address(self) -> str:
        """The page, as an address on the front page."""
        return quote(self.file)


def keep_change(store: Store, change: ForecastChange) -> str:
    """Write the page of a change into the gallery; returns where it is. The same change gives the same bytes.

    The front page links to it from its next building on. A damaged index is begun anew. Raises CannotWrite.
    """
    kept = KeptChange(change.old, change.new, in_a_sentence(change))
    page = as_page(change, reports=[name for name in (change.old, change.new) if _has_report(store, name)])
    with store.changing(LOCK):
        store.replace(kept.file, page.encode())
        try:
            others = kept_changes(store)
        except DamagedIndex:
            others = []
        others = [each for each in others if (each.old, each.new) != (kept.old, kept.new)]
        store.replace(KEPT, _as_json([*others, kept]))
    return store.place(kept.file)


def without_dead_links(store: Store) -> None:
    """Let the kept pages say of runs that were removed when that was, where they linked to these.

    Raises DamagedIndex, CorruptRecord, OSError and CannotWrite.
    """
    removed = read_removed(store.files, store.root)
    for kept in kept_changes(store) if removed else []:
        if kept.old in removed or kept.new in removed:
            before = store.read(kept.file)
            after = before and _LINK.sub(lambda link: _instead(link, removed), before.decode()).encode()
            if after and after != before:
                store.replace(kept.file, after)


_LINK = re.compile(r'<a href="\.\./\.\./([^"/]+)/report\.html">(<b>[^<]*</b>)</a>')
"""A link to a run's page, as the template of these pages writes it: the run, and its name."""


def _instead(link: "re.Match[str]", removed: Mapping[str, Removed]) -> str:
    """The link itself, or for a run that was removed its name, and since when it is gone."""
    gone = removed.get(unquote(unescape(link[1])))
    return link[0] if gone is None else f"{link[2]} ({gone.briefly})"


def kept_changes(store: Store) -> list[KeptChange]:
    """The kept pages, that of the newest forecast first. Raises DamagedIndex."""
    data = store.read(KEPT)
    if data is None:
        return []
    try:
        kept = [KeptChange(str(each["old"]), str(each["new"]), str(each["sentence"])) for each in json.loads(data)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DamagedIndex(
            "it cannot be read, so that no page on why forecasts moved is listed: `wavecast explain --forecast` "
            "begins it anew"
        ) from None
    return sorted(kept, key=_newest_first, reverse=True)


def _newest_first(kept: KeptChange) -> tuple[str, str]:
    return kept.new, kept.old


def _as_json(kept: Sequence[KeptChange]) -> bytes:
    ordered = sorted(kept, key=_newest_first, reverse=True)
    return json.dumps([asdict(each) for each in ordered], indent=1, ensure_ascii=False).encode()


def _has_report(store: Store, name: str) -> bool:
    try:
        return "report.html" in store.run(name).digests
    except (UnreadableRun, OSError):
        return False
