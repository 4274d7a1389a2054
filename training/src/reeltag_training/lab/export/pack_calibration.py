"""When a pack's answer is sure enough: fitted on one half of the held-out items, judged on the other.

N items, L leaves
"""

from dataclasses import dataclass

import numpy as np

from ...metrics.calibration import Scores, calibrate, published_error
from ...metrics.confidence import equal_mass_calibration_error
from ...packs.manifests import UNFITTED
from ..data.prepared import Prepared
from ..data.table import Item, at_level, fold_of
from ..figures.evaluation import level_predictions
from .served_tagger import Served

# Below so many items nothing is fitted: a threshold that few items suggest is chance.
FITTED_MIN = 200
MODALITIES = ("both", "video", "text")
# How likely it may be that more than `pack.error_max` of what is published is wrong.
RISK = 0.1
# Temperature of a modality that nothing was fitted on: no answer to it is ever sure.
UNSURE = 100.0


@dataclass(frozen=True)
class Calibration:
    """`figures` by modality, of the items that nothing was fitted on; temperatures by modality, of those that had items
    enough. `publish_at` None: nothing is ever sure enough, and `why` tells it.
    """

    figures: dict[str, dict[str, float]]
    temperature: dict[str, float]
    publish_at: float | None
    why: str = ""

    def manifest(self) -> dict:
        if self.publish_at is None:
            return UNFITTED | {"temperature": UNFITTED["temperature"] | self.temperature}
        fitted = {m: self.temperature.get(m, UNSURE) for m in MODALITIES}
        return {"temperature": fitted, "publishAt": self.publish_at}

    @property
    def unsure(self) -> list[str]:
        """The modalities that are never published."""
        return [m for m in MODALITIES if self.publish_at is None or m not in self.temperature]

    def told(self) -> str:
        if self.publish_at is None:
            return f"everything goes to review: {self.why}"
        rows = (f"{m} {row['published']:.0%} of which {row['error']:.1%} wrong" for m, row in self.figures.items())
        return f"published at {self.publish_at}: {', '.join(rows)}"


def calibrated(served: Served, data: Prepared, error_max: float, frames: int) -> Calibration:
    """Fits temperatures and a threshold to the graphs as they are served."""
    halves: tuple[list[Item], list[Item]] = [], []
    for item in data.held_out:
        halves[fold_of(f"calibrate:{item.author or item.id}", 0, 2)].append(item)
    scores = [
        {m: scored(served, data, of(m, half), m, frames) for m in MODALITIES if len(of(m, half)) > 0} for half in halves
    ]
    fitted = {m: s for m, s in scores[0].items() if len(s.labels) >= FITTED_MIN}
    temperature, publish_at = calibrate(fitted, error_max, RISK) if fitted else ({}, None)
    figures = {m: judged(s, data, temperature.get(m, 1.0), publish_at) for m, s in scores[1].items()}
    if not fitted:
        most = max((len(s.labels) for s in scores[0].values()), default=0)
        why = f"{most} held-out items of one modality to fit on, one half of all; {FITTED_MIN} are needed"
    else:
        why = f"no threshold keeps the published error below {error_max:g}"
    return Calibration(figures, temperature, publish_at, why if publish_at is None else "")


def of(modality: str, items: list[Item]) -> list[Item]:
    """Those that the modality can be tried on."""
    asked = {"both": ("texts", "frames"), "video": ("frames",), "text": ("texts",)}[modality]
    return [item for item in items if all(any(getattr(item, name)) for name in asked)]


def scored(served: Served, data: Prepared, items: list[Item], modality: str, frames: int) -> Scores:
    number = {path: i for i, path in enumerate(data.leaf_paths)}
    labels = np.array([number.get(item.label, -1) for item in items])
    return Scores(served.logits(items, frames, modality), labels)


def judged(scores: Scores, data: Prepared, temperature: float, publish_at: float | None) -> dict[str, float]:
    confidence, right = scores.confidence(temperature)
    # More than any probability.
    publish_at = 2.0 if publish_at is None else publish_at
    known = scores.labels >= 0
    top = np.array([at_level(path, 1) for path in data.leaf_paths])
    guessed, _ = level_predictions(scores.probabilities(temperature), data.leaf_paths, 1)
    return {
        "items": len(right),
        "leaf": float(right.mean()),
        "level 1": float(((np.array(guessed) == top[scores.labels]) & known).mean()),
        "published": float((confidence >= publish_at).mean()),
        "error": published_error(scores, temperature, publish_at),
        "ece": equal_mass_calibration_error(confidence, right),
    }
