"""One of several workers on one store, as a process of its own: `python tests/racer.py STORE NAME WHAT SECONDS`.

It says "ready", waits for a line, does WHAT, and says what came of it, as JSON in a line. test_several_workers.py
starts them, each with a home of its own, as machines have.
"""

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from artifacts.lifecycle.ledger import read_ledger, void
from artifacts.lifecycle.registry import CHAMPION, ChampionChanged, Registry
from artifacts.store.atomic import CannotWrite, whole_folder
from artifacts.store.digests import digest_files
from artifacts.store.listing import MANIFEST
from artifacts.store.store import AlreadyThere, Store

PROMOTIONS = 2
SAME = "20260101T000000Z-same"
"""The run that all of them publish."""


def say(word: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def publish(store: Store, name: str, content: str, files: int = 3) -> str:
    """Publish a small run whose files tell who made it; returns "published", or "there" where it was already."""
    with TemporaryDirectory(dir=store.workspace) as place, whole_folder(Path(place)) as folder:
        for number in range(files):
            (folder / f"{number}.txt").write_text(f"{content} {number}\n")
        parts = {each: {} for each in ("config", "seeds", "code", "versions")}
        manifest = {"format": 1, "flow": "retrain", **parts, "files": digest_files(folder), "execution": {}}
        (folder / MANIFEST).write_text(json.dumps(manifest))
        try:
            store.publish(folder, name)
        except AlreadyThere:
            return "there"
    return "published"


def promote(store: Store, name: str, content: str) -> None:
    """Publish a run and promote it, judged anew whenever another champion was promoted meanwhile."""
    registry = Registry(store)
    while True:
        champion = registry.champion()
        try:
            with registry.promoting(name, "autoregressive", "gate", f"{content} is better", champion):
                publish(store, name, content)
            return
        except ChampionChanged:
            continue


def race(store: Store, me: str) -> object:
    """Publish the run that all publish, promote some of one's own, and void lines of the ledger that are one's own."""
    said = publish(store, SAME, me, files=6)
    for number in range(PROMOTIONS):
        promote(store, f"2026010{number + 2}T000000Z-{me}", me)
    for at in sorted({at for at in read_ledger(store).scored.at.tolist() if int(at) % 8 == int(me)}):
        void(store, at, at, f"by {me}")
    return said


def stand_still(store: Store, me: str) -> object:
    """Stand still while the champion is being changed; then try to write."""
    with store.changing(CHAMPION):
        before = store.read(CHAMPION)
        say("inside")
        sys.stdin.readline()
        time.sleep(0.5)  # nothing renews the lease of a process that was stopped for so long
        try:
            store.replace(CHAMPION, before or b"{}")
        except CannotWrite as error:
            return str(error)
    return "written"


def publish_slowly(store: Store, me: str) -> object:
    """Publish the run that all publish, with so many files that it can be killed in the middle."""
    say("inside")
    return publish(store, SAME, me, files=40)


if __name__ == "__main__":
    from artifacts.store import lease

    url, me, what, seconds = sys.argv[1:]
    lease.SECONDS = float(seconds)
    store = Store(url)
    say("ready")
    sys.stdin.readline()
    say(json.dumps(globals()[what](store, me)))
