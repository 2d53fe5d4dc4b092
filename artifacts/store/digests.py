"""SHA-256 digests, in hex, of files, folders, JSON values and packages."""

import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


def digest_file(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_files(folder: Path) -> dict[str, str]:
    """The digest of each file below `folder`, by its path relative to it, in the order of the paths."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest_file(path) for path in paths}


def digest_folder(folder: Path) -> str:
    """One digest for the names and contents of all files below `folder`."""
    return digest_json(digest_files(folder))


def digest_json(value: Any) -> str:
    """The digest of a value of JSON's types; the order of keys does not matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@cache
def digest_package(name: str) -> str:
    """One digest for the sources of an importable package: its Python files and templates."""
    root = Path(str(files(name)))
    sources = sorted(path for path in root.rglob("*") if path.suffix in {".py", ".j2", ".mplstyle"})
    return digest_json({path.relative_to(root).as_posix(): digest_file(path) for path in sources})
