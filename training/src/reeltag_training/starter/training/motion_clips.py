"""Labelled clips for the motion facet, drawn as the made corpus draws them."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np

from ...art.clips import FRAMES, SIDE
from ...art.families import Role, packages
from ...art.sprites import SpriteBank
from ...corpus.film import draw_clip
from ...corpus.plan import plan
from ...corpus.sides import SIDES, Side


@dataclass(frozen=True)
class MotionClips:
    """frames uint8 [n, FRAMES, SIDE, SIDE, 3] and states [n, axes]: -1, 0 or +1."""

    frames: np.ndarray
    states: np.ndarray


def motion_clips(role: Role, count: int, seed: int, workers: int = 1) -> MotionClips:
    """Clip i depends on (seed, role, i) alone."""
    side = next(s for s in SIDES if s.role == role)
    indices = np.array_split(np.arange(count), max(1, count // 64))
    jobs = [(side, part, seed) for part in indices]
    with ProcessPoolExecutor(workers) as pool:
        parts = list(pool.map(_draw, *zip(*jobs, strict=True)))
    return MotionClips(np.concatenate([f for f, _ in parts]), np.concatenate([s for _, s in parts]))


def _draw(side: Side, indices: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    planned = [plan(seed, side, int(i)) for i in indices]
    frames = np.stack([draw_clip(_bank(side.role), clip, seed, SIDE, FRAMES) for clip in planned])
    return frames, np.array([clip.motion for clip in planned], np.int64)


@cache
def _bank(role: Role) -> SpriteBank:
    return SpriteBank(packages(role))
