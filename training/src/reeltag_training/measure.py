"""Figures of a classifier of leaves: accuracy at two levels, calibration, what a threshold publishes. Numpy only."""

from dataclasses import dataclass

import numpy as np

from .tree import level_indices


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


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


def figures(logits: np.ndarray, labels: np.ndarray, temperature: float, publish_at: float) -> Figures:
    """`coverage`: share of items whose leaf is published; `error`: share of those that are wrong."""
    p = softmax(logits / temperature)
    group = level_indices()[1]
    guess, confidence = p.argmax(1), p.max(1)
    out = confidence >= publish_at
    wrong = guess != labels
    return Figures(
        leaf=1 - wrong.mean(),
        level1=(at_level(p, group).argmax(1) == group[labels]).mean(),
        coverage=out.mean(),
        error=wrong[out].mean() if out.any() else 0.0,
        ece=calibration_error(confidence, ~wrong),
    )


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error over bins of equal mass."""
    order = np.argsort(confidence)
    parts = np.array_split(order, bins)
    return float(sum(len(part) * abs(confidence[part].mean() - right[part].mean()) for part in parts) / len(order))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature of least negative log-likelihood; golden-section search on its logarithm."""

    def loss(log_t: float) -> float:
        p = softmax(logits / np.exp(log_t))
        return -np.log(p[np.arange(len(labels)), labels] + 1e-12).mean()

    low, high, ratio = np.log(0.3), np.log(6.0), (np.sqrt(5) - 1) / 2
    for _ in range(40):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, b) if loss(a) < loss(b) else (a, high)
    return round(float(np.exp((low + high) / 2)), 3)


def fit_threshold(confidence: np.ndarray, right: np.ndarray, error_max: float) -> float:
    """The lowest threshold, from strict to loose, up to which the published error stays within `error_max`."""
    best = 0.99
    for threshold in np.arange(0.99, 0.39, -0.01):
        out = confidence >= threshold
        if out.sum() >= 50 and (~right[out]).mean() > error_max:
            break
        best = threshold
    return round(float(best), 2)
