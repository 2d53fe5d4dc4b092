"""Attempts of a suite's methods, kept one by one as they are made, so that a killed evaluation goes on where it was.

A method's folder below the cache is named by all that decides its forecasts; each process that works for it writes a
file of lines there. A line that a kill has torn is left out. What is kept for windows that have changed is not found.
"""

import ast
import inspect
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from artifacts.store.digests import digest_json, digest_package
from rnn.evaluation.suite_forecasts import Attempt, made
from rnn.forecaster import Forecaster

FORMAT = 1
"""Another number where lines mean something else: what was kept before is then made again."""


class Shards:
    """What is kept of one method with one seed, below the cache's folder `root`."""

    def __init__(self, root: Path, method: str, seed: int) -> None:
        self.method = method
        self.folder = root / f"shards-{digest_json(decides(method, seed))[:24]}"

    def read(self) -> dict[tuple[str, str], Attempt]:
        """Every attempt that is kept, by its window and the window's digest."""
        found = (attempt for path in sorted(self.folder.glob("*.jsonl")) for attempt in _attempts(path))
        attempts = {(attempt.window, attempt.given): attempt for attempt in found}
        if attempts:
            os.utime(self.folder)  # what is in use is not pruned
        return attempts

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        """A file of one's own to add attempts to."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{uuid.uuid4().hex[:12]}.jsonl").open("x", encoding="utf-8") as file:
            yield Writer(file)


class Writer:
    """Adds attempts to a file, each at once."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(self, attempt: Attempt) -> None:
        """Write an attempt as a line."""
        plain = {**asdict(attempt), "y": attempt.y.tolist()}
        plain["bounds"] = {name: values.tolist() for name, values in attempt.bounds.items()}
        self._file.write(json.dumps(plain) + "\n")
        self._file.flush()


def _attempts(path: Path) -> Iterator[Attempt]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            attempt = Attempt(**json.loads(line))
        except (ValueError, TypeError):
            continue
        bounds = {name: np.array(values, dtype=float) for name, values in attempt.bounds.items()}
        yield replace(attempt, y=np.array(attempt.y, dtype=float), bounds=bounds)


@cache
def decides(method: str, seed: int) -> dict[str, Any]:
    """All that decides what a method forecasts of a window, as JSON has it.

    Of a method of other libraries: its own module, whatever its docstrings say, and their versions. Of ours and the
    baselines: all of `rnn`, and the versions of NumPy and SciPy.
    """
    forecaster = made(method, seed)
    libraries = getattr(forecaster, "libraries", ()) or ("numpy", "scipy")
    return {
        "format": FORMAT,
        "method": method,
        "recipe": forecaster.recipe.model_dump(mode="json"),
        "seed": forecaster.seed,
        "code": _code(forecaster),
        "libraries": {name: version(name) if find_spec(name) else None for name in libraries},
    }


def _code(forecaster: Forecaster) -> str:
    if not getattr(forecaster, "libraries", ()):
        return digest_package("rnn")
    module = ast.parse(inspect.getsource(import_module(type(forecaster).__module__)))
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [line for line in node.body if not _is_text(line)]
    return digest_json(ast.dump(module))


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
