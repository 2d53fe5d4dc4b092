"""Training kernels: faster ways through the same arithmetic, and the choice between them.

`rnn.elman.layers` and `rnn.elman.gradients` are written to be read. A kernel does what they do, for one model or many
at a time, and is proved against them. Each has a name, which belongs into the manifest of what it trained.
"""

from rnn.elman.kernels.base import Kernel, State, members, start
from rnn.elman.kernels.exact import Exact
from rnn.elman.kernels.reference import Reference
from rnn.elman.kernels.stacked import Stacked
from rnn.errors import KernelMissing

__all__ = [
    "BLOCK",
    "Exact",
    "Kernel",
    "Reference",
    "Stacked",
    "State",
    "choose",
    "load_compiled",
    "members",
    "named",
    "start",
]

BLOCK = 64
"""So many models learn in lockstep at the most: more leave the processor's cache, and gain nothing."""

WORTH_LOADING = 200_000
"""So many updates, of all models together, take NumPy longer than loading Numba and what it has compiled once does."""


def load_compiled() -> type[Kernel] | None:
    """The compiled kernel, or None without the optional extra `fast`."""
    try:
        from rnn.elman.kernels.compiled import Compiled
    except (ImportError, RuntimeError):  # Numba's RuntimeError: there is no folder where it may keep what it compiles
        return None
    return Compiled


def named(name: str) -> type[Kernel]:
    """The kernel of that name. Raises KernelMissing for `compiled` without Numba, ValueError for one that is none."""
    found: list[type[Kernel]] = [Reference, Exact, Stacked]
    if name == "compiled":
        compiled = load_compiled()
        if compiled is None:
            raise KernelMissing("kernel 'compiled' needs Numba, which is not installed: pip install -e '.[fast]'")
        found.append(compiled)
    for kernel in found:
        if kernel.name == name:
            return kernel
    raise ValueError(f"there is no kernel {name!r}")


def choose(updates: int, *, faithful: bool) -> type[Kernel]:
    """The kernel for so many updates in all: the article's arithmetic to the last bit, or else the fastest."""
    if faithful:
        return Exact
    return (load_compiled() if updates >= WORTH_LOADING else None) or Stacked
