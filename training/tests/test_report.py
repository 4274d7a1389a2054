"""The report: curves by hand, figures that agree with the tables, pictures that are there; TensorBoard's file too."""

import json

import cv2
import numpy as np
import pytest
from lab_runs import write_config, write_table
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.record_writer import masked_crc32c

from reeltag_training.lab.command import main
from reeltag_training.lab.figures.report import by_level, confusion
from reeltag_training.metrics.confidence import aurc, calibration_error, reliability, risk_by_coverage


def test_reliability_by_hand_and_its_gap_is_ece():
    confidence, right = np.array([0.1, 0.2, 0.9]), np.array([0.0, 1.0, 1.0])
    counts, predicted, true = reliability(confidence, right, bins=2)
    assert (
        counts.tolist() == [2, 1] and predicted.tolist() == pytest.approx([0.15, 0.9]) and true.tolist() == [0.5, 1.0]
    )
    assert calibration_error(confidence, right, 2) == pytest.approx((2 * 0.35 + 0.1) / 3)


def test_risk_by_hand_and_its_mean_is_aurc():
    confidence, right = np.array([0.9, 0.8, 0.7]), np.array([1.0, 0.0, 1.0])
    assert risk_by_coverage(confidence, right).tolist() == pytest.approx([0, 1 / 2, 1 / 3])
    assert aurc(confidence, right) == pytest.approx((1 / 2 + 1 / 3) / 3)


def test_confusion_by_hand():
    names, counts = confusion(["b", "a", "c", "a"], ["a", "a", "c", "b"], largest=1)
    # Of two a one is found. The rest counts as one group, within which a confusion does not show.
    assert names == ["a"] and counts.tolist() == [[1, 1], [1, 1]]


def events(file):
    """Length, its checksum, record, its checksum: TFRecord's framing."""
    content, found = file.read_bytes(), []
    while content:
        size = int.from_bytes(content[:8], "little")
        assert int.from_bytes(content[8:12], "little") == masked_crc32c(content[:8])
        found.append(Event.FromString(content[12 : 12 + size]))
        content = content[16 + size :]
    return found


def test_a_run_leaves_a_report_with_pictures_and_curves_for_tensorboard(tmp_path):
    write_table(tmp_path)
    config = write_config(tmp_path, model={"backbone": "single-stream"}, train={"steps": 5})
    for command in (["prepare"], ["train"], ["evaluate", "--report"]):
        assert main([*command, config]) == 0
    text = (tmp_path / "run/report.md").read_text()
    figures = json.loads((tmp_path / "run/evaluation.json").read_text())["single-stream"]
    assert f"| single-stream | level 1 | {figures['level 1']['accuracy']:.3f} |" in text
    for name in ("accuracy", "reliability", "risk-coverage", "confusion"):
        assert f"(report/{name}.png)" in text
        picture = cv2.imread(str(tmp_path / f"run/report/{name}.png"))
        assert picture is not None and picture.std() > 5
    logged = [json.loads(line) for line in (tmp_path / "run/train/log.jsonl").read_text().splitlines()]
    curves = [e for f in (tmp_path / "run/train/tensorboard").iterdir() for e in events(f)]
    predicted = {(v.tag, e.step): v.simple_value for e in curves for v in e.summary.value}
    assert predicted["loss", 5] == pytest.approx(logged[-1]["loss"]) and ("rate", 5) in predicted


def test_what_the_pictures_show_adds_up_to_the_accuracy_of_the_table(tmp_path):
    from reeltag_training.lab.config import load
    from reeltag_training.lab.data.prepared import Prepared
    from reeltag_training.lab.figures import evaluation
    from reeltag_training.lab.training import rounds

    write_table(tmp_path)
    config = write_config(tmp_path, model={"backbone": "single-stream"}, train={"steps": 5})
    assert [main([command, config]) for command in ("prepare", "train")] == [0, 0]
    settings, data = load(tmp_path / "config.yaml"), Prepared.load(tmp_path / "run")
    p = evaluation.probabilities(rounds.trained_tagger(settings, data), data, data.held_out, settings)
    figures = evaluation.by_level(p, data, 2)
    for level, (_, right) in by_level(p, data, 2).items():
        assert right.mean() == pytest.approx(figures[level]["accuracy"])
