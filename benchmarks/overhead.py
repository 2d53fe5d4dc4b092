"""What the main job costs beyond Prefect itself: whole-process wall times, side by side and in turn.

    python benchmarks/overhead.py [rounds]

Compared with an empty flow under the same settings and PREFECT_HOME: the main job when nothing has changed since the
last run, and with a fresh seed, so that every step is done. Both as one runs them: `python FILE`, with no server up.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
EMPTY = """
import os
os.environ.setdefault("DO_NOT_TRACK", "1")
from prefect import flow
@flow
def empty():
    pass
empty()
"""


def main(rounds: int) -> None:
    """Measure and print a Markdown table."""
    with tempfile.TemporaryDirectory() as scratch:
        empty = Path(scratch) / "empty.py"
        empty.write_text(EMPTY)
        pipeline = ["flows/pipeline.py", "--store", f"{scratch}/runs"]
        commands = {
            "an empty flow": [str(empty)],
            "the main job, unchanged": pipeline,
            "the main job, fresh seed": [*pipeline, "--fresh-seed"],
        }
        environment = {**os.environ, "PREFECT_HOME": f"{scratch}/prefect"}
        environment.pop("PREFECT_API_URL", None)
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for lap in range(rounds + 1):
            for name, command in commands.items():
                started = time.perf_counter()
                subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
                if lap > 0:  # the first makes the database, the byte code and the cache
                    seconds[name].append(time.perf_counter() - started)
    base = statistics.median(seconds["an empty flow"])
    print(f"Wall time of the whole process, warm, median of {rounds} rounds in turn:\n")
    print("| | seconds | × an empty flow |\n|---|---|---|")
    for name, times in seconds.items():
        middle = statistics.median(times)
        print(f"| {name} | {middle:.1f} ({min(times):.1f} to {max(times):.1f}) | {middle / base:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
