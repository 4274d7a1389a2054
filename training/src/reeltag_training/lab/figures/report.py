"""The report of a trained run: tables and pictures of what it does to the held-out items.

N items, L leaves, G groups
"""

from collections import Counter
from pathlib import Path

import numpy as np

from ..config import LabConfig
from ..data.prepared import Prepared
from . import evaluation

# Groups that the confusion shows by themselves.
LARGEST = 12


def write(
    p_NL: np.ndarray, report: dict[str, dict[str, dict[str, float]]], data: Prepared, config: LabConfig, folder: Path
) -> None:
    """report.md and its pictures in report/; `report` and `p_NL` as in evaluation, the run's own model first."""
    # Only reports draw.
    from . import plots

    pictures = folder / "report"
    pictures.mkdir(exist_ok=True)
    judged = by_level(p_NL, data, config.table.depth_max)
    plots.accuracy_bars(report, pictures / "accuracy.png")
    plots.reliability_diagram(judged, pictures / "reliability.png")
    plots.risk_coverage(judged, pictures / "risk-coverage.png")
    predicted, _ = evaluation.level_predictions(p_NL, data.leaf_paths, 1)
    names, counts_GG = confusion(predicted, evaluation.truth_at(data, 1))
    plots.confusion_matrix(counts_GG, pictures / "confusion.png")
    parts = [
        f"# Report of {Path(config.folder).name}",
        evaluation.table(report, data),
        "## Accuracy by level\n\n![Accuracy by level](report/accuracy.png)",
        "## Is a confidence what it says?\n\nA dot on the dashed line is; below it, the model is too sure.\n\n"
        "![Reliability](report/reliability.png)",
        "## What would be wrong if only the surest were published?\n\n![Risk by coverage](report/risk-coverage.png)",
        f"## Which groups are taken for which?\n\nThe {len(names)} largest of level 1, in percent of the row.\n\n"
        f"![Confusion](report/confusion.png)\n\n{_legend(names, counts_GG)}",
    ]
    (folder / "report.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def by_level(p_NL: np.ndarray, data: Prepared, depth_max: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """level → confidence and right [N] of the best class."""
    judged = {}
    for level in range(1, depth_max + 1):
        predicted, confidence = evaluation.level_predictions(p_NL, data.leaf_paths, level)
        right = np.array(
            [t == y for t, y in zip(predicted, evaluation.truth_at(data, level), strict=True)], dtype=float
        )
        judged[f"level {level}"] = confidence.clip(0, 1), right
    return judged


def confusion(predicted: list[str], truth: list[str], largest: int = LARGEST) -> tuple[list[str], np.ndarray]:
    """The largest groups of the truth, and [G + 1, G + 1] how often one was taken for another; all others are last."""
    names = [name for name, _ in Counter(truth).most_common(largest)]
    number = {name: i for i, name in enumerate(names)}
    counts_GG = np.zeros((len(names) + 1, len(names) + 1), int)
    for t, y in zip(predicted, truth, strict=True):
        counts_GG[number.get(y, len(names)), number.get(t, len(names))] += 1
    return names, counts_GG


def _legend(names: list[str], counts_GG: np.ndarray) -> str:
    rows = ["| number | group | items | right |", "|---|---|---|---|"]
    for i, name in enumerate([*names, "all others, as one"]):
        total, right = counts_GG[i].sum(), counts_GG[i, i]
        number = i + 1 if i < len(names) else "other"
        rows.append(f"| {number} | {name} | {total} | {100 * right / max(total, 1):.0f} % |")
    return "\n".join(rows)
