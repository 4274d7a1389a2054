"""Calibrates and scores ways to serve the trained parts, and picks one: which fusion, and INT8 or not. No PyTorch."""

from dataclasses import dataclass

import numpy as np

from ...art.families import Role
from ...metrics.calibration import Scores, calibrate
from ...packs.policy import Publish
from ...paths import CACHE
from ...words.wordpiece import build_tokenizer
from ..training.motion_clips import MotionClips
from .evaluate import MODALITIES, EvaluationSet, evaluation_set, measure, rows_for, run
from .measure_motion import fit_motion, motion_row, motion_sets, score_motion
from .served import Served

# What a published leaf tag may be wrong on the held-out family.
ERROR_MAX = 0.10


def calibration_scores(logits: dict[str, np.ndarray], items: EvaluationSet) -> dict[str, Scores]:
    """Of clips of the held-out family."""
    rows = {m: rows_for(m, items) for m in MODALITIES}
    return {m: Scores(logits[m][rows[m]], items.clips.labels[rows[m]]) for m in MODALITIES}


def serve(name: str, precision: dict[str, str], fusion: str = "starter-fusion") -> Served:
    folder = CACHE / "runs" / name
    run_of = {"starter-fusion": fusion}
    tokenizer_at = folder / "starter-text" / precision["starter-text"] / "tokenizer.json"
    build_tokenizer().save(str(tokenizer_at))
    return Served.load(lambda model: folder / run_of.get(model, model) / precision[model])


@dataclass(frozen=True)
class Candidate:
    """One way to serve: which fusion, which precision, and what it scores."""

    fusion: str
    precision: dict[str, str]
    temperature: dict[str, float]
    publish: dict[str, Publish]
    figures: dict[Role, dict]
    # With video and title: whether each clip is right.
    right: dict[Role, np.ndarray]
    # Temperature, rule of publishing and figures of the motion facet.
    motion_temperature: float
    motion_publish: Publish
    motion: dict[Role, dict[str, float]]


def judge(
    name: str,
    fusion: str,
    precision: dict[str, str],
    sets: dict[Role, EvaluationSet],
    moving: dict[Role, MotionClips],
) -> Candidate:
    served = serve(name, precision, fusion)
    logits = {role: run(served, items) for role, items in sets.items()}
    temperature, publish = calibrate(calibration_scores(logits["calibrate"], sets["calibrate"]), ERROR_MAX)
    marks = {role: measure(logits[role], items, temperature, publish) for role, items in sets.items()}
    print(f"{fusion} {precision} temperature {temperature} publish {publish}")
    for role, by_modality in marks.items():
        for modality, found in by_modality.items():
            print(f"  {role:9} {modality:5} {found.row()}", flush=True)
    right = {role: logits[role]["both"].argmax(1) == items.clips.labels for role, items in sets.items()}
    scores = {role: score_motion(served, clips) for role, clips in moving.items()}
    motion_temperature, motion_publish = fit_motion(scores["calibrate"])
    motion = {role: motion_row(found, motion_temperature, motion_publish) for role, found in scores.items()}
    for role, row in motion.items():
        print(f"  {role:9} motion {row}", flush=True)
    return Candidate(fusion, precision, temperature, publish, marks, right, motion_temperature, motion_publish, motion)


def paired_difference(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """(mean, standard error) of second − first over the same clips."""
    gain = second.astype(float) - first
    return round(float(gain.mean()), 4), round(float(gain.std() / np.sqrt(len(gain))), 4)


FP32 = {"starter-vision": "fp32", "starter-text": "fp32", "starter-fusion": "fp32"}
INT8 = {"starter-vision": "int8", "starter-text": "int8", "starter-fusion": "int8"}
# Accuracy that INT8 may cost, as a share.
INT8_LOSS_MAX = 0.01


def choose(name: str) -> tuple[Candidate, dict[str, Candidate]]:
    """The better fusion in fp32, then INT8 if it loses no more than allowed; all figures are kept for the card."""
    sets: dict[Role, EvaluationSet] = {role: evaluation_set(role) for role in ("calibrate", "test", "evaluate")}
    moving = motion_sets()
    tried = {fusion: judge(name, fusion, FP32, sets, moving) for fusion in ("product", "starter-fusion")}
    best = max(tried.values(), key=lambda candidate: candidate.figures["test"]["both"].leaf)
    small = judge(name, best.fusion, INT8, sets, moving)
    tried["int8"] = small
    loss = max(
        best.figures[r][m].leaf - small.figures[r][m].leaf for r in ("calibrate", "test") for m in ("both", "video")
    )
    loss = max(loss, *(best.motion[role]["pairs"] - small.motion[role]["pairs"] for role in ("calibrate", "test")))
    print(f"INT8 costs {loss:.4f}, allowed are {INT8_LOSS_MAX}")
    if loss > INT8_LOSS_MAX:
        small = judge(name, best.fusion, INT8 | {"starter-vision": "fp32"}, sets, moving)
        tried["int8"] = small
    return small, tried
