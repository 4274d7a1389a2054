"""Temperatures and thresholds at their edges, by hand: as sure, or as often wrong, as is just allowed."""

import numpy as np
import pytest

from reeltag_training.metrics.calibration import (
    PUBLISHED_MIN,
    Scores,
    binomial_tail,
    calibrate,
    fit_temperature,
    fit_threshold,
    published,
    published_error,
    softmax,
    wrong_too_often,
)
from reeltag_training.packs.policy import Never, Threshold

NEVER = Never("no threshold keeps the published error within 0.1")
# The thresholds that are tried, from strict to loose: to the bit, as a confidence may be one of them.
TRIED = np.arange(0.99, 0.39, -0.01)


def sure(count, confidence, right):
    return np.full(count, confidence), np.arange(count) < right


def joined(*parts):
    return tuple(np.concatenate(side) for side in zip(*parts, strict=True))


def test_what_is_exactly_as_sure_as_the_threshold_is_published():
    halves = Scores(np.zeros((4, 2)), np.zeros(4, int))
    assert len(published(halves, 1.0, Threshold(0.5))) == 4
    assert len(published(halves, 1.0, Threshold(np.nextafter(0.5, 1)))) == 0
    wrong = Scores(np.zeros((4, 2)), np.array([0, 0, 0, 1]))
    assert published_error(wrong, 1.0, Threshold(0.5)) == 0.25
    assert published_error(wrong, 1.0, Threshold(0.6)) == published_error(wrong, 1.0, NEVER) == 0


def test_items_exactly_at_a_threshold_count_for_it():
    at, below = TRIED[9], TRIED[10]
    wrong = sure(PUBLISHED_MIN, below, 0)
    assert fit_threshold(*joined(sure(PUBLISHED_MIN, at, PUBLISHED_MIN), wrong), 0.1) == Threshold(round(at, 2))
    # One less says nothing of it, and with those just below it is wrong too often.
    assert fit_threshold(*joined(sure(PUBLISHED_MIN - 1, at, PUBLISHED_MIN - 1), wrong), 0.1) == NEVER


def test_an_error_of_exactly_what_is_allowed_is_allowed():
    assert not wrong_too_often(np.arange(8) < 6, 0.25, None) and wrong_too_often(np.arange(8) < 5, 0.25, None)
    assert not wrong_too_often(np.zeros(0, bool), 0.25, None)
    tail = binomial_tail(2, 8, 0.25)
    assert not wrong_too_often(np.arange(8) < 6, 0.25, tail)
    assert wrong_too_often(np.arange(8) < 6, 0.25, np.nextafter(tail, 0))


def test_the_first_threshold_that_fails_ends_the_search():
    # Wrong around 0.9, and so many right ones below that they would hide it.
    held = joined(sure(60, 0.985, 60), sure(60, 0.905, 0), sure(5000, 0.45, 5000))
    assert fit_threshold(*held, 0.1) == Threshold(0.91)
    assert fit_threshold(*joined(sure(60, 0.985, 60), sure(5000, 0.45, 5000)), 0.1) == Threshold(0.4)


def test_a_temperature_is_that_of_the_least_surprise_and_unknown_labels_have_no_say():
    # Three of four are right: at the best temperature each is told with 3/4, which logits of 4 and 0 are at 4 / ln 3.
    logits = np.tile([4.0, 0.0], (400, 1))
    labels = (np.arange(400) % 4 == 0).astype(int)
    expected = 4 / np.log(3)
    assert fit_temperature(logits, labels) == pytest.approx(expected, abs=0.002)
    more = np.concatenate([logits, np.tile([0.0, 4.0], (400, 1))]), np.concatenate([labels, np.full(400, -1)])
    assert fit_temperature(*more) == pytest.approx(expected, abs=0.002)
    # What is no leaf is never right.
    assert not Scores(*more).confidence(1.0)[1][400:].any()


def leaning(count, p, right):
    """`count` items told with probability p, of which the first `right` are."""
    logits = np.tile([np.log(p / (1 - p)), 0.0], (count, 1))
    return logits, (np.arange(count) >= right).astype(int)


def test_one_threshold_serves_all_and_the_title_alone_is_held_back_to_keep_it():
    good = Scores(*joined(leaning(400, 0.97, 400), leaning(400, 0.6, 240)))
    fair = Scores(*joined(leaning(400, 0.97, 360), leaning(400, 0.6, 240)))
    lies = Scores(*joined(leaning(400, 0.99, 260), leaning(400, 0.8, 320)))
    alone = {m: calibrate({m: s}, 0.1)[1][m].at for m, s in {"both": good, "video": fair}.items()}
    temperature, publish = calibrate({"both": good, "video": fair, "text": lies}, 0.1)
    assert alone["both"] != alone["video"]
    assert publish == dict.fromkeys(("both", "video", "text"), Threshold(max(alone.values())))
    assert published_error(lies, temperature["text"], publish["text"]) <= 0.1
    assert temperature["text"] >= fit_temperature(lies.logits, lies.labels)
    for scores, modality in ((good, "both"), (fair, "video")):
        assert temperature[modality] == fit_temperature(scores.logits, scores.labels)
    # Where nothing with a video is sure, titles may be.
    publish = calibrate({"both": lies, "text": good}, 0.1)[1]
    assert publish == {"both": NEVER, "text": Threshold(alone["both"])}


def test_a_softmax_adds_up_whatever_its_logits_are():
    assert softmax(np.array([[1000.0, 1000.0], [0.0, np.log(3)]])) == pytest.approx(
        np.array([[0.5, 0.5], [0.25, 0.75]])
    )
