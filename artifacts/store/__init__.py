"""Where runs are kept: whole folders, atomically written, digested, cached."""
