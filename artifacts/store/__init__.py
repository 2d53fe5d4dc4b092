"""The store of runs: whole folders, written atomically, digested, cached."""
