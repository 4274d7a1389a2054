"""What the importer refuses for is in the platform's table of errors, which the command line says it by."""

import ast

from reeltag_training.paths import REPO

SOURCE = REPO / "training/src/reeltag_training"


def codes_said() -> set[str]:
    calls = (
        node
        for file in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ImportRefusedError"
    )
    return {call.args[0].value for call in calls}


def test_every_refusal_is_in_the_table_of_errors():
    table = (REPO / "docs/errors.md").read_text(encoding="utf-8")
    said = codes_said()
    assert len(said) >= 10
    assert {code for code in said if f"`{code}`" not in table} == set()
