"""Labelled clips of one art family, and the vision tower's features of them."""

from dataclasses import dataclass

import numpy as np

from .scene import SceneConfig, compose_clip
from .sprites import SpriteBank

FRAMES = 4
SIDE = 96


@dataclass(frozen=True)
class ClipSet:
    """frames uint8 [n, FRAMES, SIDE, SIDE, 3] and the leaf of each clip."""

    frames: np.ndarray
    labels: np.ndarray


# The art as it is drawn.
PLAIN = SceneConfig(side=SIDE)


def compose_clips(packages: list[str], indices: range | np.ndarray, seed: int, config: SceneConfig = PLAIN) -> ClipSet:
    """Scenes, movement and camera are random, clip i depending on (seed, i) alone."""
    bank = SpriteBank(packages)
    rngs = [np.random.default_rng((seed, int(i))) for i in indices]
    labels = np.array([int(rng.integers(bank.leaf_count)) for rng in rngs])
    return ClipSet(
        np.stack([compose_clip(bank, int(y), rng, config, FRAMES) for y, rng in zip(labels, rngs, strict=True)]), labels
    )
