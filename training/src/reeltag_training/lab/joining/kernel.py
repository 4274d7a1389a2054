"""A kernel machine of grams and of a pretrained encoder's embeddings: knowledge from outside for few items.

N items asked, M items known, D width, G grams, K nodes of the tree
"""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from ..config import LabConfig
from ..data import embeddings
from ..data.prepared import Prepared
from ..data.table import Item, at_level
from ..figures import evaluation
from ..figures.linear import gram_vectorizer, joined_texts
from ..options import KernelConfig, LabRefusedError

# Its equations are square matrices, a few at once, of 3 GB each at this size.
ITEMS_MAX = 20_000
# What `choose` tries.
CHOICES = {"weight": (1.0, 2.0), "balance": (0.0, 0.25, 0.5), "family": (0.0, 0.5, 1.0)}
# Of a constant beside the kernels, so that scores need not pass through 0.
OFFSET = 0.05


@dataclass(frozen=True)
class Nodes:
    """The classes of every level one after another: `level_K` from 1, `parent_K` by number, its own at level 1."""

    names: list[str]
    level_K: np.ndarray
    parent_K: np.ndarray

    @classmethod
    def of(cls, labels: list[str], depth_max: int) -> "Nodes":
        keys = [(n, name) for n in range(1, depth_max + 1) for name in sorted({at_level(x, n) for x in labels})]
        number = {key: i for i, key in enumerate(keys)}
        parents = [number[max(1, level - 1), at_level(name, max(1, level - 1))] for level, name in keys]
        return cls([name for _, name in keys], np.array([level for level, _ in keys]), np.array(parents))


def evaluate(config: LabConfig, data: Prepared) -> tuple[dict[str, dict[str, dict[str, float]]], KernelConfig]:
    """As evaluation's report, of the held-out items; and the settings it is of."""
    if not config.kernel.embeddings:
        raise LabRefusedError("kernel.embeddings is empty: name an encoder and the file of its embeddings")
    if len(data.train) > ITEMS_MAX:
        raise LabRefusedError(f"kernel: {len(data.train)} items to train on are more than {ITEMS_MAX} (memory)")
    labels = [item.label for item in data.train]
    nodes = Nodes.of(labels, config.table.depth_max)
    known_MD, asked_ND = joined(config.kernel.embeddings, data)
    settings = chosen(config.kernel, data.train, known_MD, nodes) if config.kernel.choose else config.kernel
    known_MM, cross_NM = kernels(data.train, data.held_out, known_MD, asked_ND, settings)
    score_NK = with_family(cross_NM @ Fit.of(known_MM, labels, nodes, settings).alpha_MK, nodes, settings.family)
    return {"kernel": by_level(score_NK, nodes, data.held_out)}, settings


def chosen(settings: KernelConfig, known: list[Item], known_MD: np.ndarray, nodes: Nodes) -> KernelConfig:
    """Of CHOICES, the settings of the best mean of accuracy and macro F1 where each training item is left out once."""
    labels, found = [item.label for item in known], {}
    for weight in CHOICES["weight"]:
        known_MM, _ = kernels(known, known[:1], known_MD, known_MD[:1], replace(settings, weight=weight))
        for balance in CHOICES["balance"]:
            left_out_MK = Fit.of(known_MM, labels, nodes, replace(settings, balance=balance)).left_out()
            for family in CHOICES["family"]:
                figures = by_level(with_family(left_out_MK, nodes, family), nodes, known).values()
                score = np.mean([row[key] for row in figures for key in ("accuracy", "macro_f1")])
                found[weight, balance, family] = score
    return replace(settings, **dict(zip(CHOICES, max(found, key=found.get), strict=True)))


def by_level(score_NK: np.ndarray, nodes: Nodes, items: list[Item]) -> dict[str, dict[str, float]]:
    """level → figure."""
    return {
        f"level {level}": evaluation.figures(best(score_NK, nodes, level), [at_level(x.label, level) for x in items])
        for level in range(1, nodes.level_K.max() + 1)
    }


