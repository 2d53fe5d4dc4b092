"""A child of the test's process, in a process of its own: pytest may have threads."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

PROGRAM = """
import json, time
from tasks.support.child import in_a_child

def whole(tell):
    tell("event", "one\\nline")
    tell("event", "two")

def failing(tell):
    raise ValueError("no such thing")

def slow(tell):
    tell("begun", "now")
    time.sleep(600)

def shown(ended):
    return [ended.code, ended.told, ended.seconds < 300]

print(json.dumps([shown(in_a_child(whole, 300)), shown(in_a_child(failing, 300)), shown(in_a_child(slow, 600, 3.0)),
                  shown(in_a_child(slow, 3.0))]))
"""


def test_a_child_tells_and_ends_by_itself_by_an_error_or_by_sigkill():
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=False, cwd=ROOT, capture_output=True, timeout=500)
    assert done.returncode == 0, done.stderr.decode()
    whole, failing, killed, impatient = json.loads(done.stdout)
    assert whole == [0, [["event", "one line"], ["event", "two"]], True]
    assert failing == [1, [["error", "ValueError: no such thing"]], True]
    assert killed == impatient == [-9, [["begun", "now"]], True]
