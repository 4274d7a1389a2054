"""The wide way beside the backbone: nothing at first, blind to padding, and by hand."""

import json
from dataclasses import replace
from math import log

import pytest
import torch
from lab_runs import write_config, write_table

from reeltag_training.lab.command import main
from reeltag_training.lab.config import load
from reeltag_training.lab.data.prepared import Prepared
from reeltag_training.lab.training.rounds import new_tagger
from reeltag_training.layers.cross import masked_mean
from reeltag_training.taggers.grams import hashed
from reeltag_training.taggers.wide import HashedGrams


def test_grams_by_hand():
    # Of ids 4, 0: 5 and 1, the pair 5 · 1000003 + 1. The masked third adds nothing.
    grams, mask = hashed(torch.tensor([[4, 0, 7]]), torch.tensor([[1.0, 1.0, 0.0]]), 10**9)
    assert grams[mask > 0].tolist() == [5, 1, 5_000_016]
    assert mask.tolist() == [[1, 1, 0, 1, 0, 0, 0, 0, 0]]


def test_the_score_by_hand():
    grams = HashedGrams(10, 2, 1, dropout=0.0)
    with torch.no_grad():
        grams.vectors.weight[:] = torch.arange(10.0)[:, None]
        grams.score.weight[:] = torch.tensor([[1.0, 0.0]])
    # Buckets 5, 1 and 5000016 % 10 = 6: (5 + 1 + 6) / √3.
    scored = grams(torch.tensor([[4, 0]]), torch.ones(1, 2))
    assert scored.item() == pytest.approx(12 / 3**0.5)


def test_padding_changes_nothing_and_no_text_scores_nothing():
    torch.manual_seed(0)
    grams = HashedGrams(50, 8, 3, dropout=0.0)
    torch.nn.init.normal_(grams.score.weight)
    ids = torch.tensor([[2, 9, 4, 3]])
    padded = grams(torch.tensor([[2, 9, 4, 3, 0, 0]]), torch.tensor([[1.0, 1, 1, 1, 0, 0]]))
    assert torch.allclose(grams(ids, torch.ones(1, 4)), padded, atol=1e-6)
    assert not torch.allclose(grams(ids, torch.ones(1, 4)), grams(ids.flip(1), torch.ones(1, 4)))
    assert torch.equal(grams(torch.zeros(1, 1, dtype=torch.long), torch.zeros(1, 1)), torch.zeros(1, 3))


@pytest.mark.slow
def test_a_new_wide_tagger_is_the_one_without_and_learns(tmp_path):
    write_table(tmp_path)
    plain, wide = (write_config(tmp_path, f"{n}.yaml", model={"wide": n}, pretrain={"steps": 0}) for n in (0, 512))
    for command in ("prepare", "train"):
        assert main([command, wide]) == 0
    data = Prepared.load(tmp_path / "run")
    x = data.inputs(data.train[:4], 96, 32)
    one, other = (new_tagger(load(tmp_path / f"{n}.yaml"), data).eval() for n in (0, 512))
    assert plain != wide and torch.equal(one(x)[1], other(x)[1])
    assert torch.load(tmp_path / "run/tagger.pt", weights_only=True)["grams.score.weight"].abs().max() > 0


def test_rarity_by_hand_and_a_stock_phrase_weighs_less():
    grams = HashedGrams(10**5, 2, 1, dropout=0.0)
    grams.weigh([torch.tensor([4, 0]), torch.tensor([4]), torch.tensor([4])])
    # Of three texts all hold id 4 (bucket 5), one holds id 0 (bucket 1).
    assert grams.rarity[5].item() == pytest.approx(1) and grams.rarity[1].item() == pytest.approx(log(4 / 2) + 1)
    with torch.no_grad():
        grams.vectors.weight.fill_(0)
        grams.vectors.weight[5, 0], grams.vectors.weight[1, 0] = 2.0, 3.0
        grams.score.weight[:] = torch.tensor([[1.0, 0.0]])
    rare, pair = log(2) + 1, grams.rarity[5_000_016 % 10**5].item()
    scored = grams(torch.tensor([[4, 0]]), torch.ones(1, 2)).item()
    assert scored == pytest.approx((2 + 3 * rare) / (1 + rare**2 + pair**2) ** 0.5)


@pytest.mark.slow
def test_a_bag_of_grams_learns_the_table_and_without_text_is_the_frames(tmp_path):
    write_table(tmp_path)
    train = {"fgm": 0.0, "steps": 60, "rate": 0.02}
    model = {"backbone": "grams", "wide": 4096}
    config = write_config(tmp_path, model=model, pretrain={"steps": 0}, train=train)
    for command in ("prepare", "train", "evaluate"):
        assert main([command, config]) == 0
    report = json.loads((tmp_path / "run/evaluation.json").read_text())
    assert report["grams"]["level 2"]["accuracy"] > 0.9
    data = Prepared.load(tmp_path / "run")
    tagger = new_tagger(load(tmp_path / "config.yaml"), data).eval()
    x = data.inputs(data.train[:2], 96, 32)
    silent = replace(x, text_mask_BT=torch.zeros_like(x.text_mask_BT))
    frames = masked_mean(tagger.backbone.frames(x.frames_BFV), x.frame_mask_BF.float())
    assert torch.allclose(tagger.backbone(silent).pooled_BP, frames, atol=1e-6)
    assert not torch.allclose(tagger.backbone(x).pooled_BP, frames, atol=1e-2)
    assert tagger.backbone.grams.rarity.unique().numel() > 1
