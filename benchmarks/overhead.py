"""Measure the main job beside bare Prefect: wall and CPU time of whole processes, run in turn.

    python benchmarks/overhead.py [rounds]

Compared with an empty flow under the same settings and PREFECT_HOME: the main job when nothing has changed since the
last run, and with a fresh seed, so that every step is done. Both as one runs them: `python FILE`, with no server up.
Each lap's ratio is to the empty flow of the same lap. Wall times want an otherwise idle machine; CPU time (user and
system, the embedded server's with it) bears a busy one better, but says nothing of what runs beside what.
"""

import os
import resource
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
        laps: list[dict[str, tuple[float, float]]] = []
        for _ in range(rounds + 1):
            laps.append({name: timed(command, environment) for name, command in commands.items()})
    laps = laps[1:]  # the first makes the database, the byte code and the cache
    print(f"The whole process, warm, medians of {rounds} rounds in turn, and the ratio's range over the rounds:\n")
    print("| | wall, s | × an empty flow | CPU, s | × an empty flow |\n|---|---|---|---|---|")
    for name in commands:
        print(f"| {name} | {' | '.join(cell for kind in (0, 1) for cell in cells(laps, name, kind))} |")


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds of wall and of CPU time that a Python command takes, its own processes included."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cells(laps: list[dict[str, tuple[float, float]]], name: str, kind: int) -> tuple[str, str]:
    """A command's median seconds, and how many times the empty flow's they are, lap by lap."""
    seconds = [lap[name][kind] for lap in laps]
    ratios = [lap[name][kind] / lap["an empty flow"][kind] for lap in laps]
    return (
        f"{statistics.median(seconds):.1f}",
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
