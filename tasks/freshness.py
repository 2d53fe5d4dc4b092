"""Whether there is anything to do: the same data, settings and code were retrained on already."""

import json
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from artifacts.cache import Entry
from artifacts.contents import DATASET
from artifacts.digests import digest_files, digest_package
from artifacts.registry import Registry
from artifacts.store import MANIFEST, Store
from artifacts.verdict_file import VERDICT, read_serves


@task(name="nothing-new", cache_policy=NO_CACHE)
def nothing_new(store: str, data: Entry, config: dict[str, Any]) -> str | None:
    """Where the run is that has done all this before, if the newest retraining has: the same data, settings and code.

    One whose verdict was to promote, and that was killed before it came to that, has not.
    """
    runs = Store(store)
    newest = _newest_retraining(runs)
    if newest is None:
        return None
    name, manifest = newest
    done = (manifest["data"], manifest["config"], manifest["code"]["rnn"])
    if done != (digest_files(data.folder)[DATASET], config, digest_package("rnn")):
        return None
    serves = read_serves(runs.folder(name) / VERDICT)
    if serves["run"] is None and name not in {promotion.run for promotion in Registry(runs).promotions()}:
        return None
    get_run_logger().info("the data are those of %s, and so are settings and code: nothing is trained", name)
    return runs.place(name)


def _newest_retraining(runs: Store) -> tuple[str, dict[str, Any]] | None:
    for name in reversed(runs.runs()):
        try:
            manifest: dict[str, Any] = json.loads(runs.read(f"{name}/{MANIFEST}") or b"{}")
        except ValueError:
            continue
        if manifest.get("flow") == "retrain":
            return name, manifest
    return None
