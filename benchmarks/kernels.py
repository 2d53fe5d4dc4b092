"""Measure training speed: every kernel on the article's task, beside PyTorch, JAX and C where they are installed.

    python benchmarks/kernels.py [rounds]

Prints a Markdown table: microseconds for one update of one model, and how many times as fast as the article's way. That
way is the `reference` kernel: a plain `np.dot` a layer, and a fresh array a result. Between any two rows it runs again,
and a factor is the median over the rounds of the time just before and after by the row's own, since a busy machine
changes its speed from one second to the next. float64, one thread on one core.
"""

import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# Before NumPy and its kin are there to read them.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np  # noqa: E402

from rnn.datasets.xsinx import generate  # noqa: E402
from rnn.elman.kernels import Exact, Kernel, Reference, Stacked, load_compiled, start  # noqa: E402
from rnn.elman.network import ElmanNetwork  # noqa: E402
from rnn.recipes import Rule  # noqa: E402
from rnn.series import group  # noqa: E402

INPUTS, HIDDEN, OUTPUTS, WINDOW, LR = 6, 20, 6, 5, 0.023
GROUPS = group(generate(600, 0.01, 0.01, np.random.default_rng(0)), INPUTS)
UPDATES = len(GROUPS) - WINDOW + 1
RULES: tuple[Rule, ...] = ("earliest", "bptt")

Epoch = Callable[[], object]
Row = tuple[str, int, Epoch]
"""What the row is called, how many models it trains, and one epoch of it."""


def weights(seed: int) -> dict[str, np.ndarray]:
    """A network's first weights."""
    return ElmanNetwork.random(np.random.default_rng(seed), INPUTS, HIDDEN, OUTPUTS).parameters


def kernel(name: str, make: type[Kernel], models: int, rule: Rule) -> Row:
    """A row of one of our own kernels."""
    made = make(start([weights(seed) for seed in range(models)]), np.full(models, LR), WINDOW, rule)
    x, y = GROUPS.x[np.newaxis], GROUPS.y[np.newaxis]

    def epoch() -> None:
        made.rewind()
        made.learn(x, y)

    return name, models, epoch


def in_one_function(rule: Rule) -> Row:
    """The article's way written flat: without layers as objects, and only the gradients that are used."""
    parameters = weights(0)
    w, v, b, z, c = (parameters[name] for name in "wvbzc")
    h = np.zeros((HIDDEN, 1))

    def epoch() -> None:
        nonlocal w, v, b, z, c, h
        before = np.zeros((HIDDEN, 1))
        for k in range(UPDATES):
            started_from, states = h, []
            for x in GROUPS.x[k : k + WINDOW]:
                h = np.tanh(np.dot(w, x) + np.dot(v, h) + b)
                states.append(h)
            dy = 2 * (np.dot(z, h) + c - GROUPS.y[k + WINDOW - 1])
            dz, dh = np.dot(dy, h.T), np.dot(z.T, dy)
            previous = [before if rule == "earliest" else started_from, *states]
            dw = dv = db = 0
            for t in range(WINDOW - 1, -1, -1):
                db_t = dh * (1 - states[t] ** 2)
                if rule == "bptt" or t == 0:
                    dw, dv, db = dw + np.dot(db_t, GROUPS.x[k + t].T), dv + np.dot(db_t, previous[t].T), db + db_t
                if t > 0:
                    dh = np.dot(v.T, db_t)
            w, v, b, z, c = w - LR * dw, v - LR * dv, b - LR * db, z - LR * dz, c - LR * dy
            before = states[0]

    return "the same in one function", 1, epoch


