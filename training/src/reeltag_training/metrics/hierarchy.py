"""Figures that know the tree: labels are paths, written with slashes from the top ('food/fruit/apple')."""

from collections.abc import Iterable, Sequence

import numpy as np


def with_ancestors(paths: Iterable[str]) -> set[str]:
    """Every node on the way to the paths, themselves included."""
    return {"/".join(parts[:depth]) for parts in (p.split("/") for p in paths) for depth in range(1, len(parts) + 1)}


def hierarchical_f1(predicted: Sequence[Iterable[str]], truth: Sequence[Iterable[str]]) -> float:
    """Micro F1 of the sets of labels of each item after adding every ancestor to both."""
    shared = predicted_total = true_total = 0
    for p, t in zip(predicted, truth, strict=True):
        p, t = with_ancestors(p), with_ancestors(t)
        shared, predicted_total, true_total = shared + len(p & t), predicted_total + len(p), true_total + len(t)
    return 2 * shared / (predicted_total + true_total) if shared else 0.0


def macro_f1(predicted: Sequence[str], truth: Sequence[str]) -> float:
    """Mean F1 of the labels that occur in the truth or among the predictions; one label an item."""
    predicted, truth = np.asarray(predicted), np.asarray(truth)
    scores = [
        2 * ((predicted == label) & (truth == label)).sum() / ((predicted == label).sum() + (truth == label).sum())
        for label in np.union1d(predicted, truth)
    ]
    return float(np.mean(scores))


def wechat_mean_f1(predicted: Sequence[str], truth: Sequence[str]) -> float:
    """Mean of micro and macro F1 at both levels of the WeChat challenge; a code's first two digits are its level 1.

    Micro F1 of single labels is accuracy.
    """
    figures = []
    for digits in (2, None):
        p, t = [code[:digits] for code in predicted], [code[:digits] for code in truth]
        figures += [float(np.mean([a == b for a, b in zip(p, t, strict=True)])), macro_f1(p, t)]
    return float(np.mean(figures))
