"""Random streams: one seed, one independent stream for each purpose, so that adding a purpose disturbs no other."""

import numpy as np

PURPOSES = ("noise", "article", "untuned", "fully connected", "autoregressive", "gate", "year", "suite", "faults")
"""Append only: a purpose's place in this list is part of what every stored run was made with."""


def stream(seed: int, purpose: str) -> np.random.Generator:
    """The generator for `purpose`: child number `PURPOSES.index(purpose)` of `SeedSequence(seed)`.

    Raises ValueError for a purpose that is not in `PURPOSES`.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(PURPOSES.index(purpose),)))
