"""What a round of training draws from and weighs by: the training side, and nothing that is held out."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lab_runs import write_config, write_table

from reeltag_training.lab.config import load
from reeltag_training.lab.data.prepared import Prepared
from reeltag_training.lab.data.table import Item
from reeltag_training.lab.training import rounds
from reeltag_training.lab.training.tagger_loss import TaggerLoss
from reeltag_training.losses.classification import class_balanced_weights


@pytest.fixture
def made(tmp_path):
    """A config, and a table in which the rare class of one side is the common one of the other."""
    write_table(tmp_path)
    sides = [("x", False)] * 6 + [("y", False)] * 2 + [("x", True)] * 1 + [("y", True)] * 9
    items = [Item(f"i{n}", ["a b"], label, "", "", held) for n, (label, held) in enumerate(sides)]
    config = load(Path(write_config(tmp_path)))
    return config, Prepared.of(items)


def test_classes_are_balanced_by_what_is_trained_on(made):
    config, data = made
    tagger = rounds.new_tagger(config, data)
    settings = replace(config.train, balance=0.9)
    wanted = class_balanced_weights(torch.tensor([6, 2]), 0.9)
    assert torch.equal(TaggerLoss(tagger, settings, data).weights_L, wanted) and wanted[1] > wanted[0]
    assert TaggerLoss(tagger, replace(settings, balance=0.0), data).weights_L is None


def test_nothing_that_is_held_out_is_drawn(made):
    config, data = made
    batches = rounds.Batches(config, data, 64)
    drawn = [batches.draw(torch.Generator().manual_seed(seed)) for seed in range(4)]
    assert {name for batch in drawn for name in batch["ids"]} == {item.id for item in data.train}
    label_of = dict(zip((item.id for item in data.train), data.labels(data.train).tolist(), strict=True))
    assert all(batch["label_B"].tolist() == [label_of[name] for name in batch["ids"]] for batch in drawn)
    left = {data.train[0].id}
    rest = rounds.Batches(config, data, 64, left_out=left).draw(torch.Generator().manual_seed(0))
    assert not left & set(rest["ids"])


def test_the_same_seed_starts_from_the_same_weights_and_another_does_not(made):
    config, data = made
    one, again, other = (
        torch.cat([p.detach().flatten() for p in rounds.new_tagger(replace(config, seed=seed), data).parameters()])
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, again) and not torch.equal(one, other)
