"""When a facet's answer is sure enough to be published: rules as data. No PyTorch here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# What a content has of video and text, and as format 2 names it: the streams that are present, in order.
MASKS = {"both": "text+video", "video": "video", "text": "text"}


@dataclass(frozen=True)
class Never:
    """Nothing is published, and all goes to review."""

    because: str


@dataclass(frozen=True)
class Threshold:
    """Published is what is at least as probable."""

    at: float


Publish = Never | Threshold


def common_rule(publish: Mapping[str, Publish]) -> Publish:
    """The threshold of all masks that are ever published; where none is, never, with every reason.

    @raises ValueError where masks have different thresholds
    """
    thresholds = {rule.at for rule in publish.values() if isinstance(rule, Threshold)}
    if len(thresholds) > 1:
        raise ValueError(f"masks have different thresholds: {sorted(thresholds)}")
    reasons = dict.fromkeys(f"{mask}: {rule.because}" for mask, rule in publish.items() if isinstance(rule, Never))
    return Threshold(thresholds.pop()) if thresholds else Never("; ".join(reasons))


@dataclass(frozen=True)
class Facet:
    """Leaves in the order of the logits; a temperature and a rule of publishing for each mask."""

    leaves: list[str]
    temperature: Mapping[str, float]
    publish: Mapping[str, Publish]
    role: Literal["deciding", "advisory"] = "deciding"

    @classmethod
    def unfitted(cls, leaves: list[str], because: str) -> "Facet":
        return cls(leaves, dict.fromkeys(MASKS, 1), dict.fromkeys(MASKS, Never(because)))
