"""Trains the vision tower on scenes composed on the fly, in two rounds. python -m reeltag_training.starter.train_vision

Round one: easy scenes first, the full scene from half-way on, 64 pixels and then 96. Round two goes on at 96 pixels
from a smaller rate. Budget and schedule count images seen, not minutes: a slower machine trains the same model.
"""

import argparse
import copy
import json
import math
import time
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..art.families import packages
from ..art.scene import SceneConfig, compose_picture
from ..art.sprites import SpriteBank
from ..paths import CACHE
from ..words.tree import leaves, level_indices
from .models.vision import VisionClassifier, VisionConfig, normalise


@dataclass(frozen=True)
class VisionTraining:
    images: int = 400_000
    batch: int = 64
    rate: float = 1.5e-3
    weight_decay: float = 0.05
    restyle: float = 0.5
    warp: float = 0.02
    side_first: int = 64
    side_last: int = 96
    # Part of the images that is seen at side_last.
    last_part: float = 0.25
    # A composed scene is seen about this often, flipped and recoloured: composing is dearer than a repeat.
    reuse: int = 4
    pool: int = 8000
    # Share of the images until which scenes get harder; 0 shows the full scene from the start.
    curriculum: float = 0.53
    seed: int = 1


ROUNDS = (
    VisionTraining(),
    VisionTraining(images=150_000, rate=6e-4, last_part=1.0, side_first=96, curriculum=0.0, seed=2),
)


class ScenePool:
    """A ring of composed scenes that training draws from and keeps renewing."""

    def __init__(self, bank: SpriteBank, config: VisionTraining, side: int):
        self.bank, self.config = bank, config
        self.rng = np.random.default_rng(config.seed + side)
        self.frames = np.zeros((config.pool, side, side, 3), np.uint8)
        self.labels = np.zeros(config.pool, np.int64)
        self.filled = 0

    def renew(self, count: int, level: float, restyle: float) -> None:
        for _ in range(count):
            at = self.filled if self.filled < self.config.pool else int(self.rng.integers(self.config.pool))
            leaf = int(self.rng.integers(self.bank.leaf_count))
            scene_level = level if self.rng.random() < 0.7 else level * self.rng.random()
            scene = SceneConfig(self.frames.shape[1], restyle, self.config.warp, scene_level)
            self.frames[at] = compose_picture(self.bank, leaf, self.rng, scene)
            self.labels[at] = leaf
            self.filled = min(self.config.pool, self.filled + 1)

    def batch(self, level: float) -> tuple[Tensor, Tensor]:
        rows = self.rng.integers(0, self.filled, self.config.batch)
        x_BCHW = normalise(torch.from_numpy(self.frames[rows]))
        return recolour_batch(x_BCHW, level, self.rng), torch.from_numpy(self.labels[rows])


def recolour_batch(x_BCHW: Tensor, level: float, rng: np.random.Generator) -> Tensor:
    """Mirror, shuffle the channels, turn some grey, change the gain: cheap for a whole batch."""
    if rng.random() < 0.5:
        x_BCHW = x_BCHW.flip(3)
    if rng.random() < 0.2 * level:
        x_BCHW = x_BCHW[:, torch.randperm(3)]
    grey_B111 = (torch.rand(len(x_BCHW), 1, 1, 1) < 0.12 * level).float()
    x_BCHW = x_BCHW * (1 - grey_B111) + x_BCHW.mean(1, keepdim=True) * grey_B111
    return x_BCHW * (torch.rand(len(x_BCHW), 3, 1, 1) * 0.4 + 0.8)


def rate_at(done: float, config: VisionTraining) -> float:
    warm = 0.04
    return config.rate * max(done / warm, 0.01) if done < warm else config.rate * 0.5 * (1 + math.cos(math.pi * done))


def hierarchical_loss(logits: tuple[Tensor, Tensor, Tensor], leaf_B: Tensor, levels: tuple[Tensor, Tensor]) -> Tensor:
    leaf, sub, group = logits
    upper = F.cross_entropy(sub, levels[0][leaf_B]) + F.cross_entropy(group, levels[1][leaf_B])
    return F.cross_entropy(leaf, leaf_B, label_smoothing=0.1) + 0.4 * upper


@torch.no_grad()
def follow(average: VisionClassifier, model: VisionClassifier, step: int) -> None:
    decay = min(0.998, (step + 1) / (step + 10))
    for mean, now in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        mean.lerp_(now, 1 - decay) if mean.dtype.is_floating_point else mean.copy_(now)


