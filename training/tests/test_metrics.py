"""Metrics: cases worked by hand, scikit-learn where it has the figure, and every order of tied scores."""

from itertools import permutations

import numpy as np
import pytest

from reeltag_training.metrics.confidence import (
    augrc,
    aurc,
    calibration_error,
    class_wise_calibration_error,
    e_aurc,
    selective_risk,
)
from reeltag_training.metrics.hierarchy import hierarchical_f1, macro_f1, wechat_mean_f1
from reeltag_training.metrics.ranking import (
    average_precision,
    gap_at_k,
    hit_at_1,
    map_class_wise,
    map_sample_wise,
    perr,
)

SCORES = np.array([[0.9, 0.5, 0.1], [0.2, 0.8, 0.7]])
TRUTH = np.array([[1, 0, 1], [0, 0, 1]])


def test_hit_at_1_by_hand_and_tied():
    assert hit_at_1(SCORES, TRUTH) == 0.5
    assert hit_at_1(np.array([[0.5, 0.5, 0.1]]), np.array([[1, 0, 0]])) == 0.5


def test_perr_by_hand_skips_items_without_labels():
    # Item 1: two true, best two are {0, 1}: 1/2. Item 2: one true, best is 1: 0. Item 3: none true.
    scores, truth = np.vstack([SCORES, [[0.3, 0.2, 0.1]]]), np.vstack([TRUTH, [[0, 0, 0]]])
    assert perr(scores, truth) == 0.25
    assert perr(np.array([[0.9, 0.4, 0.4]]), np.array([[1, 1, 0]])) == 0.75
    # A label of probability 0 is not predicted, though it fills a place.
    assert perr(np.array([[0.9, 0.0, 0.0]]), np.array([[1, 1, 1]])) == pytest.approx(1 / 3)


def test_gap_by_hand_counts_true_labels_left_out():
    # k = 2 pools 0.9 true, 0.8 false, 0.7 true, 0.5 false: (1/1 + 2/3) / 3 true labels, one of them not kept.
    assert gap_at_k(SCORES, TRUTH, k=2) == pytest.approx((1 + 2 / 3) / 3)


def test_maps_are_two_different_figures():
    # Classes 0 and 2 have a true item: 1, and (0.7 true, 0.1 true) 1. Items: (1 + 2/3)/2 and 1/2.
    assert map_class_wise(SCORES, TRUTH) == pytest.approx(1.0)
    assert map_sample_wise(SCORES, TRUTH) == pytest.approx(((1 + 2 / 3) / 2 + 1 / 2) / 2)


def test_nothing_true_is_refused():
    for figure in (perr, gap_at_k, map_class_wise, map_sample_wise):
        with pytest.raises(ValueError, match="true"):
            figure(SCORES, np.zeros_like(TRUTH))


def test_average_precision_equals_scikit_learn_and_gap_is_it_on_the_pool():
    import sklearn.metrics as sklearn
    rng = np.random.default_rng(1)
    score, truth = rng.permutation(240).reshape(12, 20) / 240, rng.integers(0, 2, (12, 20))
    assert average_precision(score[0], truth[0]) == pytest.approx(sklearn.average_precision_score(truth[0], score[0]))
    assert map_class_wise(score, truth) == pytest.approx(sklearn.average_precision_score(truth, score))
    assert gap_at_k(score, truth) == pytest.approx(sklearn.average_precision_score(truth.ravel(), score.ravel()))


def test_ties_are_the_mean_over_every_order():
    score, truth = np.array([3, 2, 2, 2, 2, 1.0]), np.array([0, 1, 0, 1, 0, 1])
    right = truth

    def mean_over_orders(figure):
        tied = []
        for order in permutations(range(1, 5)):
            untied = score.copy()
            untied[list(order)] = 2 + np.arange(4) / 10
            tied.append(figure(untied, truth))
        return np.mean(tied)

    assert average_precision(score, truth) == pytest.approx(mean_over_orders(average_precision))
    assert aurc(score, right) == pytest.approx(mean_over_orders(aurc))
    assert augrc(score, right) == pytest.approx(mean_over_orders(augrc))


