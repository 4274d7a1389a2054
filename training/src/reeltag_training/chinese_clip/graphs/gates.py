"""A converted graph is written into a pack only where it still says what the original says."""

from dataclasses import dataclass

import numpy as np

from ...packs.refusal import ImportRefusedError

COSINE_MIN = {"fp32": 0.9999, "fp16": 0.999, "int8": 0.999}


@dataclass(frozen=True)
class Exactness:
    """Cosine of each embedding to the original's, least and mean; `spread` is the mean cosine between different items.

    Where the spread is near one (random weights, items that resemble each other) the gate says little.
    """

    items: int
    least: float
    mean: float
    spread: float

    def row(self) -> dict[str, float]:
        return {
            "items": self.items,
            "cosineMin": round(self.least, 6),
            "cosineMean": round(self.mean, 6),
            "cosineBetweenItems": round(self.spread, 6),
        }


def gate(what: str, precision: str, expected_NE: np.ndarray, found_NE: np.ndarray) -> Exactness:
    """@raises ImportRefusedError EXPORT_INEXACT"""
    cosines = (expected_NE * found_NE).sum(1)
    others = expected_NE @ expected_NE.T
    count = len(others)
    spread = (others.sum() - np.trace(others)) / max(count * (count - 1), 1)
    exactness = Exactness(count, float(cosines.min()), float(cosines.mean()), float(spread))
    limit = COSINE_MIN[precision]
    # Also where it is no number.
    if not exactness.least >= limit:
        cause = (
            f"{what} in {precision} agrees with the original to a cosine of {exactness.least:.6f}, {limit} is needed"
        )
        raise ImportRefusedError(
            "EXPORT_INEXACT", cause, "Choose a higher --precision; INT8: other --calibration clips"
        )
    return exactness
