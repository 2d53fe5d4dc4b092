"""Measure time, size and peak memory of series by length, generated to Parquet and read back as a stream.

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
                child = [sys.executable, __file__, what, str(path), str(points)]
                m = json.loads(subprocess.run(child, check=True, stdout=subprocess.PIPE).stdout)
                speed, size = 16 * points / 1e6 / m["cpu"], path.stat().st_size / 1e6
                print(f"| {points:.0e} | {what} | {speed:.0f} | {m['cpu']:.1f} | {m['wall']:.1f} | {size:.0f} | "
                      f"{m['peak']:.0f} |", flush=True)  # fmt: skip


def generate(path: Path, points: int) -> None:
    """Generate the series and write it."""
    from artifacts.files.series import write_series
    from rnn.datasets.xsinx import generate_blocks
    from rnn.random_streams import stream

    blocks = generate_blocks(points, STEP, NOISE, stream(SEED, "noise"))
    write_series(path, blocks, {"points": points, "seed": SEED})


def read(path: Path, points: int) -> None:
    """Read all of it in blocks; the last point must be the one that is generated alone."""
    from pyarrow.parquet import ParquetFile

    from rnn.datasets.xsinx import generate
    from rnn.random_streams import stream

    rows = 0
    for block in ParquetFile(path).iter_batches(2**16, columns=["x", "y"]):
        rows += len(block)
    (last,) = generate(1, STEP, NOISE, stream(SEED, "noise"), start=points - 1).y
    if (rows, block["y"][-1].as_py()) != (points, last):
        raise AssertionError(f"{rows} points came back, the last one is {block['y'][-1].as_py()}, not {last}")


STEPS = {"generate and write": generate, "read": read}


def measure(what: str, path: Path, points: int) -> None:
    """In a child process: do it and print what it took."""
    import artifacts.files.series  # noqa: F401

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
