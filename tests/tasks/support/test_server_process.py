"""The server's process ends with the one that started it: an idle one stands in uvicorn's place."""

import subprocess
import sys
import time
from pathlib import Path

from tasks.support import server_process
from tests.processes import eventually

PARENT = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())], start_new_session=True)
print(child.pid, flush=True)
sys.stdin.read()
"""

CHILD = f"""
import sys, threading, time
sys.path.insert(0, {str(Path(server_process.__file__).parent)!r})
import server_process
server_process.EVERY = 0.05
threading.Thread(target=server_process.end_with, args=[int(sys.argv[1])], daemon=True).start()
time.sleep(600)
"""


def is_there(process: int) -> bool:
    """Whether the process is at work; one that has ended may wait for its parent to ask how."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_ends_when_its_parent_is_killed_and_not_before():
    parent = subprocess.Popen([sys.executable, "-c", PARENT, CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    time.sleep(1)
    assert is_there(child)
    parent.kill()
    parent.communicate()
    eventually(lambda: not is_there(child), "the child to end", pause=0.05)
