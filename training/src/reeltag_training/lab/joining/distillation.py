"""A student learns the labels that trained runs give a pool of unlabelled videos: by their mean, or by retrieval.

B batch, N items of the pool, L leaves
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ...losses.classification import distil_pseudo_labels
from ..config import LabConfig
from ..data.prepared import Prepared
from ..data.table import Item, read_pool
from ..data.videos import embedder
from ..options import LabRefusedError
from ..training.loop import LoopConfig, train
from ..training.rounds import digest, pretrained_tagger
from ..training.weights import keep, tagger_of
from .ensemble import Member, members
from .neighbours import embeddings, vote


def distill(config: LabConfig, data: Prepared) -> tuple[int, int]:
    """Leaves the student in distilled.pt, from which `train` starts; how many items it learnt, and skipped.

    Where the neighbours disagree on an item, it is not learnt, and counts as neither.
    """
    settings, folder = config.distill, Path(config.folder)
    if not settings.pool:
        raise LabRefusedError("distill.pool is empty: name a table of unlabelled videos")
    pool, skipped = read_pool(Path(settings.pool), config.table, data.held_out, data.frame_width, embedder(config))
    (folder / "pool-skipped.json").write_text(json.dumps(skipped, indent=2, ensure_ascii=False))
    teachers = members(config, data)
    student, made_of = pretrained_tagger(config, data), _made_of(config, pool, teachers)
    if settings.labels == "neighbours":
        pool, soft_NL, temperature = *retrieved_labels(config, data, teachers, pool), 1.0
    else:
        soft_NL, temperature = soft_labels(teachers, pool, settings.temperature), settings.temperature
    batches = PoolBatches(config, data, pool, soft_NL)

    def loss_of(batch: dict, generator: Generator) -> Tensor:
        return distil_pseudo_labels(student(batch["x"])[1], batch["told_BL"], temperature)

    loop = LoopConfig(settings.steps, settings.rate, seed=config.seed, device=config.device, made_of=made_of)
    best = train(student, batches.draw, loss_of, loop, folder / "distill")
    keep(folder / "distilled.pt", best.state_dict(), tagger_of(config, data))
    return len(pool), len(skipped)


def soft_labels(teachers: list[Member], pool: list[Item], temperature: float) -> Tensor:
    """[N, L] the teachers' mean of softmax(logits / T).

    All teachers weigh the same: weights fitted on held-out items would carry them into the student.
    """
    return torch.from_numpy(np.mean([teacher.probabilities(pool, temperature) for teacher in teachers], axis=0))


def retrieved_labels(
    config: LabConfig, data: Prepared, teachers: list[Member], pool: list[Item]
) -> tuple[list[Item], Tensor]:
    """The items whose neighbours agree, and [N, L] their class as 1; similarity is the mean over the teachers."""
    sides = (pool, data.train)
    asked_ND, known_MD = (
        torch.cat([embeddings(t.tagger, t.data, side, t.config) for t in teachers], 1) / len(teachers) ** 0.5
        for side in sides
    )
    votes = vote(asked_ND, known_MD, data.labels(data.train), config.distill)
    kept = torch.nonzero(votes.accepted_N).flatten().tolist()
    if not kept:
        raise LabRefusedError("distill: the neighbours agree on no item of the pool; lower votes, or use teachers")
    return [pool[i] for i in kept], F.one_hot(votes.label_N[kept], len(data.leaf_paths)).float()


class PoolBatches:
    """Items of the pool drawn with replacement, as the labelled ones are."""

    def __init__(self, config: LabConfig, data: Prepared, pool: list[Item], soft_NL: Tensor):
        self.data, self.pool, self.soft_NL = data, pool, soft_NL
        self.size, self.model = config.distill.batch, config.model

    def draw(self, generator: Generator) -> dict:
        chosen = torch.randint(0, len(self.pool), (self.size,), generator=generator)
        items = [self.pool[i] for i in chosen.tolist()]
        x = self.data.inputs(items, self.model.text_max, self.model.frames_max)
        return {"ids": [item.id for item in items], "x": x, "told_BL": self.soft_NL[chosen]}


def _made_of(config: LabConfig, pool: list[Item], teachers: list[Member]) -> str:
    hashed = hashlib.sha256(json.dumps([asdict(item) for item in pool]).encode())
    for teacher in teachers:
        hashed.update((Path(teacher.config.folder) / "tagger.pt").read_bytes())
    return digest(config, asdict(config.distill) | {"taught": hashed.hexdigest()}, "backbone.pt")
