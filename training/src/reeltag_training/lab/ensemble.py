"""Several trained runs as one: the weighted mean of their probabilities.

M members, N items, L leaves
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..taggers.tagger import Tagger
from . import evaluation
from .config import LabConfig, load
from .options import LabRefusedError
from .prepared import Prepared
from .table import Item, fold_of
from .training import trained_tagger

ROUNDS_MAX = 5000
MOVED_MIN = 1e-9
LIKELIHOOD_MIN = 1e-12


@dataclass(frozen=True)
class Member:
    name: str
    tagger: Tagger
    config: LabConfig
    data: Prepared

    def probabilities(self, items: list[Item], temperature: float = 1.0) -> np.ndarray:
        return evaluation.probabilities(self.tagger, self.data, items, self.config, temperature)


@dataclass(frozen=True)
class Joined:
    """`weights` by member, of all held-out items; `report` as in evaluation."""

    weights: dict[str, float]
    report: dict[str, dict[str, dict[str, float]]]


def members(config: LabConfig, data: Prepared) -> list[Member]:
    """Raises LabRefusedError where a member learnt from what is held out here, or knows other classes."""
    if not config.ensemble.members:
        raise LabRefusedError("ensemble.members is empty: name the YAML files of trained runs")
    found = []
    for number, file in enumerate(config.ensemble.members, start=1):
        own = load(Path(file))
        prepared = Prepared.load(Path(own.folder))
        if prepared.leaf_paths != data.leaf_paths:
            raise LabRefusedError(f"ensemble.members: {file} knows other classes; prepare it from the same table")
        if {item.id for item in prepared.held_out} != {item.id for item in data.held_out}:
            raise LabRefusedError(f"ensemble.members: {file} holds out other items; give it the same split and seed")
        found.append(Member(f"{number} {Path(file).stem}", trained_tagger(own, prepared), own, prepared))
    return found


def join(config: LabConfig, data: Prepared) -> Joined:
    """Each half of the held-out items is judged with the weights of the other: nothing is judged by what fitted it."""
    runs = members(config, data)
    p_MNL = np.stack([run.probabilities(data.held_out) for run in runs])
    halves_N = halves(data.held_out, config.seed)
    joined_NL = np.zeros_like(p_MNL[0])
    for half in (0, 1):
        weights_M = _fitted(p_MNL, data, halves_N != half)
        joined_NL[halves_N == half] = np.tensordot(weights_M, p_MNL[:, halves_N == half], 1)
    by_name = {run.name: p_NL for run, p_NL in zip(runs, p_MNL, strict=True)}
    by_name |= {"mean": p_MNL.mean(0), "weighted mean": joined_NL}
    weights_M = _fitted(p_MNL, data, np.ones(len(halves_N), dtype=bool))
    return Joined(
        {run.name: float(weight) for run, weight in zip(runs, weights_M, strict=True)},
        {name: evaluation.by_level(p_NL, data, config.table.depth_max) for name, p_NL in by_name.items()},
    )


def halves(items: list[Item], seed: int) -> np.ndarray:
    """[N] 0 or 1, for fitting on one half of the held-out items and judging on the other; authors stay together."""
    return np.array([fold_of(f"half of {item.author or item.id}", seed, 2) for item in items])


def _fitted(p_MNL: np.ndarray, data: Prepared, chosen_N: np.ndarray) -> np.ndarray:
    """Items whose label the training side lacks say nothing about the members."""
    number = {path: i for i, path in enumerate(data.leaf_paths)}
    rows = [n for n, item in enumerate(data.held_out) if chosen_N[n] and item.label in number]
    if not rows:
        raise LabRefusedError("too few items are held out to fit weights on; check split")
    return fit_weights(p_MNL[:, rows, [number[data.held_out[n].label] for n in rows]])


def fit_weights(likelihood_MN: np.ndarray) -> np.ndarray:
    """[M] with sum 1, of greatest mean ln Σ_m w_m p_m(label); `likelihood_MN` holds p_m(label) within [0, 1].

    By expectation–maximisation of a mixture, whose optimum is global. Members that are alike share equally.
    """
    p_MN = likelihood_MN.astype(float).clip(LIKELIHOOD_MIN)
    weights_M = np.full(len(p_MN), 1 / len(p_MN))
    for _ in range(ROUNDS_MAX):
        moved_M = weights_M * (p_MN / (weights_M @ p_MN)).mean(1)
        if np.abs(moved_M - weights_M).max() < MOVED_MIN:
            break
        weights_M = moved_M
    return weights_M


def write(joined: Joined, data: Prepared, folder: Path) -> None:
    """ensemble.md and ensemble.json as evaluation's; weights.json by member."""
    evaluation.write(joined.report, data, folder, "ensemble")
    (folder / "weights.json").write_text(json.dumps(joined.weights, indent=2, ensure_ascii=False))
    told = ", ".join(f"{name}: {weight:.3f}" for name, weight in joined.weights.items())
    with open(folder / "ensemble.md", "a") as file:
        file.write(f"\nWeights: {told}. The weighted mean above judges each half by weights of the other.\n")
