"""The sides of a corpus: which art each is drawn in, when its clips were published, how much of it there is.

No author, no art family and no day belongs to two sides, except that the unlabelled pool is the training side's own
world: the same art, authors and days.
"""

from dataclasses import dataclass

from ..art.families import Role


@dataclass(frozen=True)
class Side:
    """`share`: clips for each one of the training side. `noise`: chance that the label given is not the true one."""

    name: str
    number: int
    role: Role
    share: float
    days: tuple[int, int]
    # Whose authors: sides of one world share them.
    world: str
    balanced: bool = True
    noise: float = 0.0
    labelled: bool = True


NOISE = 0.08
TRAIN_DAYS = (0, 90)

SIDES = (
    Side("train", 0, "train", 1, TRAIN_DAYS, "train", balanced=False, noise=NOISE),
    Side("calibrate", 1, "calibrate", 0.25, (90, 105), "calibrate"),
    Side("validate", 2, "test", 0.25, (105, 120), "validate"),
    Side("test", 3, "evaluate", 0.25, (120, 135), "test"),
    Side("pool", 4, "train", 10, TRAIN_DAYS, "train", balanced=False, labelled=False),
)


def side(name: str) -> Side:
    return next(s for s in SIDES if s.name == name)
