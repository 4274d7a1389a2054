import numpy as np
import pytest

from reeltag_training.starter.figures.served import Served

TITLES = ["今天拍到了小猫", "look at this pizza", "吉他"]


@pytest.fixture(scope="module")
def served():
    return Served.load()


@pytest.fixture(scope="module")
def frames():
    # Five videos: a batch size that was not traced.
    return np.random.default_rng(0).integers(0, 255, (3, 5, 96, 96, 3), dtype=np.uint8)


def run_fusion(served, frames, tokens, frame_mask=None, text_mask=None):
    feeds = {
        "frames": frames,
        "frame_mask": np.ones(frames.shape[:2], np.float32) if frame_mask is None else frame_mask,
        "text_tokens": tokens,
        "text_mask": np.ones(tokens.shape[:2], np.float32) if text_mask is None else text_mask,
    }
    return served.fusion.run(["logits_subject"], feeds)[0]


def test_a_frame_does_not_depend_on_its_batch(served, frames):
    together = served.frame_embeddings(frames)
    alone = served.frame_embeddings(frames[1:2, 2:3])
    assert together.shape == (3, 5, 448)
    np.testing.assert_allclose(together[1, 2], alone[0, 0], atol=1e-4)


def test_padding_of_a_text_changes_nothing(served):
    tokens, mask = served.text_tokens(TITLES)
    alone, _ = served.text_tokens(TITLES[2:])
    assert mask[2].sum() < mask.shape[1]
    # Static INT8: an item's scores must not depend on its neighbours in the batch.
    np.testing.assert_allclose(tokens[2, : alone.shape[1]], alone[0], atol=1e-4)


def test_masked_frames_and_tokens_weigh_nothing(served, frames):
    embedded = served.frame_embeddings(frames)
    tokens, mask = served.text_tokens(TITLES)
    plain = run_fusion(served, embedded, tokens, None, mask)
    more_frames = np.concatenate([embedded, np.zeros_like(embedded[:, :2])], 1)
    frame_mask = np.concatenate([np.ones((3, 5)), np.zeros((3, 2))], 1).astype(np.float32)
    more_tokens = np.concatenate([tokens, np.zeros_like(tokens[:, :3])], 1)
    text_mask = np.concatenate([mask, np.zeros((3, 3))], 1).astype(np.float32)
    padded = run_fusion(served, more_frames, more_tokens, frame_mask, text_mask)
    np.testing.assert_allclose(plain, padded, atol=1e-4)
    assert (plain.argmax(1) == padded.argmax(1)).all()


def test_each_modality_matters_and_none_leaves_no_opinion(served, frames):
    embedded = served.frame_embeddings(frames)
    both = served.logits(embedded, TITLES, "both")
    video, text = (served.logits(embedded, TITLES, modality) for modality in ("video", "text"))
    assert np.isfinite(both).all() and np.isfinite(video).all() and np.isfinite(text).all()
    assert np.abs(both - video).max() > 0.5 and np.abs(both - text).max() > 0.5
    tokens, mask = served.text_tokens(TITLES)
    neither = run_fusion(served, embedded, tokens, np.zeros((3, 5), np.float32), mask * 0)
    assert np.abs(neither).max() < 1e-3


def test_what_is_masked_cannot_leak(served, frames):
    embedded = served.frame_embeddings(frames)
    tokens, mask = served.text_tokens(TITLES)
    hidden = np.zeros((3, 5), np.float32)
    first = run_fusion(served, embedded, tokens, hidden, mask)
    other = run_fusion(served, embedded * 3 + 1, tokens, hidden, mask)
    np.testing.assert_allclose(first, other, atol=1e-4)
