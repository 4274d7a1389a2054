"""The list of labels to look at again, as people and `train` read it."""

import csv
from dataclasses import dataclass
from pathlib import Path

from ..options import LabRefusedError

NAME = "to-review.tsv"
# A close call is no sign of a mistake.
SUSPECT = ("folds", "early stop")


@dataclass(frozen=True)
class Doubt:
    """`other` is the most likely class but the label; `why`: 'folds', 'early stop' or 'margin'."""

    id: str
    why: str
    label: str
    p_label: float
    other: str
    p_other: float


def write(doubts: list[Doubt], file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, delimiter="\t", lineterminator="\n")
        writer.writerow(["id", "why", "label", "p_label", "other", "p_other"])
        writer.writerows([d.id, d.why, d.label, f"{d.p_label:.4f}", d.other, f"{d.p_other:.4f}"] for d in doubts)


def suspects(folder: Path) -> set[str]:
    """Ids of the listed items whose label others contradict. Raises LabRefusedError where there is no list."""
    file = folder / NAME
    if not file.exists():
        raise LabRefusedError(f"train.without_doubts: {file} does not exist: run `reeltag-train doubts` first")
    with file.open(newline="", encoding="utf-8") as opened:
        return {row["id"] for row in csv.DictReader(opened, delimiter="\t") if row["why"] in SUSPECT}
