"""The lineage of a run: its origin, and whether it can be repeated."""
