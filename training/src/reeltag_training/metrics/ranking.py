"""Figures of ranked labels. N items, C classes, K kept; scores any real numbers, truth 0 or 1."""

import numpy as np


def hit_at_1(score_NC: np.ndarray, truth_NC: np.ndarray) -> float:
    """Share of items whose best label is true; among tied best labels, the share of true ones."""
    best_NC = score_NC == score_NC.max(1, keepdims=True)
    return float(((truth_NC * best_NC).sum(1) / best_NC.sum(1)).mean())


def perr(score_NC: np.ndarray, truth_NC: np.ndarray) -> float:
    """Mean precision among the best G labels, G being how many are true; items with no true label are left out.

    Probabilities are expected: a label with a score of 0 is not predicted.
    """
    per_item = []
    for score_C, truth_C in zip(score_NC, truth_NC, strict=True):
        true_count = int(truth_C.sum())
        if true_count == 0:
            continue
        cut = np.sort(score_C)[-true_count]
        above, tied = score_C > cut, score_C == cut
        places = true_count - above.sum()
        hits = (truth_C * above * (score_C > 0)).sum()
        hits += places * truth_C[tied].mean() if cut > 0 else 0
        per_item.append(hits / true_count)
    return _mean(per_item, "no item has a true label")


def gap_at_k(score_NC: np.ndarray, truth_NC: np.ndarray, k: int = 20, seed: int = 0) -> float:
    """Global average precision: the best k labels of every item in one list, over all true labels, kept or not.

    Which of several labels tied at an item's k-th place are kept is drawn from the seed.
    """
    true_total = truth_NC.sum()
    if true_total == 0:
        raise ValueError("no item has a true label")
    shuffled_C = np.random.default_rng(seed).permuted(np.tile(np.arange(score_NC.shape[1]), (len(score_NC), 1)), axis=1)
    score_NC, truth_NC = (np.take_along_axis(part, shuffled_C, 1) for part in (score_NC, truth_NC))
    kept_NK = np.argsort(-score_NC, axis=1, kind="stable")[:, :k]
    score, truth = (np.take_along_axis(part, kept_NK, 1).ravel() for part in (score_NC, truth_NC))
    return _precision_sum(score, truth) / float(true_total)


def average_precision(score: np.ndarray, truth: np.ndarray) -> float:
    """Mean precision at the places of the true; for one list. At least one must be true."""
    if truth.sum() == 0:
        raise ValueError("nothing is true: average precision is not defined")
    return _precision_sum(score, truth) / float(truth.sum())


def map_class_wise(score_NC: np.ndarray, truth_NC: np.ndarray) -> float:
    """Average precision over items, of each class that has a true item; their mean."""
    return _mean_average_precision(score_NC.T, truth_NC.T)


def map_sample_wise(score_NC: np.ndarray, truth_NC: np.ndarray) -> float:
    """Average precision over classes, of each item that has a true class; their mean. Not comparable to class-wise."""
    return _mean_average_precision(score_NC, truth_NC)


def _mean_average_precision(score: np.ndarray, truth: np.ndarray) -> float:
    defined = [average_precision(s, t) for s, t in zip(score, truth, strict=True) if t.sum() > 0]
    return _mean(defined, "no item has a true label")


def _precision_sum(score: np.ndarray, truth: np.ndarray) -> float:
    """Sum of precision at every true place, expected over the orders of tied scores.

    In a group of n tied with m true, behind `seen` items with `hits` true: a place is true with chance m/n, and then
    holds on average (m-1)/(n-1) true ones for each place of the group before it.
    """
    order = np.argsort(-score, kind="stable")
    score, truth = score[order], truth[order].astype(float)
    starts = np.flatnonzero(np.r_[True, score[1:] != score[:-1]]) if len(score) else np.zeros(0, int)
    size = np.diff(np.r_[starts, len(score)])
    true = np.add.reduceat(truth, starts) if len(score) else np.zeros(0)
    before = np.cumsum(true) - true
    place = np.arange(len(score)) - np.repeat(starts, size)
    size, true, before = (np.repeat(part, size) for part in (size, true, before))
    share = np.where(size > 1, (true - 1) / np.maximum(size - 1, 1), 0)
    return float((true / size * (before + 1 + place * share) / (np.arange(len(score)) + 1)).sum())


def _mean(values: list[float], nothing: str) -> float:
    if not values:
        raise ValueError(nothing)
    return float(np.mean(values))
