"""Where a run came from, and whether it can be made again."""
