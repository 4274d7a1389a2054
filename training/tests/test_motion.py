import numpy as np
import pytest
import torch

from reeltag_training.corpus.motion import FACETS, motions
from reeltag_training.packs.policy import Never, Threshold
from reeltag_training.starter.figures.measure_motion import MotionScores, fit_motion, motion_row
from reeltag_training.starter.models.motion import MotionHead
from reeltag_training.starter.models.vision import PlaceGrid, ServedVisionTower, VisionConfig, VisionTower
from reeltag_training.starter.motion_tree import motion_facet
from reeltag_training.starter.training.train_motion import wanted


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def test_a_reversed_clip_scores_the_opposite():
    head, clip = MotionHead(12).eval(), torch.randn(2, 5, 12)
    forwards, backwards = (head.scores(x, torch.ones(2, 5)) for x in (clip, clip.flip(1)))
    torch.testing.assert_close(forwards, -backwards)
    assert forwards.abs().min() > 1e-4


def test_one_frame_and_a_still_clip_show_no_motion():
    head, clip = MotionHead(12).eval(), torch.randn(2, 5, 12)
    still = clip[:, :1].expand(-1, 5, -1)
    assert head.scores(still, torch.ones(2, 5)).abs().max() < 1e-6
    one = torch.zeros(2, 5)
    one[:, 2] = 1
    assert head.scores(clip, one).abs().max() == 0
    assert (head(clip, one * 0).sigmoid() < 0.5).all()


def test_masked_frames_weigh_nothing():
    head, clip = MotionHead(12).eval(), torch.randn(2, 3, 12)
    mask = torch.tensor([[1.0, 1, 1, 0, 0]]).expand(2, -1)
    first, second = (head(torch.cat([clip, torch.randn(2, 2, 12)], 1), mask) for _ in range(2))
    torch.testing.assert_close(first, second)


def test_logits_are_in_the_order_of_the_motions():
    states = torch.tensor([[1, 0, -1, 0, 1]])
    shown = [name for name, is_shown in zip(motions(), wanted(states)[0], strict=True) if is_shown]
    assert shown == ["right", "counter-clockwise", "flash-then-blackout"]
    facet = motion_facet()
    assert [leaf["id"] for axis in facet["nodes"] for leaf in axis["children"]] == motions()
    assert [axis["id"] for axis in facet["nodes"]] == list(FACETS)


def test_the_place_grid_tells_left_from_right_where_the_embedding_cannot():
    # A bright square far from the border, and its mirror image: the same for a pooled vector of mirrored filters.
    frames = torch.zeros(2, 96, 96, 3, dtype=torch.uint8)
    frames[0, 40:56, 12:28] = 255
    frames[1, 40:56, 68:84] = 255
    tower = VisionTower(VisionConfig(width=8)).eval()
    served = ServedVisionTower(tower, PlaceGrid(8)).eval()(frames)
    assert served.shape == (2, 192 + 256)
    grids = served[:, 192:].unflatten(1, (16, 4, 4))
    moved = (grids[0] - grids[1]).abs().sum(0)
    # The square is in the second row of cells or the third, never in the corners' rows of cells.
    assert moved[1:3].sum() > 4 * moved[[0, 3]].sum()


def scores_by_hand():
    """Two clips: the first goes right and is told so, the second goes up and is told that it goes down."""
    states = np.array([[1, 0, 0, 0, 0], [0, -1, 0, 0, 0]])
    logits = np.full((2, 10), -4.0)
    logits[0, 1], logits[1, 3] = 3, 2
    return MotionScores(logits, np.full((2, 10), -4.0), states)


def test_figures_of_a_case_worked_by_hand():
    row = motion_row(scores_by_hand(), 1.0, Threshold(0.5))
    assert row["horizontal"] == 1 and row["vertical"] == 0 and np.isnan(row["turn"])
    assert row["published"] == 0.5 and row["error"] == 0.5


def test_the_threshold_rises_until_the_error_is_allowed():
    # sigmoid(3) is right and sigmoid(2) is wrong: only what is above the latter may be published.
    temperature, rule = fit_motion(scores_by_hand())
    right, wrong = (1 / (1 + np.exp(-logit / temperature)) for logit in (3, 2))
    row = motion_row(scores_by_hand(), temperature, rule)
    assert wrong < rule.at <= right and (row["published"], row["error"]) == (0.5, 0)


def test_motions_that_are_sure_and_wrong_are_never_published():
    states = np.array([[1, 0, 0, 0, 0], [0, -1, 0, 0, 0]])
    logits = np.full((2, 10), -4.0)
    logits[:, 9] = 9
    scores = MotionScores(logits, logits, states)
    temperature, rule = fit_motion(scores)
    assert rule == Never("no threshold keeps the published error within 0.1")
    assert motion_row(scores, temperature, rule)["published"] == 0