def c_program(rule: Rule, folder: Path, own_tanh: bool) -> Row:
    """benchmarks/kernels.c, compiled for this processor and these sizes."""
    library = folder / f"{rule}{own_tanh}.so"
    sizes = {"INPUTS": INPUTS, "HIDDEN": HIDDEN, "OUTPUTS": OUTPUTS, "WINDOW": WINDOW, "BPTT": int(rule == "bptt")}
    defines = [f"-D{name}={value}" for name, value in sizes.items()] + ["-DOWN_TANH"] * own_tanh
    flags = ["-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC"]
    source = Path(__file__).with_suffix(".c")
    subprocess.run(["gcc", *flags, *defines, str(source), "-o", str(library), "-lm"], check=True)
    learn = ctypes.CDLL(str(library)).learn
    first = weights(0)
    arrays = [
        np.ascontiguousarray(np.hstack([first["v"], first["b"], first["w"]]).T),
        first["v"].copy(),
        np.ascontiguousarray(np.hstack([first["z"], first["c"]]).T),
        first["z"].copy(),
        np.zeros(HIDDEN),
        np.zeros(HIDDEN),
        GROUPS.x,
        GROUPS.y,
    ]
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in arrays]

    def epoch() -> None:
        arrays[5][:] = 0
        learn(*pointers, ctypes.c_long(len(GROUPS)), ctypes.c_double(LR))

    return f"C, gcc -O3, {'own' if own_tanh else 'libm'} tanh", 1, epoch


