"""ONNX Runtime reports to its maker unless it is told not to; the lab tells it."""

import os
import subprocess
import sys
from pathlib import Path

GRAPH = Path(__file__).parents[2] / "libs/inference/fixtures/lookup.onnx"
PROGRAM = """
import sys
import reeltag_training
import onnxruntime
onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
"""


def test_a_session_leaves_no_device_id_and_no_queue_of_events(tmp_path):
    env = os.environ | {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    env["PYTHONPATH"] = os.pathsep.join(sys.path)
    env.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", PROGRAM, str(GRAPH)], env=env, check=True)
    assert list(tmp_path.iterdir()) == []
