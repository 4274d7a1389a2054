"""Fits the place grid and the motion head on clips in the training families' art; the vision tower stays as it is."""

import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..models.motion import MotionHead
from ..models.vision import PlaceGrid, VisionClassifier, normalise
from .motion_clips import motion_clips


@dataclass(frozen=True)
class MotionTraining:
    clips: int = 6144
    steps: int = 3000
    batch: int = 128
    rate: float = 2e-3
    weight_decay: float = 0.1
    # Chance that a frame is taken away: not every video has all of them.
    drop_frame: float = 0.1
    seed: int = 7


def wanted(states_BA: Tensor) -> Tensor:
    """Motions [B, 2·A] that a clip has, in the order of the logits."""
    return torch.stack([states_BA < 0, states_BA > 0], -1).flatten(1).float()


@torch.no_grad()
def pooled_maps(vision: VisionClassifier, place: PlaceGrid, frames_NFHWC: np.ndarray) -> Tensor:
    """float16 [N, F, C, G, G]: what the place grid projects, computed once."""
    flat = frames_NFHWC.reshape(-1, *frames_NFHWC.shape[2:])
    parts = [
        place.pool(vision.eval().tower.look(normalise(torch.from_numpy(flat[i : i + 128])))[1]).half()
        for i in range(0, len(flat), 128)
    ]
    return torch.cat(parts).unflatten(0, frames_NFHWC.shape[:2])


def place_of(place: PlaceGrid, maps_BFCGG: Tensor) -> Tensor:
    return place(maps_BFCGG.flatten(0, 1).float()).unflatten(0, maps_BFCGG.shape[:2])


def train_motion(vision: VisionClassifier, width: int, config: MotionTraining) -> tuple[PlaceGrid, MotionHead]:
    torch.manual_seed(config.seed)
    place = PlaceGrid(width)
    head = MotionHead(place.width)
    clips = motion_clips("train", config.clips, config.seed)
    maps_NFCGG, states_NA = pooled_maps(vision, place, clips.frames), torch.from_numpy(clips.states)
    parameters = [*place.parameters(), *head.parameters()]
    optimiser = torch.optim.AdamW(parameters, weight_decay=config.weight_decay)
    rng, began = np.random.default_rng(config.seed), time.time()
    for step in range(config.steps):
        for group in optimiser.param_groups:
            group["lr"] = config.rate * min(1, step / 100) * (1 - step / config.steps) + 1e-6
        rows = torch.from_numpy(rng.integers(0, len(states_NA), config.batch))
        mask_BF = (torch.rand(config.batch, maps_NFCGG.shape[1]) >= config.drop_frame).float()
        logits_BM = head.train()(place_of(place, maps_NFCGG[rows]), mask_BF)
        loss = F.binary_cross_entropy_with_logits(logits_BM, wanted(states_NA[rows]))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        if step % 250 == 0:
            print(f"motion: step {step}, {time.time() - began:.0f} s, loss {loss.item():.3f}", flush=True)
    return place.eval(), head.eval()
