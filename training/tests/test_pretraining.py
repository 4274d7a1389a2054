"""Pretraining: what is hidden, each objective by hand, and that what is hidden is learnt from the other stream."""

from dataclasses import replace
from math import exp, log

import pytest
import torch

from reeltag_training.pretraining.masking import (
    IGNORED,
    MASK,
    mask_frames,
    mask_tokens,
    missing_modality,
    swapped_halves,
)
from reeltag_training.pretraining.objectives import contrast, masked_frames, masked_words
from reeltag_training.pretraining.pretrainer import WEIGHTS, Pretrainer, PretrainingConfig
from reeltag_training.taggers.backbones import BACKBONES
from reeltag_training.taggers.inputs import AtPublish
from reeltag_training.taggers.parts import BackboneConfig

SMALL = BackboneConfig(vocabulary=15, frame_width=10, width=32, heads=2, layers=1, cross_layers=1, dropout=0.0)
CLS, SEP = 2, 3


def draws(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def telling_clips(batch: int, seed: int = 0) -> AtPublish:
    """Three words and two frames that all name the same of ten subjects."""
    subject_B = torch.randint(0, 10, (batch,), generator=draws(seed))
    word_B1 = (subject_B + 5)[:, None]
    ids = torch.cat([torch.full_like(word_B1, CLS), word_B1.expand(-1, 3), torch.full_like(word_B1, SEP)], 1)
    frames = torch.nn.functional.one_hot(subject_B, 10).float()[:, None].expand(-1, 2, -1) * 4
    return AtPublish(ids, torch.ones(batch, 5), frames.clone(), torch.ones(batch, 2))


def test_words_are_hidden_in_the_stated_shares_and_specials_never():
    ids = torch.randint(5, 1000, (200, 50), generator=draws())
    ids[:, 0], ids[:, 20], ids[:, 40:] = CLS, SEP, 0
    mask = torch.ones(200, 50)
    mask[:, 40:] = 0
    hidden, targets = mask_tokens(ids, mask, 0.3, 1000, draws(1))
    chosen = targets != IGNORED
    words = (ids >= 5) & (mask > 0)
    assert not (chosen & ~words).any() and torch.equal(targets[chosen], ids[chosen])
    assert torch.equal(hidden[~chosen], ids[~chosen])
    assert chosen.sum() / words.sum() == pytest.approx(0.3, abs=0.02)
    became = hidden[chosen]
    assert (became == MASK).float().mean() == pytest.approx(0.8, abs=0.03)
    assert (became == ids[chosen]).float().mean() == pytest.approx(0.1, abs=0.03)
    assert torch.equal(hidden, mask_tokens(ids, mask, 0.3, 1000, draws(1))[0])
    nothing, targets = mask_tokens(ids, mask, 0.0, 1000, draws(1))
    assert torch.equal(nothing, ids) and (targets == IGNORED).all()


def test_padded_frames_are_never_zeroed():
    mask = torch.tensor([[1.0, 1.0, 0.0]])
    assert mask_frames(mask, 1.0, draws()).tolist() == [[True, True, False]]
    assert not mask_frames(mask, 0.0, draws()).any()


def test_half_a_batch_is_swapped_and_marked():
    whose, paired = swapped_halves(8, draws())
    assert sorted(whose.tolist()) == list(range(8)) and paired.sum() == 4
    assert torch.equal(paired > 0, whose == torch.arange(8))
    # Half of 6 is 3: the middle of them meets itself and is a pair.
    assert swapped_halves(6, draws())[1].sum() == 4


def test_a_quarter_of_a_batch_loses_a_modality():
    frames, words = missing_modality(16, draws())
    assert len(frames) == len(words) == 2 and not set(frames.tolist()) & set(words.tolist())


def test_masked_words_by_hand():
    logits, head = torch.tensor([[[0.5, 0.5], [0.9, 0.1], [0.2, 0.8]]]).log(), torch.nn.Identity()
    assert masked_words(head, logits, torch.tensor([[IGNORED, 0, 0]])).item() == pytest.approx(
        -(log(0.9) + log(0.2)) / 2
    )
    assert masked_words(head, logits, torch.full((1, 3), IGNORED)) == 0


def test_masked_frames_by_hand_over_every_valid_frame_of_the_batch():
    # Valid frames (1, 0), (0, 1) and, of another clip, (2, 0); one more is padding. The first is asked: (1, 0) found.
    frames = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[2.0, 0.0], [9.0, 9.0]]])
    predicted = torch.tensor([[[1.0, 0.0], [5.0, 5.0]], [[5.0, 5.0], [5.0, 5.0]]])
    mask, zeroed = torch.tensor([[1, 1], [1, 0]]), torch.tensor([[True, False], [False, False]])
    expected = -log(exp(1) / (exp(1) + exp(0) + exp(2)))
    assert masked_frames(predicted, frames, mask, zeroed).item() == pytest.approx(expected)
    assert masked_frames(predicted, frames, mask, torch.zeros_like(zeroed)) == 0


def test_contrast_by_hand():
    one = torch.eye(2)
    assert contrast(one, one * 3, temperature=0.5).item() == pytest.approx(log(1 + exp(-2)))
    assert contrast(one, one.flip(0), temperature=0.5).item() == pytest.approx(log(1 + exp(2)))


@pytest.mark.parametrize("name", BACKBONES)
def test_every_objective_is_finite_with_missing_modalities_and_reaches_the_backbone(name):
    torch.manual_seed(0)
    x = telling_clips(16)
    x.text_mask_BT[0], x.frame_mask_BF[1] = 0, 0
    model = Pretrainer(BACKBONES[name](SMALL), SMALL, PretrainingConfig())
    total, losses = model(x, draws())
    assert list(losses) == list(WEIGHTS) and all(torch.isfinite(loss) for loss in losses.values())
    assert total.item() == pytest.approx(sum(WEIGHTS[n] * loss.item() for n, loss in losses.items()), rel=1e-5)
    total.backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in model.parameters())
    blank = replace(x, text_mask_BT=torch.zeros(16, 5), frame_mask_BF=torch.zeros(16, 2))
    assert model(blank, draws())[0] == 0


def test_an_objective_left_out_costs_nothing_and_an_unknown_one_is_refused():
    torch.manual_seed(0)
    x = telling_clips(8)
    model = Pretrainer(BACKBONES["single-stream"](SMALL), SMALL, PretrainingConfig(weights={"itc": 2.0, "mlm": 0.0}))
    total, losses = model(x, draws())
    assert list(losses) == ["itc"] and total.item() == pytest.approx(2 * losses["itc"].item())
    with pytest.raises(ValueError, match="no such objective: mmz"):
        PretrainingConfig(weights={"mmz": 1.0})


@pytest.mark.slow
def test_a_hidden_modality_is_learnt_from_the_other():
    torch.manual_seed(0)
    model = Pretrainer(BACKBONES["two-stream-cross"](SMALL), SMALL, PretrainingConfig())
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for step in range(80):
        loss, _ = model(telling_clips(16, seed=step), draws(step))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    x = telling_clips(32, seed=10_000)
    blind = replace(x, ids_BT=torch.where(x.ids_BT >= 5, MASK, x.ids_BT))
    words = model.words(model.backbone(blind).text_BTD)[:, 1:4].argmax(-1)
    assert (words == x.ids_BT[:, 1:4]).float().mean() > 0.9
    predicted = model.frames(model.backbone(replace(x, frames_BFV=torch.zeros_like(x.frames_BFV))).frames_BFD)
    assert (predicted.argmax(-1) == x.frames_BFV.argmax(-1)).float().mean() > 0.9
