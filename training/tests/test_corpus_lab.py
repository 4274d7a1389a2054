"""A made corpus goes through the lab as it is."""

import json

import pytest
import yaml

from reeltag_training.corpus.make import make
from reeltag_training.corpus.store import Settings
from reeltag_training.lab.command import main
from reeltag_training.lab.config import load
from reeltag_training.lab.data.prepared import Prepared
from reeltag_training.lab.data.table import read_pool

pytestmark = pytest.mark.art


def test_a_made_corpus_is_prepared_learnt_and_evaluated_as_it_is(tmp_path):
    make(tmp_path, Settings(2, 160, 32, ("train", "validate", "pool")), 2, lambda done, total: None)
    table = {"file": "development.tsv", "id": "id", "text": ["title", "ocr", "asr"], "label": "label"}
    config = {
        "table": table | {"author": "author", "frames": "grid", "depth_max": 1},
        "folder": "run",
        "split": {"column": "split"},
        "model": {"backbone": "single-stream", "width": 32, "heads": 2, "layers": 1},
        "train": {"steps": 30, "batch": 32, "rate": 0.005},
    }
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump(config))
    assert [main([command, str(file)]) for command in ("prepare", "train", "evaluate")] == [0, 0, 0]
    prepared = json.loads((tmp_path / "run" / "prepared.json").read_text())
    assert sum(item["held_out"] for item in prepared["items"]) == 40 and len(prepared["items"]) == 200
    assert json.loads((tmp_path / "run" / "skipped.json").read_text()) == []
    assert (tmp_path / "run" / "evaluation.md").exists()
    data = Prepared.load(tmp_path / "run")
    pool, skipped = read_pool(tmp_path / "pool.tsv", load(file).table, data.held_out, data.frame_width)
    assert len(pool) == 1600 and not skipped
