"""The program of the embedded server's process: uvicorn, which ends when the process that started it is gone.

It is started by its path, with the id of the process to end with and uvicorn's own arguments. A process that is killed
cannot end its server; so the server looks for itself. Where a process keeps its parent's id for ever (Windows), it ends
with its parent only when that ends in order.
"""

import os
import signal
import sys
import threading
import time

EVERY = 0.5
"""Seconds between two looks."""

PATIENCE = 5.0
"""Seconds to end in order."""


def end_with(parent: int) -> None:
    """Wait until the process `parent` is gone, and end this one."""
    while os.getppid() == parent:
        time.sleep(EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)


def main(arguments: list[str]) -> None:
    """Serve until the end."""
    threading.Thread(target=end_with, args=[int(arguments[0])], daemon=True).start()
    import uvicorn  # after the look-out: with Prefect's server it takes seconds

    uvicorn.main(arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
