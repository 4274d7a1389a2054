"""A newcomer's Python lacks most packages: that is a skip that says what to install, and never an error."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reeltag_training.paths import TRAINING

ABSENT = "somebody_elses_package is not installed: pip install -r training/requirements.txt"
PASSES = "def test_passes(): pass\n"
CASES = {
    "top.py": ("import somebody_elses_package\n" + PASSES, "skipped"),
    "through_ours.py": ("import pretender\n" + PASSES, "skipped"),
    "body.py": ("def test_imports():\n    import somebody_elses_package\n", "skipped"),
    "fixture.py": (
        "import pytest\n@pytest.fixture\ndef it():\n    import somebody_elses_package\ndef test_has(it): pass\n",
        "skipped",
    ),
    "ours.py": ("import reeltag_training.absent\n" + PASSES, "failed"),
    "broken.py": ("1 / 0\n" + PASSES, "failed"),
    "passing.py": (PASSES, "passed"),
}


@pytest.mark.parametrize("name", CASES)
def test_only_what_others_make_may_be_missing(name, tmp_path):
    text, outcome = CASES[name]
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text("utf8"), "utf8")
    (tmp_path / "pretender.py").write_text("import somebody_elses_package\n", "utf8")
    (tmp_path / f"test_{name}").write_text(text, "utf8")
    report = tmp_path / "outcomes.jsonl"
    given = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", TRAINING / "pyproject.toml"]
    subprocess.run([*given, "--rootdir", tmp_path, "--outcomes", report, tmp_path], capture_output=True, check=False)
    (line,) = [json.loads(line) for line in report.read_text("utf8").splitlines()]
    assert line["outcome"] == outcome
    assert outcome != "skipped" or line["reason"] == ABSENT
