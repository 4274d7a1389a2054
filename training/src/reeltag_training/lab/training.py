"""The model of a config, and its two rounds of training.

B batch, C coarse classes, L leaves
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ..losses.classification import class_balanced_weights, cross_entropy, symmetric_divergence
from ..losses.hierarchical import coarse_log_probabilities, hxe
from ..pretraining.pretrainer import WEIGHTS, Pretrainer, PretrainingConfig
from ..taggers.backbones import BACKBONES
from ..taggers.heads import CoarseFineHead
from ..taggers.parts import BackboneConfig
from ..taggers.tagger import Tagger
from ..taggers.wide import HashedGrams, WideTagger
from .config import LabConfig, LabRefusedError, TrainConfig
from .loop import LoopConfig, train
from .prepared import Prepared

# What a table without frames can be pretrained with.
ALONE = {"mlm": 1.0}


def shape_of(config: LabConfig, data: Prepared) -> BackboneConfig:
    shape = {k: v for k, v in vars(config.model).items() if k not in ("backbone", "wide")}
    return BackboneConfig(vocabulary=len(data.characters), frame_width=data.frame_width, **shape)


def new_tagger(config: LabConfig, data: Prepared) -> Tagger:
    torch.manual_seed(config.seed)
    backbone = BACKBONES[config.model.backbone](shape_of(config, data))
    head = CoarseFineHead(backbone.pooled_width, data.tree)
    if not config.model.wide:
        return Tagger(backbone, head)
    grams = HashedGrams(config.model.wide, config.model.width, len(data.leaf_paths), config.model.dropout)
    return WideTagger(backbone, head, grams)


def pretrain(config: LabConfig, data: Prepared) -> None:
    """Leaves the backbone's weights in the folder. Held-out videos are not learnt from, not even their texts."""
    tagger, shape, own = new_tagger(config, data), shape_of(config, data), config.pretrain
    weights = own.objectives or (WEIGHTS if any(item.frames for item in data.train) else ALONE)
    model = Pretrainer(tagger.backbone, shape, PretrainingConfig(weights=dict(weights)))
    loop = LoopConfig(steps=own.steps, rate=own.rate, seed=config.seed, made_of=digest(config, asdict(own)))
    batches = Batches(config, data, own.batch)
    train(model, batches.draw, lambda x, generator: model(x["x"], generator)[0], loop, Path(config.folder) / "pretrain")
    torch.save(model.backbone.state_dict(), Path(config.folder) / "backbone.pt")


def train_tagger(config: LabConfig, data: Prepared) -> None:
    """Starts from the distilled tagger where there is one, else from the pretrained backbone."""
    tagger, own, folder = pretrained_tagger(config, data), config.train, Path(config.folder)
    if (folder / "distilled.pt").exists():
        tagger.load_state_dict(torch.load(folder / "distilled.pt", weights_only=True))
    loss = TaggerLoss(tagger, own, data)
    loop = LoopConfig(
        steps=own.steps,
        rate=own.rate,
        ema=own.ema,
        fgm=own.fgm,
        pgd=own.pgd,
        seed=config.seed,
        made_of=digest(config, asdict(own), "backbone.pt", "distilled.pt"),
    )
    best = train(tagger, Batches(config, data, own.batch).draw, loss, loop, folder / "train")
    torch.save(best.state_dict(), folder / "tagger.pt")


def pretrained_tagger(config: LabConfig, data: Prepared) -> Tagger:
    """A new tagger, over the pretrained backbone where there is one."""
    tagger, file = new_tagger(config, data), Path(config.folder) / "backbone.pt"
    if file.exists():
        tagger.backbone.load_state_dict(torch.load(file, weights_only=True))
    return tagger


def trained_tagger(config: LabConfig, data: Prepared) -> Tagger:
    """Raises LabRefusedError where the run's training is not finished."""
    if not (Path(config.folder) / "tagger.pt").exists():
        raise LabRefusedError(f"no tagger.pt in {config.folder}: run `reeltag-train train` first")
    tagger = new_tagger(config, data)
    tagger.load_state_dict(torch.load(Path(config.folder) / "tagger.pt", weights_only=True))
    return tagger.eval()


def digest(config: LabConfig, own: dict, *more_files: str) -> str:
    """Of all that a run's weights depend on: the model's settings, the round's, the prepared items, further files."""
    told = hashlib.sha256(json.dumps([asdict(config.model), own], sort_keys=True).encode())
    for name in ("prepared.json", *more_files):
        file = Path(config.folder) / name
        told.update(file.read_bytes() if file.exists() else b"none")
    return told.hexdigest()


class Batches:
    """Items drawn with replacement, so that a batch depends on its generator alone."""

    def __init__(self, config: LabConfig, data: Prepared, size: int):
        self.data, self.size, self.model = data, size, config.model
        self.labels = data.labels(data.train)

    def draw(self, generator: Generator) -> dict:
        chosen = torch.randint(0, len(self.data.train), (self.size,), generator=generator)
        items = [self.data.train[i] for i in chosen.tolist()]
        x = self.data.inputs(items, self.model.text_max, self.model.frames_max)
        return {"ids": [item.id for item in items], "x": x, "label_B": self.labels[chosen]}


class TaggerLoss:
    """The fine loss by its options, what the tree adds, and R-Drop around both."""

    def __init__(self, tagger: Tagger, config: TrainConfig, data: Prepared):
        self.tagger, self.config, self.tree = tagger, config, data.tree
        counts_L = torch.bincount(data.labels(data.train), minlength=len(data.leaf_paths))
        self.weights_L = class_balanced_weights(counts_L, config.balance) if config.balance else None

    def __call__(self, batch: dict, generator: Generator) -> Tensor:
        first, label_B = self.tagger(batch["x"]), batch["label_B"]
        if not self.config.r_drop:
            return self._once(*first, label_B)
        second = self.tagger(batch["x"])
        both = (self._once(*first, label_B) + self._once(*second, label_B)) / 2
        return both + self.config.r_drop * symmetric_divergence(first[1], second[1])

    def _once(self, coarse_BC: Tensor, fine_BL: Tensor, label_B: Tensor) -> Tensor:
        own, coarse_of_L = self.config, self.tagger.head.coarse_of_L
        coarse_B = coarse_of_L[label_B]
        loss = (
            hxe(fine_BL, label_B, self.tree, own.hxe)
            if own.hxe
            else cross_entropy(fine_BL, label_B, own.smoothing, self.weights_L)
        )
        if own.coarse:
            loss = loss + own.coarse * F.cross_entropy(coarse_BC, coarse_B)
        if own.mapping:
            implied_BC = coarse_log_probabilities(fine_BL, coarse_of_L, coarse_BC.shape[1])
            loss = loss + own.mapping * F.nll_loss(implied_BC, coarse_B)
        return loss
