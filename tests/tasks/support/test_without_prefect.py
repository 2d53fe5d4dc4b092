"""Steps as plain functions at a time of one's choosing, in a process of their own."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

PROGRAM = """
import json, logging
from datetime import UTC, datetime
import httpx
import prefect
import artifacts.lifecycle.continuation as lifecycle
import tasks.support.publish as publish
import tasks.support.events as events
import tasks.feed as feed
from tasks.support.without_prefect import end_of, leave_prefect_out

told, tries = [], []

@prefect.task(retries=2)
def third_time():
    tries.append(1)
    if len(tries) < 3:
        raise OSError("not yet")
    return "done"

leave_prefect_out(datetime(2024, 8, 1, 3, 15, tzinfo=UTC), "abcdef0123", lambda *all: told.append([*all]), AWAY)
publish.get_run_logger().info("nothing")
publish.get_run_logger().warning("the feed is %s", "flat")
events.announce("wavecast.feed", "runs", {"why": "it is flat"})
try:
    made = str(publish.create_markdown_artifact("text", key="a"))
except httpx.ConnectError:
    made = ""
now = lifecycle.datetime.now(UTC)
print(json.dumps([third_time(), len(tries), told, bool(made), feed.is_awaited("wavecast.feed", "runs"),
                  publish.run_name(),
                  lifecycle._now()[:16], isinstance(now, lifecycle.datetime), end_of("place"),
                  end_of(prefect.states.Completed(message="warning", data="place"))]))
"""


def answers(away: bool) -> list:
    program = PROGRAM.replace("AWAY", str(away))
    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT, capture_output=True, timeout=600)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_steps_are_functions_tried_again_at_the_time_that_is_said():
    assert answers(False) == [
        "done", 3, [["warning", "the feed is flat"], ["event", "wavecast.feed: it is flat"]], True, True,
        "20240801T031500Z-abcdef", "2024-08-01T03:15", True, ["Completed", "place"], ["Completed", "warning"],
    ]  # fmt: skip


def test_with_the_server_away_nothing_waits_and_no_artifact_is_made():
    _, _, told, made, awaited, *_ = answers(True)
    assert (told, made, awaited) == ([["warning", "the feed is flat"]], False, False)
