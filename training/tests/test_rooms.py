"""Which room of the package may import which, and that every module can be imported."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from reeltag_training.paths import TRAINING

PACKAGE = TRAINING / "src/reeltag_training"
# What a room may import. A chain has one order, so that no two rooms can come to import each other.
GROUND = {"paths", "packs", "layers", "metrics"}
ALLOWED = {
    "paths": set(),
    "packs": {"paths"},
    "layers": set(),
    "metrics": {"packs"},
    "words": GROUND,
    "art": GROUND | {"words"},
    "corpus": GROUND | {"words", "art"},
    "starter": GROUND | {"words", "art", "corpus"},
    "losses": GROUND,
    "chinese_clip": GROUND | {"losses"},
    "taggers": GROUND | {"losses", "chinese_clip"},
    "pretraining": GROUND | {"losses", "chinese_clip", "taggers"},
    "tricks": GROUND | {"losses", "chinese_clip", "taggers", "pretraining"},
    "lab": GROUND | {"losses", "chinese_clip", "taggers", "pretraining", "tricks"},
    "import_clip": GROUND | {"chinese_clip"},
}
IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
"""
WITHOUT_TORCH = """
import importlib, sys
sys.modules["torch"] = None
importlib.import_module("reeltag_training.starter.remeasure")
"""


def modules() -> list[Path]:
    return [file for file in PACKAGE.rglob("*.py") if file.relative_to(PACKAGE).as_posix() != "__init__.py"]


def name_of(file: Path) -> tuple[str, ...]:
    return file.relative_to(PACKAGE).with_suffix("").parts


def imported(file: Path) -> set[str]:
    """The rooms that the module imports, its own aside."""
    parts, rooms = name_of(file), set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("reeltag_training") for alias in node.names), "import ours by `from`"
        if isinstance(node, ast.ImportFrom):
            assert node.level or not node.module.startswith("reeltag_training"), "import ours relatively"
            if node.level:
                at = [*parts[: len(parts) - node.level], *(node.module or "").split(".")]
                at = [part for part in at if part]
                rooms |= {at[0]} if at else {alias.name for alias in node.names}
    return rooms - {parts[0]}


@pytest.mark.parametrize("room", ALLOWED, ids=lambda room: f"room-{room}")
def test_a_room_imports_only_what_lies_below_it(room):
    files = [file for file in modules() if name_of(file)[0] == room]
    assert files
    wrong = {(file.name, other) for file in files for other in imported(file) - ALLOWED[room]}
    assert wrong == set()


def test_every_module_has_a_room():
    assert {name_of(file)[0] for file in modules()} == set(ALLOWED)


def test_every_folder_is_a_package_that_imports_nothing_of_ours():
    for folder in {file.parent for file in modules()}:
        body = ast.parse((folder / "__init__.py").read_text(encoding="utf-8")).body
        # The root's sets what has to be set before anything is imported.
        allowed = (ast.Expr, ast.Import, ast.Assign) if folder == PACKAGE else ast.Expr
        assert all(isinstance(node, allowed) for node in body), folder
        assert not imported(folder / "__init__.py")


@pytest.mark.slow
def test_every_module_can_be_imported():
    names = [".".join(("reeltag_training", *name_of(file))) for file in modules() if file.name != "__main__.py"]
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL, *names], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_remeasure_needs_no_torch():
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
