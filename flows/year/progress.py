"""Record a year's progress on disk after every night, so that a killed year goes on with its last night."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from artifacts.files.nights import NIGHTS, read_nights, write_nights
from artifacts.store.snapshot import go_back, take_snapshot

KEPT, PART, TWIN = "after-night-", ".part", "kept"
"""Names beside the store: what is kept after a night; what is not whole yet; the store while its copy is lived in."""

PROGRESS, STATE, STORE = "progress.json", "state.json", "store"


@dataclass(frozen=True)
class Progress:
    """A year after so many nights are `done`.

    `rng`: the state of its random stream. `versions`: the feed's values as they were known, the newest last. `usual`:
    seconds that nights without a fault took. `state`: what the store holds (`artifacts.lifecycle.state`).
    """

    done: int
    rng: dict[str, Any]
    versions: list[list[float]]
    usual: list[float]
    state: dict[str, Any]


def keep(folder: Path, progress: Progress) -> None:
    """Keep how far the year in `folder` has come, with its store as it is: all of it or nothing."""
    part, place = folder / f"{KEPT}{progress.done}{PART}", folder / f"{KEPT}{progress.done}"
    shutil.rmtree(part, ignore_errors=True)
    take_snapshot(folder / STORE, part / STORE, progress.state["runs"])
    (part / PROGRESS).write_text(json.dumps(asdict(progress)))
    part.rename(place)
    for older in _kept(folder)[:-1]:
        shutil.rmtree(older)


def go_on(folder: Path) -> Progress | None:
    """How far the year in `folder` has come, its store and its nights as they were then; None at its beginning."""
    twin = folder / TWIN
    if twin.exists():  # the store itself: what stands in its place is the copy that was lived in, or what is left of it
        shutil.rmtree(folder / STORE, ignore_errors=True)
        twin.rename(folder / STORE)
    places = _kept(folder)
    if not places:
        shutil.rmtree(folder / STORE, ignore_errors=True)
        (folder / NIGHTS).unlink(missing_ok=True)
        return None
    progress = Progress(**json.loads((places[-1] / PROGRESS).read_text()))
    go_back(folder / STORE, places[-1] / STORE, progress.state["runs"])
    write_nights(folder / NIGHTS, read_nights(folder / NIGHTS)[: progress.done])
    return progress


def _kept(folder: Path) -> list[Path]:
    """What is kept and whole, the newest last."""
    places = [place for place in folder.glob(f"{KEPT}*") if not place.name.endswith(PART)]
    return sorted(places, key=lambda place: int(place.name.removeprefix(KEPT)))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process lives this year: one whose caller was killed still ends its night."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
