"""The files of a run, one format a module: each is written and read by a pair of functions."""
