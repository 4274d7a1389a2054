"""Fits the fusion head on clips of the art family that the vision tower has not seen.

Trained on features of pictures that the tower has memorised, fusion would trust the video too much.
"""

import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...art.clips import SIDE, ClipSet
from ...art.scene import SceneConfig
from ...words.titles import TitleWriter
from ...words.tree import leaves
from ..models.fusion import FusionConfig, FusionHead, TitleExpert
from ..models.text import TextEncoder
from ..models.vision import ServedVisionTower, VisionClassifier
from .train_text import TitleBatches


@dataclass(frozen=True)
class FusionTraining:
    # More steps score better on the family that is fitted on and worse on every other.
    steps: int = 250
    clips: int = 4096
    # Redrawn clips stand for more art than the one family.
    scene: SceneConfig = SceneConfig(side=SIDE, restyle=0.6, warp=0.02)
    batch: int = 128
    rate: float = 5e-4
    weight_decay: float = 0.1
    # Chance that the video, or the title, is taken away.
    drop_frames: float = 0.1
    drop_title: float = 0.1
    seed: int = 5


@dataclass(frozen=True)
class Streams:
    frames_BFV: Tensor
    frame_mask_BF: Tensor
    tokens_BTD: Tensor
    mask_BT: Tensor

    def without_frames(self) -> "Streams":
        return Streams(self.frames_BFV, self.frame_mask_BF * 0, self.tokens_BTD, self.mask_BT)

    def without_title(self) -> "Streams":
        return Streams(self.frames_BFV, self.frame_mask_BF, self.tokens_BTD, self.mask_BT * 0)

    def arguments(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.frames_BFV, self.frame_mask_BF, self.tokens_BTD, self.mask_BT


@torch.no_grad()
def served_frames(tower: ServedVisionTower, clips: ClipSet) -> Tensor:
    """[N, F, E]: what is seen, and behind it where."""
    flat = clips.frames.reshape(-1, *clips.frames.shape[2:])
    z_ND = torch.cat([tower.eval()(torch.from_numpy(flat[i : i + 128])) for i in range(0, len(flat), 128)])
    return z_ND.view(*clips.frames.shape[:2], -1)


def assemble(vision: VisionClassifier, expert: TitleExpert, cross: bool) -> FusionHead:
    """A head that starts as the product of the two experts."""
    head = FusionHead(FusionConfig(leaves=len(leaves()), cross=cross))
    head.frame_expert.load_state_dict(vision.leaf.state_dict())
    head.title_expert.load_state_dict(expert.state_dict())
    return head.eval()


def train_fusion(
    head: FusionHead, encoder: TextEncoder, features_NFV: Tensor, labels: np.ndarray, config: FusionTraining
) -> FusionHead:
    torch.manual_seed(config.seed)
    batches, rng = TitleBatches(TitleWriter("train"), config.seed), np.random.default_rng(config.seed)
    experts = [*head.frame_expert.parameters(), *head.title_expert.parameters()]
    for parameter in experts:
        parameter.requires_grad_(False)
    free = [p for p in head.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(free, weight_decay=config.weight_decay)
    spread, began = features_NFV.std() * 0.1, time.time()
    for step in range(config.steps):
        for group in optimiser.param_groups:
            group["lr"] = config.rate * min(1, step / 50) * (1 - step / config.steps) + 1e-6
        rows = rng.integers(0, len(labels), config.batch)
        frames_BFV = features_NFV[rows] + torch.randn(config.batch, *features_NFV.shape[1:]) * spread
        with torch.no_grad():
            ids_BT, mask_BT = batches.write(labels[rows])
            tokens_BTD = encoder(ids_BT, mask_BT)
        draw_B1 = torch.rand(config.batch, 1)
        text_mask_BT = mask_BT.float() * (draw_B1 >= config.drop_title)
        frame_mask_BF = (draw_B1 < 1 - config.drop_frames).float().expand(-1, frames_BFV.shape[1])
        logits_BK = head.train()(frames_BFV, frame_mask_BF, tokens_BTD, text_mask_BT)
        # An item left without both says nothing about anything.
        known_B = (frame_mask_BF[:, 0] + text_mask_BT[:, 0]) > 0
        loss = F.cross_entropy(logits_BK[known_B], torch.from_numpy(labels[rows])[known_B])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        if step % 250 == 0:
            print(f"fusion: step {step}, {time.time() - began:.0f} s, loss {loss.item():.2f}", flush=True)
    for parameter in experts:
        parameter.requires_grad_(True)
    return head.eval()
