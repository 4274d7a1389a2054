"""The model of a config, and its two rounds of training."""

import hashlib
import json
from collections.abc import Set
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path

import torch
from torch import Generator, Tensor

from ...pretraining.pretrainer import WEIGHTS, Pretrainer, PretrainingConfig
from ...taggers.backbones import BACKBONES, Backbone, GramBag
from ...taggers.heads import HEADS
from ...taggers.inputs import AtPublish
from ...taggers.parts import BackboneConfig
from ...taggers.seeing import Seeing
from ...taggers.tagger import Tagger
from ...taggers.wide import HashedGrams, WideTagger
from ...tricks.averages import reestimate_norms
from ..config import LabConfig
from ..data.doubt_list import NAME, suspects
from ..data.handed_over import tower_of
from ..data.prepared import SPECIALS, Prepared
from ..options import LabRefusedError
from .loop import LoopConfig, train
from .tagger_loss import TaggerLoss
from .weights import backbone_of, keep, kept, tagger_of

# What a table without frames can be pretrained with.
ALONE = {"mlm": 1.0}
# Batches from which an average of weights re-estimates its norms.
NORM_BATCHES = 20


def shape_of(config: LabConfig, data: Prepared) -> BackboneConfig:
    shape = {k: v for k, v in vars(config.model).items() if k not in ("backbone", "wide", "head")}
    if config.model.wide:
        shape["buckets"] = config.model.wide
    return BackboneConfig(vocabulary=len(data.vocabulary), frame_width=frame_width_of(config, data), **shape)


def frame_width_of(config: LabConfig, data: Prepared) -> int:
    """Of what a backbone is given of a frame: an embedding of the table's, or of the tower that was handed over."""
    return tower_of(config.vision.checkpoint).config.embedding if config.vision.checkpoint else data.frame_width


def new_tagger(config: LabConfig, data: Prepared) -> Tagger:
    torch.manual_seed(config.seed)
    backbone = BACKBONES[config.model.backbone](shape_of(config, data))
    if config.vision.checkpoint:
        clip = tower_of(config.vision.checkpoint)
        tower, side = deepcopy(clip.vision), clip.config.vision.resolution
        backbone = Seeing(tower, side, clip.config.embedding, backbone, config.vision.layers)
    head = HEADS[config.model.head](backbone.pooled_width, data.tree)
    rows = (torch.tensor(data.encode(item.texts, config.model.text_max)) for item in data.train)
    reading = reading_part(backbone)
    if isinstance(reading, GramBag):
        reading.grams.weigh(rows)
        return Tagger(backbone, head)
    if not config.model.wide:
        return Tagger(backbone, head)
    grams = HashedGrams(config.model.wide, config.model.width, len(data.leaf_paths), config.model.dropout)
    grams.weigh(rows)
    return WideTagger(backbone, head, grams)


def reading_part(backbone: Backbone) -> Backbone:
    """The backbone without a vision tower of its own."""
    return backbone.inner if isinstance(backbone, Seeing) else backbone


def pretrain(config: LabConfig, data: Prepared) -> None:
    """Leaves the backbone's weights in the folder. Held-out videos are not learnt from, not even their texts.

    A vision tower that was handed over stands still meanwhile: guessing a frame that may move itself is no task.
    """
    if len(data.vocabulary) == len(SPECIALS):
        raise LabRefusedError("pretrain: the items have no text to guess words of; leave it out")
    tagger, shape, settings = new_tagger(config, data), shape_of(config, data), config.pretrain
    weights = settings.objectives or (WEIGHTS if any(item.frames for item in data.train) else ALONE)
    model = Pretrainer(reading_part(tagger.backbone), shape, PretrainingConfig(weights=dict(weights)))
    loop = LoopConfig(
        steps=settings.steps,
        rate=settings.rate,
        seed=config.seed,
        device=config.device,
        made_of=digest(config, asdict(settings)),
    )
    batches = Batches(config, data, settings.batch, settings.frames)
    if isinstance(tagger.backbone, Seeing):
        tagger.backbone.tower.to(config.device).eval()

    def loss_of(batch: dict, generator: Generator) -> Tensor:
        return model(embedded(tagger.backbone, batch["x"]), generator)[0]

    train(model, batches.draw, loss_of, loop, Path(config.folder) / "pretrain")
    keep(Path(config.folder) / "backbone.pt", model.backbone.state_dict(), backbone_of(config, data))


