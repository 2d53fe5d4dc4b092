"""The manifest: everything needed to say where a run came from and to make it again."""

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from artifacts.files.parquet import read_outline
from artifacts.store.digests import digest_files, digest_package
from artifacts.store.runs import FORMAT, MANIFEST
from rnn.random_streams import PURPOSES

LIBRARIES = ("numpy", "pandas", "pyarrow", "pandera", "matplotlib", "scikit-learn", "prefect")


def write_manifest(
    folder: Path,
    flow: str,
    config: dict[str, Any],
    kernels: dict[str, str],
    execution: dict[str, Any],
    parent: str | None = None,
) -> None:
    """Write `manifest.json` for the finished run in `folder`.

    `execution` is all that differs between two runs of the same: the run's name, times, the flow run's id.
    """
    manifest = {**origin(folder, flow, config, kernels, parent), "execution": execution}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def origin(
    folder: Path, flow: str, config: dict[str, Any], kernels: dict[str, str], parent: str | None = None
) -> dict[str, Any]:
    """Where the run in `folder` comes from, with the digests of the files that are there: equal for equal runs.

    `config` is the settings of the flow named `flow`, `kernels` what did the arithmetic of each recipe's training,
    `parent` the run that was the champion when this one was judged.
    """
    digests = digest_files(folder)
    return {
        "format": FORMAT,
        "flow": flow,
        "config": config,
        "seeds": {"seed": config["seed"], "streams": list(PURPOSES)},
        "data": digests.get("dataset.parquet"),
        "source": _source(folder / "dataset.parquet"),
        "parent": parent,
        "code": {"wavecast": version("wavecast"), "rnn": digest_package("rnn")},
        "kernels": kernels,
        "versions": {"python": platform.python_version(), **library_versions()},
        "machine": {"architecture": platform.machine(), "blas": blas()},
        "files": digests,
    }


def _source(data: Path) -> dict[str, Any] | None:
    """The file that a series was read from, and the digest of its bytes; None for one that was generated."""
    if not data.exists():
        return None
    _, made = read_outline(data)
    return {"file": made["source"], "digest": made["digest"]} if "digest" in made else None


def library_versions() -> dict[str, str]:
    """The version of each library that computes, draws or writes what a run leaves."""
    return {name: version(name) for name in LIBRARIES}


def blas() -> str:
    """NumPy's BLAS and the kernels that it has chosen for this CPU: they decide the last bit of a result."""
    built_with = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    kernels = {
        library.get("architecture", "unknown")
        for library in threadpool_info()
        if library["user_api"] == "blas" and "numpy" in library["filepath"]
    }
    return f"{built_with['name']} {built_with['version']}, kernels {', '.join(sorted(kernels)) or 'unknown'}"


Facts = dict[str, Any]
"""Plain values (text, numbers, truth, nothing) by names for people."""


def flatten(nested: Mapping[str, Any], under: str = "") -> Facts:
    """Nested settings by their flags' names: {"article": {"lr": 1}} as {"article.lr": 1}."""
    found: Facts = {}
    for name, value in nested.items():
        if isinstance(value, Mapping):
            found |= flatten(value, f"{under}{name}.")
        else:
            found[f"{under}{name}"] = value
    return found
