"""Several trained runs as one: the weighted mean of their probabilities, or a product of their powers.

M members, N items, L leaves
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ...taggers.tagger import Tagger
from ..config import LabConfig, load
from ..data.prepared import Prepared
from ..data.table import Item, fold_of
from ..figures import evaluation
from ..figures.linear import leaf_scores
from ..options import LabRefusedError
from ..training.rounds import trained_tagger

ROUNDS_MAX = 5000
MOVED_MIN = 1e-9
PRODUCT_ROUNDS = 100
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
    """`weights` of the mean and `powers` of the product by member, of all held-out items; `report` as in evaluation."""

    weights: dict[str, float]
    powers: dict[str, float]
    report: dict[str, dict[str, dict[str, float]]]


def members(config: LabConfig, data: Prepared) -> list[Member]:
    """Raises LabRefusedError where a member learnt from what is held out here, or knows other classes."""
    if not config.ensemble.members:
        raise LabRefusedError("ensemble.members is empty: name the YAML files of trained runs")
    found = []
    for number, file in enumerate(config.ensemble.members, start=1):
        member = load(Path(file))
        prepared = Prepared.load(Path(member.folder))
        if prepared.leaf_paths != data.leaf_paths:
            raise LabRefusedError(f"ensemble.members: {file} knows other classes; prepare it from the same table")
        if {item.id for item in prepared.held_out} != {item.id for item in data.held_out}:
            raise LabRefusedError(f"ensemble.members: {file} holds out other items; give it the same split and seed")
        found.append(Member(f"{number} {Path(file).stem}", trained_tagger(member, prepared), member, prepared))
    return found


def join(config: LabConfig, data: Prepared) -> Joined:
    """Each half of the held-out items is judged with the weights of the other: nothing is judged by what fitted it."""
    answers = {run.name: run.probabilities(data.held_out) for run in members(config, data)}
    p_MNL = np.stack(list(answers.values()))
    scores = {name: np.log(p_NL.clip(LIKELIHOOD_MIN)) for name, p_NL in answers.items()}
    if config.ensemble.linear:
        scores |= {
            name: leaf_scores(data, data.held_out, config.table.depth_max, balance)
            for name, balance in (("linear", None), ("linear, balanced", "balanced"))
        }
    score_MNL = np.stack(list(scores.values()))
    halves_N, mean_NL, product_NL = halves(data.held_out, config.seed), np.zeros_like(p_MNL[0]), np.zeros_like(p_MNL[0])
    for half in (0, 1):
        rows, labels = _known(data, halves_N != half)
        asked_N = halves_N == half
        mean_NL[asked_N] = np.tensordot(fit_weights(p_MNL[:, rows, labels]), p_MNL[:, asked_N], 1)
        product_NL[asked_N] = product(score_MNL[:, asked_N], fit_powers(score_MNL[:, rows], labels))
    rows, labels = _known(data, np.ones(len(halves_N), dtype=bool))
    named = answers | {"mean": p_MNL.mean(0), "weighted mean": mean_NL, "product": product_NL}
    return Joined(
        dict(zip(answers, fit_weights(p_MNL[:, rows, labels]).tolist(), strict=True)),
        dict(zip(scores, fit_powers(score_MNL[:, rows], labels).tolist(), strict=True)),
        {name: evaluation.by_level(p_NL, data, config.table.depth_max) for name, p_NL in named.items()},
    )


def halves(items: list[Item], seed: int) -> np.ndarray:
    """[N] 0 or 1, for fitting on one half of the held-out items and judging on the other; authors stay together."""
    return np.array([fold_of(f"half of {item.author or item.id}", seed, 2) for item in items])


def _known(data: Prepared, chosen_N: np.ndarray) -> tuple[list[int], list[int]]:
    """Chosen held-out items by number, and their labels: one that the training side lacks says nothing of members."""
    number = {path: i for i, path in enumerate(data.leaf_paths)}
    rows = [n for n, item in enumerate(data.held_out) if chosen_N[n] and item.label in number]
    if not rows:
        raise LabRefusedError("too few items are held out to fit weights on; check split")
    return rows, [number[data.held_out[n].label] for n in rows]


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


def fit_powers(score_MNL: np.ndarray, labels: list[int]) -> np.ndarray:
    """[M] of greatest mean ln softmax(Σ_m power_m score_m)[label]: a logarithmic opinion pool (Genest, Zidek 1986).

    The optimum is global, by L-BFGS. Scores are ln of probabilities, or distances whose scale the power then is.
    """
    score_MNL, label_N = torch.from_numpy(score_MNL), torch.tensor(labels)
    powers_M = torch.full((len(score_MNL),), 1 / len(score_MNL), dtype=score_MNL.dtype, requires_grad=True)
    optimiser = torch.optim.LBFGS([powers_M], max_iter=PRODUCT_ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = F.cross_entropy(torch.tensordot(powers_M, score_MNL, 1), label_N)
        value.backward()
        return value

    optimiser.step(loss)
    return powers_M.detach().numpy()


def product(score_MNL: np.ndarray, powers_M: np.ndarray) -> np.ndarray:
    """[N, L] probabilities."""
    return torch.from_numpy(np.tensordot(powers_M, score_MNL, 1)).softmax(-1).numpy()


def write(joined: Joined, data: Prepared, folder: Path) -> None:
    """ensemble.md and ensemble.json as evaluation's; weights.json and powers.json by member."""
    evaluation.write(joined.report, data, folder, "ensemble")
    (folder / "weights.json").write_text(json.dumps(joined.weights, indent=2, ensure_ascii=False))
    (folder / "powers.json").write_text(json.dumps(joined.powers, indent=2, ensure_ascii=False))
    weights, powers = (
        ", ".join(f"{name}: {x:.3f}" for name, x in part.items()) for part in (joined.weights, joined.powers)
    )
    with open(folder / "ensemble.md", "a") as file:
        file.write(f"\nWeights of the mean: {weights}. Powers of the product: {powers}.\n")
        file.write("Both rows above judge each half by weights of the other.\n")
