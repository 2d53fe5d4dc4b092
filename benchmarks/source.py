"""Measure the time and memory to read, validate and group ten million rows of CSV and Parquet.

python benchmarks/source.py            makes the files in a temporary folder, then reads each in a process of its own
python benchmarks/source.py FILE       reads that file, and says what it took
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 10_000_000
BLOCK = 1_000_000


def write(folder: Path) -> None:
    """A minute's value for nineteen years, and two columns that nobody asks for."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    schema = pa.schema([("time", pa.timestamp("us", "UTC")), ("load", pa.float64()), ("site", pa.string()),
                        ("status", pa.int64())])  # fmt: skip
    csv, parquet = folder / "rows.csv", folder / "rows.parquet"
    rng = np.random.default_rng(0)
    with pyarrow.csv.CSVWriter(csv, schema) as lines, pq.ParquetWriter(parquet, schema) as groups:
        for start in range(0, ROWS, BLOCK):
            minute = np.arange(start, start + BLOCK)
            load = np.round(100 + 20 * np.sin(minute * 2 * np.pi / 1440) + rng.normal(0, 3, BLOCK), 3)
            times = pa.array(minute * 60_000_000, pa.timestamp("us", "UTC"))
            block = pa.table([times, load, ["north"] * BLOCK, minute % 3], schema=schema)
            lines.write_table(block)
            groups.write_table(block, 2**20)


def read(path: str) -> None:
    """Read a file, and print the seconds and the most memory that this process has ever had."""
    started = time.perf_counter()
    from rnn.readers.options import Source
    from rnn.readers.read import read_series_file
    from rnn.series import group

    loaded = time.perf_counter()
    series, _, found = read_series_file(Source(data=path, time_column="time", value_column="load"), 120)
    groups = group(series, 6, 20)
    ended = time.perf_counter()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{found.kind}: {found.rows} rows, {len(groups)} groups, {ended - loaded:.1f} s and {loaded - started:.1f} s "
          f"to import, {most:.0f} MiB")  # fmt: skip


def main() -> None:
    """Both files, or the one that is named."""
    if len(sys.argv) > 1:
        place = Path(sys.argv[1])
        write(place) if place.is_dir() else read(sys.argv[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        # A child's peak memory begins with that of its parent: so this process does nothing itself.
        subprocess.run([sys.executable, __file__, folder], check=True)
        for path in sorted(Path(folder).iterdir()):
            print(f"{path.name}: {path.stat().st_size / 2**20:.0f} MiB", flush=True)
            subprocess.run([sys.executable, __file__, str(path)], check=True)


if __name__ == "__main__":
    main()
