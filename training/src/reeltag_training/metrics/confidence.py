"""What a confidence is worth: calibration error, and risk when only the most confident are accepted.

N items, C classes; confidence and p within [0, 1], right and truth 0 or 1.
"""

import numpy as np


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """ECE over bins of equal width, each closed at its upper end."""
    counts, confidences, accuracies = reliability(confidence, right, bins)
    return float((counts * np.abs(confidences - accuracies)).sum() / len(confidence))


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each of ECE's bins: items, their mean confidence, the share of them that is right; 0 where there is none."""
    bin_of = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    counts = np.bincount(bin_of, minlength=bins)
    sums = (np.bincount(bin_of, weights, minlength=bins) for weights in (confidence, right))
    return counts, *(total / np.maximum(counts, 1) for total in sums)


def class_wise_calibration_error(p_NC: np.ndarray, truth_NC: np.ndarray, per_bin_min: int = 50) -> float:
    """For tags: every class's own p against whether it is true, in bins of equal mass, at least `per_bin_min` in each.

    Items of equal p share a bin, so that their order does not matter. At most 15 bins; mean over classes.
    """
    bins = int(np.clip(len(p_NC) // per_bin_min, 1, 15))
    return float(np.mean([_equal_mass_error(p, t, bins) for p, t in zip(p_NC.T, truth_NC.T, strict=True)]))


def _equal_mass_error(p: np.ndarray, truth: np.ndarray, bins: int) -> float:
    order = np.argsort(p, kind="stable")
    p, gap = p[order], (p - truth)[order]
    bin_of = np.arange(len(p)) * bins // len(p)
    bin_of = bin_of[np.searchsorted(p, p, side="left")]
    return float(np.abs(np.bincount(bin_of, gap)).sum() / len(p))


def selective_risk(confidence: np.ndarray, right: np.ndarray, threshold: float) -> tuple[float, float]:
    """Coverage and risk: the share accepted at `threshold` or above, and the share of errors among those.

    The risk of accepting nothing is 0.
    """
    accepted = confidence >= threshold
    wrong = (1 - right.astype(float))[accepted]
    return float(accepted.mean()), float(wrong.mean()) if len(wrong) else 0.0


def aurc(confidence: np.ndarray, right: np.ndarray) -> float:
    """Mean, over k, of the error among the k most confident."""
    return float(risk_by_coverage(confidence, right).mean())


def risk_by_coverage(confidence: np.ndarray, right: np.ndarray) -> np.ndarray:
    """[N] the error among the k most confident, for k = 1 … N."""
    return _expected_errors(confidence, right) / np.arange(1, len(right) + 1)


def e_aurc(confidence: np.ndarray, right: np.ndarray) -> float:
    """AURC above that of a perfect order at the same error rate r, r + (1 - r) ln(1 - r).

    That subtrahend is the limit for many items: for few, a perfect order keeps a small rest.
    """
    r = 1 - float(np.mean(right))
    perfect = r + (1 - r) * np.log1p(-r) if r < 1 else 1.0
    return aurc(confidence, right) - perfect


def augrc(confidence: np.ndarray, right: np.ndarray) -> float:
    """Mean, over k, of the errors among the k most confident as a share of all items: stable where k is small."""
    return float((_expected_errors(confidence, right) / len(right)).mean())


def _expected_errors(confidence: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Errors among the k most confident, for k = 1 … N; tied items bring their group's mean each."""
    _, group = np.unique(-confidence, return_inverse=True)
    wrong = 1 - right.astype(float)
    mean = np.bincount(group, wrong) / np.bincount(group)
    return np.cumsum(mean[np.sort(group)])


def equal_mass_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error over bins of equal mass; a bin an item, where there are fewer items than bins."""
    order = np.argsort(confidence)
    parts = np.array_split(order, min(bins, len(order)))
    return float(sum(len(part) * abs(confidence[part].mean() - right[part].mean()) for part in parts) / len(order))
