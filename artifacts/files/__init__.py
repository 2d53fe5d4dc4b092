"""One file format a module: written and read back by a pair of functions."""