def joined(files: dict[str, str], data: Prepared) -> tuple[np.ndarray, np.ndarray]:
    """[M, D] and [N, D], side by side for all encoders, of length 1: products are the mean cosine over the encoders.

    Embeddings are taken from the training items' mean: those of one encoder point much the same way.
    """
    parts = []
    for name, file in files.items():
        known_MD = embeddings.read(name, Path(file), data.train)
        asked_ND = embeddings.read(name, Path(file), data.held_out)
        centre_D = known_MD.mean(0)
        parts.append([_of_length_1(x_XD - centre_D) / len(files) ** 0.5 for x_XD in (known_MD, asked_ND)])
    return tuple(np.concatenate(side, axis=1) for side in zip(*parts, strict=True))


def kernels(
    known: list[Item], asked: list[Item], known_MD: np.ndarray, asked_ND: np.ndarray, settings: KernelConfig
) -> tuple[np.ndarray, np.ndarray]:
    """[M, M] and [N, M]: cosine of grams, plus `weight` × exp(`sharpness` × (cosine of embeddings - 1)), plus OFFSET.

    Embeddings are of length 1.
    """
    grams = gram_vectorizer()
    known_MG, asked_NG = grams.fit_transform(joined_texts(known)), grams.transform(joined_texts(asked))

    def kernel(gram_XG, x_XD: np.ndarray) -> np.ndarray:
        near_XM = np.exp(settings.sharpness * (x_XD @ known_MD.T - 1))
        return (gram_XG @ known_MG.T).toarray() + settings.weight * near_XM + OFFSET

    return kernel(known_MG, known_MD), kernel(asked_NG, asked_ND)


@dataclass(frozen=True)
class Fit:
    """Ridge regression on 1 for an item's nodes and -1 for others; items of rare labels weigh more.

    An item weighs its label's count to the power of -`balance`; the mean weight is 1.
    """

    target_MK: np.ndarray
    factor_MM: torch.Tensor
    alpha_MK: np.ndarray

    @classmethod
    def of(cls, known_MM: np.ndarray, labels: list[str], nodes: Nodes, settings: KernelConfig) -> "Fit":
        keys, counts = list(zip(nodes.names, nodes.level_K, strict=True)), Counter(labels)
        target_MK = np.array([[1.0 if at_level(x, level) == name else -1.0 for name, level in keys] for x in labels])
        weight_M = np.array([counts[label] ** -settings.balance for label in labels])
        system_MM = known_MM + np.diag(settings.ridge * weight_M.mean() / weight_M)
        factor_MM = torch.linalg.cholesky(torch.from_numpy(system_MM))
        return cls(target_MK, factor_MM, torch.cholesky_solve(torch.from_numpy(target_MK), factor_MM).numpy())

    def left_out(self) -> np.ndarray:
        """[M, K] what a fit without it says of each item, weights kept: exact, and without M fits (Allen 1974)."""
        inverse_M = torch.cholesky_inverse(self.factor_MM).diagonal().numpy()
        return self.target_MK - self.alpha_MK / inverse_M[:, None]


def with_family(score_NK: np.ndarray, nodes: Nodes, share: float) -> np.ndarray:
    """Scores plus `share` of the parent's and of the best child's: levels that agree win over one that stands alone."""
    family_NK = np.where(nodes.level_K > 1, score_NK[:, nodes.parent_K], 0.0)
    for k in range(len(nodes.names)):
        children = (nodes.parent_K == k) & (nodes.level_K == nodes.level_K[k] + 1)
        if children.any():
            family_NK[:, k] += score_NK[:, children].max(1)
    return score_NK + share * family_NK


def best(score_NK: np.ndarray, nodes: Nodes, level: int) -> list[str]:
    """The class of the level with the highest score for each item."""
    columns = np.flatnonzero(nodes.level_K == level)
    return [nodes.names[k] for k in columns[score_NK[:, columns].argmax(1)]]


def _of_length_1(x_XD: np.ndarray) -> np.ndarray:
    return x_XD / np.linalg.norm(x_XD, axis=1, keepdims=True).clip(1e-12)
