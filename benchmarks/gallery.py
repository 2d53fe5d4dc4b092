"""Measure the gallery of many runs: the time to build it, its memory, and the size of its pages.

    python benchmarks/gallery.py [runs …]

Makes a store of copies of one small real run, each with a name and a seed of its own, builds the gallery from nothing,
then again after one more run, and again with nothing new. Each build is a process of its own, so that the memory is
its own too.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

BUILD = """
import resource, time
from artifacts.gallery.build import build
from artifacts.store.store import Store
started = time.perf_counter()
build(Store({store!r}))
print(time.perf_counter() - started, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def example(folder: Path) -> Path:
    """One real run of the main job, made by its own command."""
    command = [sys.executable, "flows/pipeline.py", "--store", str(folder), "--recipes", "article", "autoregressive"]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return Path(told.stdout.splitlines()[-1])


def add(store: Path, run: Path, number: int) -> None:
    """A copy of what the gallery reads of a run, under the name of its own minute."""
    when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    folder = store / f"{when:%Y%m%dT%H%M%SZ}-{number:06x}"
    folder.mkdir(parents=True)
    for name in ("metrics.json", "forecast.parquet", "dataset.parquet"):
        shutil.copy(run / name, folder / name)
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["config"]["seed"] = number
    manifest["execution"] |= {"run": folder.name, "published": when.isoformat()}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def built(store: Path) -> str:
    """Seconds, those of the processor, and megabytes of a build."""
    told = subprocess.run(
        [sys.executable, "-c", BUILD.format(store=str(store))], check=True, capture_output=True, text=True
    )
    seconds, cpu, megabytes = map(float, told.stdout.split())
    return f"{seconds:.1f} s ({cpu:.1f} s of CPU, imports too), {megabytes:.0f} MB"


def main(counts: list[int]) -> None:
    """A row for each number of runs."""
    with tempfile.TemporaryDirectory() as scratch:
        run = example(Path(scratch) / "example")
        print("| runs | from nothing | one run more | nothing new | index.html | gallery/ |\n|---|---|---|---|---|---|")
        for count in counts:
            store = Path(scratch) / str(count)
            for number in range(count):
                add(store, run, number)
            first = built(store)
            add(store, run, count)
            more, again = built(store), built(store)
            index = (store / "index.html").stat().st_size / 1e6
            rest = sum(path.stat().st_size for path in (store / "gallery").rglob("*") if path.is_file()) / 1e6
            print(f"| {count} | {first} | {more} | {again} | {index:.2f} MB | {rest:.0f} MB |", flush=True)
            shutil.rmtree(store)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [200, 1000, 5000])
