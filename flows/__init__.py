"""The order of the steps, one file a flow; nothing but calls of tasks."""

import os

# Prefect's client asks this variable, and no setting of its own, whether it may send usage data; ours is to be private.
os.environ.setdefault("DO_NOT_TRACK", "1")
