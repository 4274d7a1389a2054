"""What two models of the lab say of every title without having seen its label: the logits that bench/titles.mjs reads.

python bench/title_scores.py FOLDER --titles FILE [--count N] [--encoder e5]

FOLDER/scores.json   {"leaves": [path], "roots": [name], "truth": [leaf number], "models": [name]}
FOLDER/<model>.f32   [N, K + L] logits of the level-1 classes, then of the leaves

The models are ridge regressions of the lab: "characters" on grams, "joined" on grams and the encoder's embeddings. Each
title is left out once, exactly (Allen 1974). A title that has no label below level 1 is a leaf of its own, `<root>/-`.
Embeddings are kept in FOLDER, for they take minutes.

Needs training/requirements.txt, training/src on PYTHONPATH and, for embeddings, the encoder's package.

N titles, K classes of level 1, L leaves
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from reeltag_training.lab.data import embeddings, encoding
from reeltag_training.lab.data.table import Item, at_level
from reeltag_training.lab.data.tokens import joined
from reeltag_training.lab.joining.kernel import Fit, Nodes, kernels, with_family
from reeltag_training.lab.options import KernelConfig

DEPTH_MAX = 2
# Longer titles are rare, and an encoder's time grows with them.
TEXT_MAX = 120


def read(file: Path, count: int | None) -> list[Item]:
    """The columns are video_id, caption, cover_text, hashtags and path; the first `count` of the rows."""
    lines = file.read_text(encoding="utf8").rstrip("\n").split("\n")[1:]
    rows = [line.split("\t") for line in lines[:count]]
    return [Item(key, [joined(texts)[:TEXT_MAX]], path, "", "", False) for key, *texts, path in rows]


def logits_of(items: list[Item], embedded_ND: np.ndarray, settings: KernelConfig) -> tuple[np.ndarray, Nodes]:
    """[N, nodes] for each level log-probabilities of its classes, one below another."""
    labels = [item.label for item in items]
    nodes = Nodes.of(labels, DEPTH_MAX)
    known_NN, _ = kernels(items, items[:1], embedded_ND, embedded_ND[:1], settings)
    left_out_NK = with_family(Fit.of(known_NN, labels, nodes, settings).left_out(), nodes, settings.family)
    keys = list(zip(nodes.names, nodes.level_K, strict=True))
    truth_NK = np.array([[at_level(label, level) == name for name, level in keys] for label in labels])
    roots = np.flatnonzero(nodes.level_K == 1)
    logit_NK = np.zeros_like(left_out_NK)
    logit_NK[:, roots] = scaled(left_out_NK[:, roots], truth_NK[:, roots])
    for root in roots:
        children = np.flatnonzero((nodes.level_K == 2) & (nodes.parent_K == root))
        below = scaled(left_out_NK[:, children], truth_NK[:, children], truth_NK[:, root])
        logit_NK[:, children] = logit_NK[:, [root]] + below
    return logit_NK, nodes


def scaled(score_NK: np.ndarray, truth_NK: np.ndarray, known_N: np.ndarray | slice = slice(None)) -> np.ndarray:
    """Log-softmax of the scores times the one factor that is likeliest: ridge regression gives no probabilities."""

    def loss(log_factor: float) -> float:
        return -log_softmax(score_NK[known_N] * np.exp(log_factor), 1)[truth_NK[known_N]].mean()

    found = minimize_scalar(loss, bounds=(-3, 5), method="bounded") if score_NK.shape[1] > 1 else None
    return log_softmax(score_NK * (np.exp(found.x) if found else 1.0), 1)


def embedded(name: str, folder: Path, items: list[Item]) -> np.ndarray:
    """[N, D] of length 1, from their mean."""
    file = folder / f"{name}.npz"
    print(encoding.encode(name, file, items), flush=True)
    x_ND = embeddings.read(name, file, items)
    x_ND -= x_ND.mean(0)
    return x_ND / np.linalg.norm(x_ND, axis=1, keepdims=True).clip(1e-12)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--titles", type=Path, required=True)
    parser.add_argument("--count", type=int)
    parser.add_argument("--encoder")
    arguments = parser.parse_args()
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    items = read(arguments.titles, arguments.count)
    models = {"characters": (np.zeros((len(items), 1)), KernelConfig(weight=0))}
    if arguments.encoder:
        models["joined"] = (embedded(arguments.encoder, folder, items), KernelConfig(weight=1))
    for name, (x_ND, settings) in models.items():
        logit_NK, nodes = logits_of(items, x_ND, settings)
        logit_NK.astype("<f4").tofile(folder / f"{name}.f32")
    level = nodes.level_K.tolist()
    roots = [name for name, n in zip(nodes.names, level, strict=True) if n == 1]
    leaves = [name for name, n in zip(nodes.names, level, strict=True) if n == 2]
    number = {name: i for i, name in enumerate(leaves)}
    truth = [number[at_level(item.label, DEPTH_MAX)] for item in items]
    paths = [leaf if "/" in leaf else f"{leaf}/-" for leaf in leaves]
    (folder / "scores.json").write_text(
        json.dumps({"leaves": paths, "roots": roots, "truth": truth, "models": list(models)}, ensure_ascii=False)
    )


if __name__ == "__main__":
    main()
