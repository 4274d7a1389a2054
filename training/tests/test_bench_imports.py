"""What the benchmarks take from this package is there: no other suite loads them before CI's last quarter of an hour."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


def taken(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text("utf8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reeltag_training"):
            yield from ((node.module, alias.name) for alias in node.names)


TAKEN = sorted({pair for file in BENCH.glob("*.py") for pair in taken(file)})


def test_benchmarks_take_something():
    assert ("reeltag_training.packs.folders", "write_model") in TAKEN


@pytest.mark.parametrize(("module", "name"), TAKEN)
def test_is_there(module: str, name: str):
    if not hasattr(importlib.import_module(module), name):
        importlib.import_module(f"{module}.{name}")
