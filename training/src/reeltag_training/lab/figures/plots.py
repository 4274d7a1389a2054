"""The report's pictures. Groups are numbered, for names are in any script and a machine may lack its font.

N items, G groups
"""

from pathlib import Path

import matplotlib
import numpy as np

from ...metrics.confidence import reliability, risk_by_coverage

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

INCHES, DPI = (5.2, 4.2), 110
Judged = dict[str, tuple[np.ndarray, np.ndarray]]


def reliability_diagram(by_level: Judged, file: Path) -> None:
    """Share right against confidence; `by_level` holds confidence and right [N]. Area of a dot: its items."""
    figure, axes = pyplot.subplots(figsize=INCHES)
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1, label="calibrated")
    for name, (confidence, right) in by_level.items():
        counts, predicted, true = reliability(confidence, right)
        some = counts > 0
        (line,) = axes.plot(predicted[some], true[some], label=name)
        axes.scatter(predicted[some], true[some], s=400 * counts[some] / counts.sum() + 8, color=line.get_color())
    _finish(figure, axes, "confidence", "share right", file, square=True)


def risk_coverage(by_level: Judged, file: Path) -> None:
    """Error among the most confident, against their share of all items."""
    figure, axes = pyplot.subplots(figsize=INCHES)
    for name, (confidence, right) in by_level.items():
        risk = risk_by_coverage(confidence, right)
        axes.plot(np.arange(1, len(risk) + 1) / len(risk), risk, label=name)
    _finish(figure, axes, "coverage", "risk: errors among the accepted", file, square=True)


def accuracy_bars(report: dict[str, dict[str, dict[str, float]]], file: Path) -> None:
    """A group of bars for each level, a bar for each model."""
    figure, axes = pyplot.subplots(figsize=INCHES)
    levels, width = list(next(iter(report.values()))), 0.8 / len(report)
    for i, (model, figures) in enumerate(report.items()):
        at = np.arange(len(levels)) + (i - (len(report) - 1) / 2) * width
        bars = axes.bar(at, [figures[level]["accuracy"] for level in levels], width * 0.95, label=model)
        axes.bar_label(bars, fmt="%.2f", fontsize=8)
    axes.set_xticks(range(len(levels)), levels)
    _finish(figure, axes, "", "accuracy", file)


def confusion_matrix(counts_GG: np.ndarray, file: Path) -> None:
    """Rows are the truth, each as shares of itself."""
    share_GG = counts_GG / np.maximum(counts_GG.sum(1, keepdims=True), 1)
    figure, axes = pyplot.subplots(figsize=(6.2, 5.4))
    image = axes.imshow(share_GG, cmap="Blues", vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(share_GG >= 0.005), strict=True):
        dark = share_GG[row, column] > 0.6
        percent = f"{100 * share_GG[row, column]:.0f}"
        axes.text(column, row, percent, ha="center", va="center", fontsize=7, color="white" if dark else "black")
    names = [str(g) for g in range(1, len(counts_GG))] + ["other"]
    axes.set_xticks(range(len(names)), names, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    figure.colorbar(image, label="share of the row")
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    _save(figure, file)


def _finish(figure, axes, across: str, up: str, file: Path, square: bool = False) -> None:
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_ylim(0, 1)
    if square:
        axes.set_xlim(0, 1)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    _save(figure, file)


def _save(figure, file: Path) -> None:
    figure.tight_layout()
    figure.savefig(file, dpi=DPI)
    pyplot.close(figure)
