"""A year of nights, some of which go wrong, as `wavecast replay --faults` lives it."""