def test_order_of_items_never_matters():
    rng = np.random.default_rng(2)
    p, right = rng.integers(0, 5, 400) / 4, rng.integers(0, 2, 400)
    sorted_ = np.lexsort((right, p))
    for figure in (average_precision, aurc, augrc, e_aurc, calibration_error):
        assert figure(p, right) == pytest.approx(figure(p[sorted_], right[sorted_]))
    assert class_wise_calibration_error(p[:, None], right[:, None]) == pytest.approx(
        class_wise_calibration_error(p[sorted_, None], right[sorted_, None])
    )


def test_gap_does_not_reward_where_the_truth_stands():
    # All scores equal, the truth always in the first of 40 classes: 20 are kept, so half of the truth on average.
    truth = np.zeros((4000, 40))
    truth[:, 0] = 1
    assert gap_at_k(np.ones_like(truth), truth) == pytest.approx(0.5 * 1 / 40, rel=0.1)


def test_hierarchical_f1_by_hand():
    # {a, a/b} against {a, a/c}: 1 shared of 2 and 2; {d} against {d, d/e}: 1 of 1 and 2.
    assert hierarchical_f1([["a/b"], ["d"]], [["a/c"], ["d/e"]]) == pytest.approx(2 * 2 / (3 + 4))
    assert hierarchical_f1([["a"]], [["b"]]) == 0


def test_macro_and_wechat_f1():
    import sklearn.metrics as sklearn
    rng = np.random.default_rng(3)
    predicted, truth = ([f"{i // 4:02}{i % 4:02}" for i in rng.integers(0, 12, 60)] for _ in range(2))
    assert macro_f1(predicted, truth) == pytest.approx(sklearn.f1_score(truth, predicted, average="macro"))
    levels = [([c[:n] for c in truth], [c[:n] for c in predicted]) for n in (2, 4)]
    expected = np.mean([sklearn.f1_score(t, p, average=a) for t, p in levels for a in ("micro", "macro")])
    assert wechat_mean_f1(predicted, truth) == pytest.approx(expected)
    # By hand: level 1 all right (1, 1); level 2 half right: '0001' 2/3, '0002' 0.
    assert wechat_mean_f1(["0001", "0001"], ["0001", "0002"]) == pytest.approx((1 + 1 + 0.5 + 1 / 3) / 4)


def test_calibration_error_by_hand():
    # Two bins: {0.5, 0.3} with 1 right: |0.8 - 1|; {0.9, 0.7} with 1 right: |1.6 - 1|; over four items.
    p, right = np.array([0.5, 0.3, 0.9, 0.7]), np.array([1, 0, 1, 0])
    assert calibration_error(p, right, bins=2) == pytest.approx((0.2 + 0.6) / 4)
    assert calibration_error(np.array([0.0, 1.0]), np.array([0, 1])) == 0


def test_class_wise_calibration_error_by_hand():
    # Class 0 in two bins of two: |0.3 - 0| and |1.7 - 1|; class 1 is perfect.
    p = np.array([[0.1, 0.0], [0.2, 0.0], [0.8, 1.0], [0.9, 1.0]])
    truth = np.array([[0, 0], [0, 0], [0, 1], [1, 1]])
    assert class_wise_calibration_error(p, truth, per_bin_min=2) == pytest.approx((0.3 + 0.7) / 4 / 2)


def test_selective_risk_by_hand():
    confidence, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([1, 0, 1, 0])
    assert selective_risk(confidence, right, 0.75) == (0.5, 0.5)
    assert selective_risk(confidence, right, 1.0) == (0.0, 0.0)
    assert aurc(confidence, right) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    assert augrc(confidence, right) == pytest.approx((0 + 1 + 1 + 2) / 4 / 4)
    assert e_aurc(confidence, right) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4 - (0.5 + 0.5 * np.log(0.5)))


def test_e_aurc_of_a_perfect_order_vanishes():
    right = np.r_[np.ones(7000), np.zeros(3000)]
    assert e_aurc(-np.arange(10000), right) == pytest.approx(0, abs=1e-4)
    assert e_aurc(np.arange(10000), np.zeros(10000)) == 0
