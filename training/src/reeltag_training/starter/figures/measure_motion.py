"""Figures of the motion facet: paired decisions on a clip and its reversal, what a threshold publishes. No PyTorch."""

from dataclasses import dataclass

import numpy as np

from ...art.families import Role
from ...corpus.motion import paired_accuracy
from ...metrics.calibration import reaches
from ...packs.policy import Never, Publish, Threshold
from ..training.motion_clips import MotionClips, motion_clips
from .served import Served

COUNT = 768
SEED = 211
# What a published motion tag may be wrong on the held-out family.
ERROR_MAX = 0.10
ROLES: tuple[Role, ...] = ("calibrate", "test", "evaluate")


@dataclass(frozen=True)
class MotionScores:
    """Logits [n, 2·axes] of the clips and of their reversals, and what the clips show."""

    logits: np.ndarray
    reversed_logits: np.ndarray
    states: np.ndarray

    @property
    def shown(self) -> np.ndarray:
        """bool [n, 2·axes], in the order of the logits."""
        return np.stack([self.states < 0, self.states > 0], -1).reshape(len(self.states), -1)

    def pairs(self) -> dict[str, float]:
        return paired_accuracy(_score(self.logits), _score(self.reversed_logits), self.states)


def _score(logits: np.ndarray) -> np.ndarray:
    """Half the difference of an axis's two logits: how far towards its second direction."""
    return (logits[:, 1::2] - logits[:, 0::2]) / 2


def score_motion(served: Served, clips: MotionClips) -> MotionScores:
    frames = served.frame_embeddings(clips.frames)
    return MotionScores(served.motion_logits(frames), served.motion_logits(frames[:, ::-1]), clips.states)


def motion_sets(workers: int = 1) -> dict[Role, MotionClips]:
    return {role: motion_clips(role, COUNT, SEED, workers) for role in ROLES}


def probabilities(scores: MotionScores, temperature: float) -> np.ndarray:
    return 1 / (1 + np.exp(-scores.logits / temperature))


def fit_motion(scores: MotionScores) -> tuple[float, Publish]:
    """(temperature of least negative log-likelihood, lowest threshold whose error is allowed), on held-out art."""
    grid = np.exp(np.linspace(np.log(0.3), np.log(4), 60))
    temperature = round(float(min(grid, key=lambda t: _loss(probabilities(scores, t), scores.shown))), 3)
    p, shown = probabilities(scores, temperature), scores.shown
    for threshold in np.arange(0.5, 0.99, 0.01):
        out = p >= threshold
        if out.any() and (~shown[out]).mean() <= ERROR_MAX:
            return temperature, Threshold(round(float(threshold), 2))
    return temperature, Never(f"no threshold keeps the published error within {ERROR_MAX:g}")


def _loss(p: np.ndarray, shown: np.ndarray) -> float:
    return float(-np.log(np.where(shown, p, 1 - p) + 1e-12).mean())


def motion_row(scores: MotionScores, temperature: float, rule: Publish) -> dict[str, float]:
    """Paired accuracy by axis and on average; how many of the motions are published, how many of those are wrong."""
    p, shown = probabilities(scores, temperature), scores.shown
    out = reaches(p, rule)
    pairs = scores.pairs()
    found = {
        "pairs": float(np.mean(list(pairs.values()))),
        **pairs,
        "published": float(out[shown].mean()),
        "error": float((~shown[out]).mean()) if out.any() else 0.0,
    }
    return {name: round(value, 3) for name, value in found.items()}