@torch.no_grad()
def embedded(backbone: Backbone, x: AtPublish) -> AtPublish:
    """With the embeddings of the backbone's own tower in the place of pixels, where it has one."""
    if not isinstance(backbone, Seeing):
        return x
    return replace(x, frames_BFV=backbone.embedded(x.frames_BFV, x.frame_mask_BF))


def train_tagger(config: LabConfig, data: Prepared) -> None:
    """Starts from the distilled tagger where there is one, else from the pretrained backbone."""
    tagger, settings, folder = pretrained_tagger(config, data), config.train, Path(config.folder)
    if (folder / "distilled.pt").exists():
        tagger.load_state_dict(kept(folder / "distilled.pt", tagger_of(config, data), "distill"))
    left_out = suspects(folder) if settings.without_doubts else set()
    batches, loss = Batches(config, data, settings.batch, left_out=left_out), TaggerLoss(tagger, settings, data)
    loop = LoopConfig(
        steps=settings.steps,
        rate=settings.rate,
        ema=settings.ema,
        fgm=settings.fgm,
        pgd=settings.pgd,
        swa=settings.swa,
        layer_rate=settings.layer_rate,
        tower_rate=config.vision.rate if config.vision.layers else 1.0,
        seed=config.seed,
        device=config.device,
        made_of=digest(config, asdict(settings), "backbone.pt", "distilled.pt", *([NAME] if left_out else [])),
    )
    best = train(tagger, batches.draw, loss, loop, folder / "train")
    if settings.swa:
        generator = Generator().manual_seed(config.seed)
        reestimate_norms(best, ((batches.draw(generator)["x"],) for _ in range(NORM_BATCHES)))
    keep(folder / "tagger.pt", best.state_dict(), tagger_of(config, data))


def pretrained_tagger(config: LabConfig, data: Prepared) -> Tagger:
    """A new tagger, over the pretrained backbone where there is one."""
    tagger, file = new_tagger(config, data), Path(config.folder) / "backbone.pt"
    if file.exists():
        reading_part(tagger.backbone).load_state_dict(kept(file, backbone_of(config, data), "pretrain"))
    return tagger


def trained_tagger(config: LabConfig, data: Prepared) -> Tagger:
    """Raises LabRefusedError where the run's training is not finished."""
    file = Path(config.folder) / "tagger.pt"
    if not file.exists():
        raise LabRefusedError(f"no tagger.pt in {config.folder}: run `reeltag-train train` first")
    state = kept(file, tagger_of(config, data), "train")
    tagger = new_tagger(config, data)
    tagger.load_state_dict(state)
    return tagger.eval()


def digest(config: LabConfig, section: dict, *more_files: str) -> str:
    """Of all that a run's weights depend on: the model's settings, the round's, the prepared items, further files."""
    settings = [asdict(config.model), section, *([asdict(config.vision)] if config.vision.checkpoint else [])]
    hashed = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for name in ("prepared.json", *more_files):
        file = Path(config.folder) / name
        hashed.update(file.read_bytes() if file.exists() else b"none")
    return hashed.hexdigest()


class Batches:
    """Items drawn with replacement, so that a batch depends on its generator alone."""

    def __init__(
        self,
        config: LabConfig,
        data: Prepared,
        size: int,
        frames: list[int] | None = None,
        left_out: Set[str] = frozenset(),
    ):
        """`frames`: counts, of which each batch draws one; empty or None: the model's `frames_max`. `left_out`: ids."""
        self.data, self.size, self.model = data, size, config.model
        self.items = [item for item in data.train if item.id not in left_out]
        self.frames = [min(n, config.model.frames_max) for n in frames or [config.model.frames_max]]
        self.labels = data.labels(self.items)

    def draw(self, generator: Generator) -> dict:
        chosen = torch.randint(0, len(self.items), (self.size,), generator=generator)
        items = [self.items[i] for i in chosen.tolist()]
        x = self.data.inputs(items, self.model.text_max, self._frames_of(generator))
        return {"ids": [item.id for item in items], "x": x, "label_B": self.labels[chosen]}

    def _frames_of(self, generator: Generator) -> int:
        if len(self.frames) == 1:
            return self.frames[0]
        return self.frames[int(torch.randint(0, len(self.frames), (), generator=generator))]
