"""Benchmarks are run by hand: what they import from the packages and from each other is there, though."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

PACKAGES = {"rnn", "artifacts", "tasks", "flows"}
ROOT = Path(__file__).parents[1]
SCRIPTS = [*sorted((ROOT / "benchmarks").glob("*.py")), ROOT / "docs" / "draw.py"]


def imported(script: Path) -> Iterator[tuple[str, str]]:
    """The module and the name of all that a script imports from another one."""
    for node in ast.walk(ast.parse(script.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from ((str(node.module), alias.name) for alias in node.names)


def defined(script: Path) -> set[str]:
    """The names of a script's functions, classes and constants."""
    found = set()
    for node in ast.parse(script.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_imports_from_the_packages_is_there(script):
    for module, name in imported(script):
        if module.split(".")[0] in PACKAGES:
            assert hasattr(import_module(module), name) or import_module(f"{module}.{name}")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_imports_from_a_script_beside_it_is_there(script):
    beside = {path.stem: path for path in SCRIPTS if path.parent == script.parent}
    for module, name in imported(script):
        if module in beside:
            assert name in defined(beside[module]), f"{module} has no {name}"
