"""The manifest: the record of a run's settings, data, code and files, by which it can be explained and repeated."""

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
from artifacts.store.listing import MANIFEST
from artifacts.store.runs import FORMAT
from rnn.random_streams import PURPOSES
from rnn.readers.urls import redacted

LIBRARIES = ("numpy", "pandas", "pyarrow", "pandera", "matplotlib", "scikit-learn", "prefect")


def write_manifest(
    folder: Path,
    flow: str,
    config: dict[str, Any],
    kernels: dict[str, str],
    execution: dict[str, Any],
    parent: str | None = None,
) -> None:
    """Write `manifest.json` for the finished run in `folder`; see `origin` for the arguments.

    `execution`: the facts in which two runs of the same settings and data differ: name, times, the flow run's id.
    """
    manifest = {**origin(folder, flow, config, kernels, parent), "execution": execution}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def origin(
    folder: Path, flow: str, config: dict[str, Any], kernels: dict[str, str], parent: str | None = None
) -> dict[str, Any]:
    """The origin of the run in `folder` and the digests of its files; equal for runs of the same settings and data.

    `config`: the settings of the flow named `flow`. `kernels`: the kernel that trained each recipe. `parent`: the run
    that was the champion when this one was judged.
    """
    digests = digest_files(folder)
    return {
        "format": FORMAT,
        "flow": flow,
        "config": without_passwords(config),
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


def without_passwords(config: Mapping[str, Any]) -> dict[str, Any]:
    """Settings for the record: the store's URL without user, password and query."""
    return {name: redacted(value) if name == "store" else value for name, value in config.items()}


def _source(data: Path) -> dict[str, Any] | None:
    """The file that the series was read from and the digest of its bytes; None for a generated series."""
    if not data.exists():
        return None
    _, made = read_outline(data)
    return {"file": made["source"], "digest": made["digest"]} if "digest" in made else None


def library_versions() -> dict[str, str]:
    """The version of each library that computes, draws or writes the files of a run."""
    return {name: version(name) for name in LIBRARIES}


def blas() -> str:
    """NumPy's BLAS and the kernels that it chose for this CPU, which decide the last bit of a result."""
    built_with = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    kernels = {
        library.get("architecture", "unknown")
        for library in threadpool_info()
        if library["user_api"] == "blas" and "numpy" in library["filepath"]
    }
    return f"{built_with['name']} {built_with['version']}, kernels {', '.join(sorted(kernels)) or 'unknown'}"


Facts = dict[str, Any]
"""Plain values (text, numbers, booleans, None) by readable names."""


def flatten(nested: Mapping[str, Any], under: str = "") -> Facts:
    """Nested settings by the names of their flags: {"article": {"lr": 1}} becomes {"article.lr": 1}."""
    flat: Facts = {}
    for name, value in nested.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{under}{name}.")
        else:
            flat[f"{under}{name}"] = value
    return flat
