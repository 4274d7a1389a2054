"""Figures of a classifier of leaves: accuracy at two levels, calibration, what a threshold publishes. Numpy only."""

from dataclasses import dataclass

import numpy as np

from ...metrics.calibration import reaches, softmax
from ...metrics.confidence import equal_mass_calibration_error
from ...packs.policy import Publish
from ...words.tree import level_indices


def at_level(p_leaf: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Probabilities of the nodes of one level: the sum of their leaves'."""
    out = np.zeros((len(p_leaf), index.max() + 1), p_leaf.dtype)
    for leaf, node in enumerate(index):
        out[:, node] += p_leaf[:, leaf]
    return out


@dataclass(frozen=True)
class Figures:
    leaf: float
    level1: float
    coverage: float
    error: float
    ece: float

    def row(self) -> dict[str, float]:
        return {k: round(float(v), 3) for k, v in self.__dict__.items()}


def figures(logits: np.ndarray, labels: np.ndarray, temperature: float, rule: Publish) -> Figures:
    """`coverage`: share of items whose leaf is published; `error`: share of those that are wrong."""
    p = softmax(logits / temperature)
    group = level_indices()[1]
    guess, confidence = p.argmax(1), p.max(1)
    out = reaches(confidence, rule)
    wrong = guess != labels
    return Figures(
        leaf=1 - wrong.mean(),
        level1=(at_level(p, group).argmax(1) == group[labels]).mean(),
        coverage=out.mean(),
        error=wrong[out].mean() if out.any() else 0.0,
        ece=equal_mass_calibration_error(confidence, ~wrong),
    )
