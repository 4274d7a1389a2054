"""Figures of a tagger on the held-out items, and of linear models of characters beside it.

N items, L leaves, K classes of a level
"""

import json
from pathlib import Path

import numpy as np
import torch

from ...metrics.confidence import aurc, calibration_error
from ...metrics.hierarchy import hierarchical_f1, macro_f1
from ...taggers.tagger import Tagger
from ..config import LabConfig
from ..data.prepared import Prepared
from ..data.table import Item, at_level
from .linear import LinearModel
from .prior import author_log_odds

CHUNK = 256


@torch.no_grad()
def probabilities(
    tagger: Tagger, data: Prepared, items: list[Item], config: LabConfig, temperature: float = 1.0
) -> np.ndarray:
    """[N, L] softmax of the logits over the temperature; what their authors usually publish is in it where asked."""
    parts = []
    for start in range(0, len(items), CHUNK):
        chunk = items[start : start + CHUNK]
        logits_BL = tagger.eval()(data.inputs(chunk, config.model.text_max, config.model.frames_max))[1]
        if config.prior.kappa:
            logits_BL = logits_BL + author_log_odds(config, data, chunk)
        parts.append((logits_BL / temperature).softmax(-1).numpy())
    return np.concatenate(parts)


def level_predictions(p_NL: np.ndarray, leaf_paths: list[str], level: int) -> tuple[list[str], np.ndarray]:
    """The best class of the level for each item, and its probability: the sum of its leaves."""
    names = sorted({at_level(path, level) for path in leaf_paths})
    member_LK = np.array([[at_level(path, level) == name for name in names] for path in leaf_paths], dtype=float)
    p_NK = p_NL @ member_LK
    return [names[k] for k in p_NK.argmax(1)], p_NK.max(1)


def figures(predicted: list[str], truth: list[str], confidence: np.ndarray | None = None) -> dict[str, float]:
    right = np.array([p == t for p, t in zip(predicted, truth, strict=True)])
    found = {"accuracy": float(right.mean()), "macro_f1": macro_f1(predicted, truth)}
    found["hierarchical_f1"] = hierarchical_f1([[p] for p in predicted], [[t] for t in truth])
    if confidence is not None:
        found |= {"ece": calibration_error(confidence.clip(0, 1), right), "aurc": aurc(confidence, right)}
    return found


def evaluate(
    p_NL: np.ndarray, data: Prepared, config: LabConfig, linear: bool
) -> dict[str, dict[str, dict[str, float]]]:
    """model → level → figure, of probabilities for the held-out items.

    A label that the training side lacks counts as wrong, as it would in use.
    """
    report = {config.model.backbone: by_level(p_NL, data, config.table.depth_max)}
    if linear:
        for name, balance in (("linear", None), ("linear, balanced", "balanced")):
            report[name] = {
                f"level {level}": figures(LinearModel(data, level, balance).predictions(), truth_at(data, level))
                for level in range(1, config.table.depth_max + 1)
            }
    return report


def by_level(p_NL: np.ndarray, data: Prepared, depth_max: int) -> dict[str, dict[str, float]]:
    """level → figure, of probabilities for the held-out items."""
    levels = {}
    for level in range(1, depth_max + 1):
        predicted, confidence = level_predictions(p_NL, data.leaf_paths, level)
        levels[f"level {level}"] = figures(predicted, truth_at(data, level), confidence)
    return levels


def truth_at(data: Prepared, level: int) -> list[str]:
    return [at_level(item.label, level) for item in data.held_out]


def write(report: dict[str, dict[str, dict[str, float]]], data: Prepared, folder: Path, name: str) -> None:
    """<name>.json for programs, <name>.md for readers."""
    (folder / f"{name}.json").write_text(json.dumps(report, indent=2))
    (folder / f"{name}.md").write_text(table(report, data) + "\n")


def table(report: dict[str, dict[str, dict[str, float]]], data: Prepared) -> str:
    """As Markdown."""
    strange = sum(item.label not in set(data.leaf_paths) for item in data.held_out)
    lines = [
        f"{len(data.train)} items to train on, {len(data.held_out)} held out; {strange} of these have a label that the",
        "training side lacks, and count as wrong.",
        "",
        "| model | level | accuracy | macro F1 | hierarchical F1 | ECE | AURC |",
        "|---|---|---|---|---|---|---|",
    ]
    for model, levels in report.items():
        for level, row in levels.items():
            cells = [
                f"{row[k]:.3f}" if k in row else "" for k in ("accuracy", "macro_f1", "hierarchical_f1", "ece", "aurc")
            ]
            lines.append(f"| {model} | {level} | {' | '.join(cells)} |")
    return "\n".join(lines)