def jax_rows(rule: Rule) -> Iterator[Row]:
    """JAX: a compiled scan over the windows, the gradient by hand; alone and mapped over models."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    windows = np.lib.stride_tricks.sliding_window_view(GROUPS.x[:, :, 0], WINDOW, axis=0).transpose(0, 2, 1)
    data = jnp.array(windows), jnp.array(GROUPS.y[WINDOW - 1 :, :, 0])

    def update(carry: tuple, window: tuple) -> tuple:
        w, v, b, z, c, h, before = carry
        xs, target = window
        states, previous = [], [before if rule == "earliest" else h]
        for x in xs:
            h = jnp.tanh(w @ x + v @ h + b)
            states.append(h)
            previous.append(h)
        y = z @ h + c
        dy = 2 * (y - target)
        dh, deltas = z.T @ dy, []
        for t in range(WINDOW - 1, -1, -1):
            deltas.insert(0, dh * (1 - states[t] ** 2))
            dh = v.T @ deltas[0]
        steps = 1 if rule == "earliest" else WINDOW
        d, seen = jnp.stack(deltas[:steps]), jnp.stack(previous[:steps])
        dw, dv, db = d.T @ xs[:steps], d.T @ seen, d.sum(0)
        moved = w - LR * dw, v - LR * dv, b - LR * db, z - LR * jnp.outer(dy, h), c - LR * dy
        return (*moved, h, states[0]), y

    def epoch(carry: tuple) -> tuple:
        return jax.lax.scan(update, (*carry[:-1], jnp.zeros(HIDDEN)), data)

    def first(seed: int) -> tuple:
        p = weights(seed)
        return p["w"], p["v"], p["b"][:, 0], p["z"], p["c"][:, 0], np.zeros(HIDDEN), np.zeros(HIDDEN)

    def row(name: str, models: int, compiled: Callable, carry: tuple) -> Row:
        def run() -> None:
            nonlocal carry
            carry, _ = jax.block_until_ready(compiled(carry))

        return name, models, run

    yield row("JAX, jit, scan", 1, jax.jit(epoch), tuple(map(jnp.array, first(0))))
    for models in (8, 64):
        carry = tuple(jnp.array(np.stack(arrays)) for arrays in zip(*map(first, range(models)), strict=True))
        yield row(f"JAX, jit, vmap of the scan, M = {models}", models, jax.jit(jax.vmap(epoch)), carry)


def torch_row(rule: Rule) -> Row:
    """PyTorch, eager, the gradient by hand."""
    import torch

    torch.set_num_threads(1)
    p = {name: torch.tensor(array) for name, array in weights(0).items()}
    xs, ys = torch.tensor(GROUPS.x), torch.tensor(GROUPS.y)
    h = torch.zeros((HIDDEN, 1), dtype=torch.float64)

    @torch.no_grad()
    def epoch() -> None:
        nonlocal h
        before = torch.zeros_like(h)
        w, v, b, z, c = (p[name] for name in "wvbzc")
        for k in range(UPDATES):
            states, previous = [], [before if rule == "earliest" else h]
            for t in range(WINDOW):
                h = torch.tanh(torch.addmm(b, v, h).addmm_(w, xs[k + t]))
                states.append(h)
                previous.append(h)
            dy = 2 * (torch.addmm(c, z, h) - ys[k + WINDOW - 1])
            dh, deltas = z.T @ dy, []
            for t in range(WINDOW - 1, -1, -1):
                deltas.insert(0, dh * (1 - states[t] ** 2))
                if t:
                    dh = v.T @ deltas[0]
            z.addmm_(dy, h.T, alpha=-LR)
            c.sub_(dy, alpha=LR)
            steps = 1 if rule == "earliest" else WINDOW
            d, seen = torch.cat(deltas[:steps], 1), torch.cat(previous[:steps], 1)
            w.addmm_(d, xs[k : k + steps, :, 0], alpha=-LR)
            v.addmm_(d, seen.T, alpha=-LR)
            b.sub_(d.sum(1, keepdim=True), alpha=LR)
            before = states[0]

    return "PyTorch, eager, gradient by hand", 1, epoch


def rows(rule: Rule, folder: Path) -> Iterator[Row]:
    """All that can be had here; what cannot is told."""
    yield in_one_function(rule)
    yield kernel("`exact`: the same bits", Exact, 1, rule)
    yield kernel("`stacked`, NumPy, one model", Stacked, 1, rule)
    for models in (8, 32, 64):
        yield kernel(f"`stacked`, NumPy, lockstep, M = {models}", Stacked, models, rule)
    if fast := load_compiled():
        yield kernel("`compiled`, Numba, one model", fast, 1, rule)
        for models in (64, 512):
            yield kernel(f"`compiled`, Numba, M = {models}", fast, models, rule)
    else:
        print("Left out: `compiled`, since Numba is not installed.\n")
    try:
        yield torch_row(rule)
    except ImportError:
        print("Left out: PyTorch is not installed.\n")
    try:
        yield from jax_rows(rule)
    except ImportError:
        print("Left out: JAX is not installed.\n")
    if shutil.which("gcc"):
        yield from (c_program(rule, folder, own_tanh) for own_tanh in (False, True))
    else:
        print("Left out: there is no gcc.\n")


def measure(epoch: Epoch, models: int) -> float:
    """Microseconds an update and model, over one epoch."""
    started = time.perf_counter()
    epoch()
    return (time.perf_counter() - started) * 1e6 / UPDATES / models


def compare(rule: Rule, folder: Path, rounds: int) -> dict[str, tuple[float, float]]:
    """For each row the median time and the median factor."""
    name, _, articles = kernel("layer by layer, as the article does", Reference, 1, rule)
    others = list(rows(rule, folder))
    for _, _, epoch in others:
        for _ in range(3):
            epoch()  # compiles, and fills the caches
    times: dict[str, list[float]] = {name: []}
    factors: dict[str, list[float]] = {name: [1.0]}
    for _ in range(rounds):
        last = measure(articles, 1)
        for row, models, epoch in others:
            own = measure(epoch, models)
            before, last = last, measure(articles, 1)
            times[name].append(last)
            times.setdefault(row, []).append(own)
            factors.setdefault(row, []).append((before + last) / 2 / own)
    return {row: (statistics.median(times[row]), statistics.median(factors[row])) for row in times}


def main(rounds: int) -> None:
    """Measure and print."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder, np.errstate(all="ignore"):
        found = {rule: compare(rule, Path(folder), rounds) for rule in RULES}
    print("| | µs an update and model, `earliest` | × | µs, `bptt` | × |\n|---|---|---|---|---|")
    for row in found["earliest"]:
        cells = [f"{found[rule][row][0]:.3g} | {found[rule][row][1]:.3g}" for rule in RULES]
        print(f"| {row} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
