"""Benchmarks are run by hand: what they import from the packages is there, though."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

PACKAGES = {"rnn", "artifacts", "tasks", "flows"}
ROOT = Path(__file__).parents[1]
SCRIPTS = [*sorted((ROOT / "benchmarks").glob("*.py")), ROOT / "docs" / "draw.py"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_imports_from_the_packages_is_there(script):
    for node in ast.walk(ast.parse(script.read_text())):
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in {
            "rnn",
            "artifacts",
            "tasks",
            "flows",
        }:
            module = import_module(str(node.module))
            for alias in node.names:
                assert hasattr(module, alias.name) or import_module(f"{node.module}.{alias.name}")
