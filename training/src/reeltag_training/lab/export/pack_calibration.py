"""When a pack's answer is sure enough: fitted on one half of the held-out items, judged on the other.

N items, L leaves
"""

from dataclasses import dataclass

import numpy as np

from ...metrics.calibration import Scores, calibrate, published_error, reaches
from ...metrics.confidence import equal_mass_calibration_error
from ...packs.policy import MASKS, Facet, Never, Publish, Threshold, common_rule
from ..data.prepared import Prepared
from ..data.table import Item, at_level, fold_of
from ..figures.evaluation import level_predictions
from .served_tagger import Served

# Below so many items nothing is fitted: a threshold that few items suggest is chance.
FITTED_MIN = 200
# How likely it may be that more than `pack.error_max` of what is published is wrong.
RISK = 0.1


@dataclass(frozen=True)
class Calibration:
    """By mask: `figures` of the items that nothing was fitted on, temperatures, and rules of publishing."""

    figures: dict[str, dict[str, float]]
    temperature: dict[str, float]
    publish: dict[str, Publish]

    def facet(self, leaves: list[str]) -> Facet:
        return Facet(leaves, self.temperature, self.publish)

    @property
    def rule(self) -> Publish:
        return common_rule(self.publish)

    @property
    def never(self) -> dict[str, str]:
        """The reason by mask, of those that are never published."""
        return {m: rule.because for m, rule in self.publish.items() if isinstance(rule, Never)}

    def summary(self) -> str:
        match self.rule:
            case Never(because):
                return f"everything goes to review: {because}"
            case Threshold(at):
                rows = [
                    f"{m} {row['published']:.0%} of which {row['error']:.1%} wrong" for m, row in self.figures.items()
                ]
                return f"published at {at}: {', '.join(rows)}"


def calibrated(served: Served, data: Prepared, error_max: float, frames: int) -> Calibration:
    """Fits temperatures and a threshold to the graphs as they are served."""
    halves: tuple[list[Item], list[Item]] = [], []
    for item in data.held_out:
        halves[fold_of(f"calibrate:{item.author or item.id}", 0, 2)].append(item)
    scores = [
        {m: scored(served, data, of(m, half), m, frames) for m in MASKS if len(of(m, half)) > 0} for half in halves
    ]
    fitted = {m: s for m, s in scores[0].items() if len(s.labels) >= FITTED_MIN}
    temperature, publish = calibrate(fitted, error_max, RISK)
    temperature = dict.fromkeys(MASKS, 1.0) | temperature
    publish = {m: _too_few(len(of(m, halves[0]))) for m in MASKS} | publish
    figures = {m: judged(s, data, temperature[m], publish[m]) for m, s in scores[1].items()}
    return Calibration(figures, temperature, publish)


def _too_few(items: int) -> Never:
    return Never(f"{items} held-out items to fit on, one half of all; {FITTED_MIN} are needed")


def of(modality: str, items: list[Item]) -> list[Item]:
    """Those that the modality can be tried on."""
    asked = {"both": ("texts", "frames"), "video": ("frames",), "text": ("texts",)}[modality]
    return [item for item in items if all(any(getattr(item, name)) for name in asked)]


def scored(served: Served, data: Prepared, items: list[Item], modality: str, frames: int) -> Scores:
    number = {path: i for i, path in enumerate(data.leaf_paths)}
    labels = np.array([number.get(item.label, -1) for item in items])
    return Scores(served.logits(items, frames, modality), labels)


def judged(scores: Scores, data: Prepared, temperature: float, rule: Publish) -> dict[str, float]:
    confidence, right = scores.confidence(temperature)
    known = scores.labels >= 0
    top = np.array([at_level(path, 1) for path in data.leaf_paths])
    guessed, _ = level_predictions(scores.probabilities(temperature), data.leaf_paths, 1)
    return {
        "items": len(right),
        "leaf": float(right.mean()),
        "level 1": float(((np.array(guessed) == top[scores.labels]) & known).mean()),
        "published": float(reaches(confidence, rule).mean()),
        "error": published_error(scores, temperature, rule),
        "ece": equal_mass_calibration_error(confidence, right),
    }
