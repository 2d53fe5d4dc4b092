"""A long series, generated to Parquet and read back as a stream: time, size and peak memory, by length.

    python benchmarks/length.py [points]

Prints a Markdown table for 10⁷, 10⁸ and 6·10⁸ points, or for those of them up to `points`. One file at a time is
written to the temporary folder (TMPDIR) and deleted: 6.3 bytes a point, 3.7 GB for the longest. Each row is a process
of its own. MB are of x and y as float64, 16 bytes a point; seconds are without imports.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

# NumPy and pyarrow are imported by the child processes alone: a child's peak memory begins with that of its parent.

LENGTHS = (10**7, 10**8, 6 * 10**8)
STEP, NOISE, SEED = 0.01, 0.01, 0
GROUP_SIZE, WINDOW, BLOCK = 6, 5, 2**14
BYTES_A_POINT = 7
"""On disk, with some room to spare."""


def main(lengths: Iterable[int]) -> None:
    """Measure each length and print its rows."""
    print("| points | | MB a second of CPU | seconds of CPU | seconds | file, MB | peak memory, MiB |")
    print("|---|---|---|---|---|---|---|")
    for points in lengths:
        with tempfile.TemporaryDirectory(prefix="wavecast-length-") as folder:
            path, needed = Path(folder) / "series.parquet", points * BYTES_A_POINT
            if shutil.disk_usage(folder).free < needed:
                sys.exit(f"{folder} has no {needed / 1e9:.1f} GB free for {points} points: set TMPDIR or ask for fewer")
            for what in STEPS:
                if what == "train an epoch" and points > LONGEST_TRAINED:
                    continue
                child = [sys.executable, __file__, what, str(path), str(points)]
                m = json.loads(subprocess.run(child, check=True, stdout=subprocess.PIPE).stdout)
                speed, size = 16 * points / 1e6 / m["cpu"], path.stat().st_size / 1e6
                print(f"| {points:.0e} | {what} | {speed:.0f} | {m['cpu']:.1f} | {m['wall']:.1f} | {size:.0f} | "
                      f"{m['peak']:.0f} |", flush=True)  # fmt: skip


def generate(path: Path, points: int) -> None:
    """Generate the series and write it."""
    from artifacts.contents import write_series
    from rnn.series import generate_blocks
    from rnn.streams import stream

    blocks = generate_blocks(points, STEP, NOISE, stream(SEED, "noise"))
    write_series(path, blocks, {"points": points, "seed": SEED})


def read(path: Path, points: int) -> None:
    """Read all of it in blocks; the last point must be the one that is generated alone."""
    from artifacts.tables import read_blocks
    from rnn.series import generate
    from rnn.streams import stream

    rows = 0
    for block in read_blocks(path, 2**16):
        rows += len(block["x"])
    (last,) = generate(1, STEP, NOISE, stream(SEED, "noise"), start=points - 1).y
    if (rows, block["y"][-1]) != (points, last):
        raise AssertionError(f"{rows} points came back, the last one is {block['y'][-1]}, not {last}")


def read_groups(path: Path, points: int) -> None:
    """Read all of it as training does: in blocks of groups with an overlap of a window less one."""
    from artifacts.contents import read_group_blocks

    groups = WINDOW - 1
    for block in read_group_blocks(path, GROUP_SIZE, BLOCK, WINDOW - 1):
        groups += len(block) - (WINDOW - 1)
    if groups != points // GROUP_SIZE:
        raise AssertionError(f"{groups} groups came back")


def train(path: Path, points: int) -> None:
    """One epoch of the article's walk over all of it, at a learning rate that such large x and y can bear."""
    from artifacts.contents import read_group_blocks
    from rnn.long_training import train_long
    from rnn.network import ElmanNetwork
    from rnn.recipes import ArticleRecipe
    from rnn.streams import stream

    recipe = ArticleRecipe(lr=1e-3, epochs=1, window=WINDOW)
    network = ElmanNetwork.random(stream(SEED, "article"), GROUP_SIZE, recipe.hidden, GROUP_SIZE)
    trained = train_long(network, lambda: read_group_blocks(path, GROUP_SIZE, BLOCK, WINDOW - 1), recipe)
    print(f"{points // GROUP_SIZE} groups: {trained.kernel}, loss {trained.epoch_loss[-1]:.3g}", file=sys.stderr)


STEPS = {"generate and write": generate, "read": read, "read in groups": read_groups, "train an epoch": train}
LONGEST_TRAINED = 10**7
"""Beyond, training takes minutes and shows nothing else."""


def measure(what: str, path: Path, points: int) -> None:
    """In a child process: do it and print what it took."""
    import artifacts.contents  # noqa: F401

    wall, cpu = time.perf_counter(), time.process_time()
    STEPS[what](path, points)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux kilobytes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak}))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    else:
        most = int(float(sys.argv[1])) if len(sys.argv) > 1 else LENGTHS[-1]
        main([points for points in LENGTHS if points <= most] or [most])
