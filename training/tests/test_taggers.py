"""Taggers: padding weighs nothing, a modality may be missing, 64 items can be learnt by heart, no signal leaks back."""

from dataclasses import fields, replace
from math import log

import pytest
import torch
import torch.nn.functional as F

from reeltag_training.losses.hierarchical import hmc_penalty
from reeltag_training.losses.hierarchy import Hierarchy
from reeltag_training.taggers.author_prior import AuthorPrior
from reeltag_training.taggers.backbones import BACKBONES
from reeltag_training.taggers.heads import CoarseFineHead, LevelHead, NodeHead
from reeltag_training.taggers.inputs import AtPublish, Posterior
from reeltag_training.taggers.parts import BackboneConfig
from reeltag_training.taggers.tagger import RetaggingHead, Tagger

SMALL = BackboneConfig(vocabulary=40, frame_width=6, width=32, heads=2, layers=1, cross_layers=1, dropout=0.0)
TREE = Hierarchy.of(["food/fruit/apple", "food/fruit/pear", "food/bread", "sport"])
EVERY = pytest.mark.parametrize("name", BACKBONES)


def some_clips(batch: int, seed: int = 0) -> AtPublish:
    g = torch.Generator().manual_seed(seed)
    ids, frames = torch.randint(5, 40, (batch, 7), generator=g), torch.randn(batch, 4, 6, generator=g)
    return AtPublish(ids, torch.ones(batch, 7), frames, torch.ones(batch, 4))


def backbone(name: str):
    torch.manual_seed(1)
    return BACKBONES[name](SMALL).eval()


@EVERY
def test_padding_of_either_stream_changes_nothing(name):
    x, model = some_clips(3), backbone(name)
    padded = AtPublish(
        F.pad(x.ids_BT, (0, 5), value=9),
        F.pad(x.text_mask_BT, (0, 5)),
        F.pad(x.frames_BFV, (0, 0, 0, 3), value=7.0),
        F.pad(x.frame_mask_BF, (0, 3)),
    )
    assert torch.allclose(model(x).pooled_BP, model(padded).pooled_BP, atol=1e-5)


@EVERY
@pytest.mark.parametrize("missing", [("text_mask_BT",), ("frame_mask_BF",), ("text_mask_BT", "frame_mask_BF")])
def test_a_missing_modality_leaves_a_finite_answer_that_ignores_it(name, missing):
    x, other, model = some_clips(3), some_clips(3, seed=1), backbone(name)
    gone = {field: torch.zeros_like(getattr(x, field)) for field in missing}
    content = {"text_mask_BT": "ids_BT", "frame_mask_BF": "frames_BFV"}
    changed = {content[field]: getattr(other, content[field]) for field in missing}
    pooled = model(replace(x, **gone)).pooled_BP
    assert torch.isfinite(pooled).all()
    assert torch.allclose(pooled, model(replace(x, **gone, **changed)).pooled_BP, atol=1e-5)


@pytest.mark.slow
@EVERY
def test_64_items_are_learnt_by_heart(name):
    torch.manual_seed(0)
    x, labels = some_clips(64), torch.randint(0, 4, (64,))
    tagger = Tagger(BACKBONES[name](SMALL), CoarseFineHead(BACKBONES[name](SMALL).pooled_width, TREE))
    optimiser = torch.optim.AdamW(tagger.parameters(), lr=5e-3)
    for _ in range(120):
        loss = F.cross_entropy(tagger(x)[1], labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert (tagger.eval()(x)[1].argmax(-1) == labels).all()


def test_a_sequence_longer_than_the_model_is_refused():
    model = BACKBONES["single-stream"](replace(SMALL, frames_max=3))
    with pytest.raises(ValueError, match="longer than the 3"):
        model(some_clips(1))


def test_heads_follow_the_tree():
    pooled = torch.randn(5, 8)
    head = CoarseFineHead(8, TREE)
    # Tops: food, sport. Leaves: sport, bread, apple, pear.
    assert head.coarse_of_L.tolist() == [1, 0, 0, 0]
    assert [part.shape[1] for part in head(pooled)] == [2, 4]
    assert [part.shape for part in LevelHead(8, TREE)(pooled)] == [(5, 6), (5, 6)]
    assert hmc_penalty(NodeHead(8, TREE).probabilities(pooled), TREE) == 0


def test_heads_of_nodes_start_from_the_share_of_leaves_below():
    # Nodes: food, sport; bread, fruit; apple, pear. Of four leaves: 3, 1; 1, 2; 1, 1.
    shares = [3 / 4, 1 / 4, 1 / 4, 2 / 4, 1 / 4, 1 / 4]
    levels = LevelHead(8, TREE)
    biases = [NodeHead(8, TREE).nodes.bias, levels.whole.bias, torch.cat([local.bias for local in levels.local])]
    for bias in biases:
        assert bias.sigmoid().tolist() == pytest.approx(shares)


def test_author_prior_by_hand():
    # Author a: two of class 0, b: one of class 1. π = (3/5, 2/5), m = 2.
    prior = AuthorPrior.fit(["a", "a", "b"], [0, 0, 1], 2, strength=2.0)
    bias = prior.log_odds(["a", "nobody"])
    assert bias[0].tolist() == pytest.approx([log((2 + 1.2) / 4 / 0.6), log(0.8 / 4 / 0.4)])
    assert bias[1].tolist() == pytest.approx([0, 0], abs=1e-6)
    assert not prior.log_odds(["a"], kappa=0.0).any()


def test_an_item_does_not_vote_for_itself():
    prior = AuthorPrior.fit(["a", "b"], [0, 1], 2)
    assert torch.allclose(prior.log_odds(["a"], counted=[0]), torch.zeros(1, 2), atol=1e-6)


def test_signals_have_no_way_into_the_publish_time_model():
    assert not {f.name for f in fields(AtPublish)} & {f.name for f in fields(Posterior)}
    x = some_clips(3)
    tagger = Tagger(backbone("single-stream"), NodeHead(32, TREE))
    later = Posterior(torch.randn(3, 2), torch.ones(3, 2))
    with pytest.raises(TypeError):
        tagger(x, later)
    again = RetaggingHead(len(TREE.paths), 2)
    again(tagger(x), later).sum().backward()
    assert all(p.grad is None for p in tagger.parameters())
    assert any(p.grad is not None for p in again.parameters())


def test_retagging_starts_from_the_publish_time_answer_and_keeps_it_where_signals_are_missing():
    logits, nan = torch.randn(2, 6), torch.full((2, 2), float("nan"))
    head = RetaggingHead(6, 2)
    assert torch.equal(head(logits, Posterior(torch.randn(2, 2), torch.ones(2, 2))), logits)
    torch.nn.init.ones_(head.bend[-1].bias)
    half = Posterior(torch.where(torch.eye(2) > 0, nan, torch.ones(2, 2)), torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    bent = head(logits, half)
    assert torch.equal(bent[1], logits[1]) and not torch.equal(bent[0], logits[0])