@torch.no_grad()
def accuracy(model: VisionClassifier, frames: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """(leaf, level 1), a group's probability being the sum of its leaves'."""
    model.eval()
    logits = torch.cat([model(normalise(torch.from_numpy(frames[i : i + 128])))[0] for i in range(0, len(frames), 128)])
    group_of = torch.from_numpy(level_indices()[1])
    groups = torch.zeros(len(labels), int(group_of.max()) + 1).index_add_(1, group_of, logits.softmax(1))
    truth = torch.from_numpy(labels)
    return (logits.argmax(1) == truth).float().mean().item(), (
        groups.argmax(1) == group_of[truth]
    ).float().mean().item()


def probe_set(role: str, count: int, side: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    bank, rng = SpriteBank(packages(role)), np.random.default_rng(seed)
    labels = rng.integers(0, bank.leaf_count, count)
    return np.stack([compose_picture(bank, int(y), rng, SceneConfig(side)) for y in labels]), labels


def new_classifier(vision: VisionConfig, seed: int) -> VisionClassifier:
    torch.manual_seed(seed)
    subs, groups = level_indices()
    return VisionClassifier(vision, len(leaves()), int(subs.max()) + 1, int(groups.max()) + 1)


def new_optimiser(model: VisionClassifier, weight_decay: float) -> torch.optim.Optimizer:
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def scene_level(done: float, curriculum: float) -> float:
    return min(1.0, max(0.0, (done - 0.03) / (curriculum - 0.03))) if curriculum else 1.0


def train(config: VisionTraining, model: VisionClassifier, report: "Report") -> VisionClassifier:
    torch.manual_seed(config.seed)
    bank = SpriteBank(packages("train"))
    levels = tuple(torch.from_numpy(level) for level in level_indices())
    model = model.to(memory_format=torch.channels_last)
    average, optimiser = copy.deepcopy(model), new_optimiser(model, config.weight_decay)
    pool, seen, step = ScenePool(bank, config, config.side_first), 0, 0
    while seen < config.images:
        done = seen / config.images
        level = scene_level(done, config.curriculum)
        if done >= 1 - config.last_part and pool.frames.shape[1] != config.side_last:
            pool = ScenePool(bank, config, config.side_last)
        restyle = config.restyle if done < 0.85 else config.restyle * 0.5
        pool.renew(config.batch if pool.filled < 2000 else config.batch // config.reuse, level, restyle)
        x_BCHW, leaf_B = pool.batch(level)
        for group in optimiser.param_groups:
            group["lr"] = rate_at(done, config)
        loss = hierarchical_loss(model.train()(x_BCHW), leaf_B, levels)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        follow(average, model, step)
        seen, step = seen + config.batch, step + 1
        report.step(config, seen, step, loss.item(), average)
    return average


class Report:
    """Progress on the console, accuracy on art not trained on, and a checkpoint now and then."""

    def __init__(self, name: str, vision: VisionConfig, seen_before: int, seconds_before: float):
        self.name, self.vision, self.seen_before, self.seconds_before = name, vision, seen_before, seconds_before
        self.began, self.loss = time.time(), 0.0
        self.probes = {role: probe_set(role, 768, vision.side, 5) for role in ("calibrate", "test")}

    def step(self, config: VisionTraining, seen: int, step: int, loss: float, average: VisionClassifier) -> None:
        self.loss = 0.98 * self.loss + 0.02 * loss
        seconds = time.time() - self.began
        if step % 200 == 0:
            minutes = (config.images - seen) * seconds / seen / 60
            print(
                f"vision: {seen} images, {seen / seconds:.0f}/s, {minutes:.0f} min left, loss {self.loss:.2f}",
                flush=True,
            )
        if step % 800 == 0 or seen >= config.images:
            marks = {role: accuracy(average, *probe) for role, probe in self.probes.items()}
            print({role: f"leaf {leaf:.3f} level-1 {top:.3f}" for role, (leaf, top) in marks.items()}, flush=True)
            self.save(average, seen, seconds)

    def save(self, model: VisionClassifier, seen: int, seconds: float) -> None:
        folder = CACHE / "runs" / self.name
        folder.mkdir(parents=True, exist_ok=True)
        torch.save(model.state_dict(), folder / "vision.pt")
        minutes = round((self.seconds_before + seconds) / 60, 1)
        facts = {"images": self.seen_before + seen, "minutes": minutes, "model": asdict(self.vision)}
        (folder / "vision.json").write_text(json.dumps(facts | {"rounds": [asdict(r) for r in ROUNDS]}, indent=2))


def load(name: str) -> tuple[VisionClassifier, dict]:
    folder = CACHE / "runs" / name
    facts = json.loads((folder / "vision.json").read_text())
    model = new_classifier(VisionConfig(**facts["model"]), 0)
    model.load_state_dict(torch.load(folder / "vision.pt"))
    return model.eval(), facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--name", default="starter")
    parser.add_argument("--second-round-only", action="store_true", help="go on from the checkpoint of the first round")
    parser.add_argument("--share", type=float, default=1.0, help="part of the budget: 0.01 is a trial of the machinery")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    first, second = (replace(r, images=int(r.images * options.share)) for r in ROUNDS)
    if not options.second_round_only:
        train(first, new_classifier(VisionConfig(), first.seed), Report(options.name, VisionConfig(), 0, 0))
    model, facts = load(options.name)
    train(second, model, Report(options.name, VisionConfig(), facts["images"], facts["minutes"] * 60))


if __name__ == "__main__":
    main()
