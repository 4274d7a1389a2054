"""Motion, the second facet of a clip: what neither a single frame shows nor an average of frames.

Every facet has two directions that turn into each other when time runs backwards, and a clip and its reversal are
equally likely. So a model that ignores the order of frames gives both the same score, and paired decisions hold it to
one half exactly.

N clips, M facets
"""

import numpy as np

# Per facet the label of state -1 and of state +1; state 0 has no label.
FACETS: dict[str, tuple[str, str]] = {
    "horizontal": ("left", "right"),
    "vertical": ("up", "down"),
    "turn": ("counter-clockwise", "clockwise"),
    "size": ("shrink", "grow"),
    "events": ("blackout-then-flash", "flash-then-blackout"),
}
MOVING = 0.5


def draw_states(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(s) for s in rng.choice((-1, 0, 1), len(FACETS), p=(MOVING / 2, 1 - MOVING, MOVING / 2)))


def motions() -> list[str]:
    """All labels: of each facet that of state -1, then that of +1."""
    return [name for names in FACETS.values() for name in names]


def labels(states: tuple[int, ...]) -> list[str]:
    return [names[state > 0] for names, state in zip(FACETS.values(), states, strict=True) if state]


def reversed_states(states: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(-s for s in states)


def paired_accuracy(scores_NM: np.ndarray, reversed_scores_NM: np.ndarray, states_NM: np.ndarray) -> dict[str, float]:
    """Per facet: how often a clip scores higher than its reversal in the direction that it has; a tie counts half.

    A score says how far a clip goes in the direction of state +1. NaN for a facet in which nothing moves.
    """
    right_NM = 0.5 + 0.5 * np.sign((scores_NM - reversed_scores_NM) * states_NM)
    moving_NM = states_NM != 0
    return {
        facet: float(right_NM[moving_NM[:, m], m].mean()) if moving_NM[:, m].any() else float("nan")
        for m, facet in enumerate(FACETS)
    }
