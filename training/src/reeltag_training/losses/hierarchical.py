"""Losses that know the tree.

B batch, N nodes of the tree, L leaves, C coarse classes
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from .hierarchy import Hierarchy

FEWER = torch.finfo(torch.float32).min


def coarse_log_probabilities(fine_logits_BL: Tensor, coarse_of_L: Tensor, coarse_count: int) -> Tensor:
    """[B, C] ln of the probability that the fine classes of each coarse one share: p_coarse = Mᵀ p_fine."""
    member_CL = coarse_of_L[None] == torch.arange(coarse_count, device=coarse_of_L.device)[:, None]
    log_p_B1L = fine_logits_BL.log_softmax(-1)[:, None]
    return log_p_B1L.masked_fill(~member_CL, FEWER).logsumexp(-1)


def coarse_and_fine(
    coarse_logits_BC: Tensor,
    fine_logits_BL: Tensor,
    label_B: Tensor,
    coarse_of_L: Tensor,
    coarse_weight: float = 1.0,
    mapping_weight: float = 0.0,
) -> Tensor:
    """Cross-entropy of the fine head, of the coarse head, and of the coarse classes that the fine head implies.

    Both weights 0: plain cross-entropy of the fine head.
    """
    coarse_B = coarse_of_L[label_B]
    implied_BC = coarse_log_probabilities(fine_logits_BL, coarse_of_L, coarse_logits_BC.shape[1])
    return (
        F.cross_entropy(fine_logits_BL, label_B)
        + coarse_weight * F.cross_entropy(coarse_logits_BC, coarse_B)
        + mapping_weight * F.nll_loss(implied_BC, coarse_B)
    )


def hmc_penalty(p_BN: Tensor, tree: Hierarchy) -> Tensor:
    """Squared excess of every child over its parent, summed over the tree's edges: 0 where the tree holds."""
    edges = [(child, parent) for child, parent in enumerate(tree.parents) if parent >= 0]
    if not edges:
        return p_BN.sum() * 0
    children, parents = (list(side) for side in zip(*edges, strict=True))
    return (p_BN[:, children] - p_BN[:, parents]).clamp(min=0).square().sum(-1).mean()


def hmcn(local_BN: Tensor, global_BN: Tensor, truth_BN: Tensor, tree: Hierarchy, weight: float = 0.1) -> Tensor:
    """Binary cross-entropy of the heads of each level and of the head over all, plus the penalty on their mean.

    At weight 0: the two plain losses.
    """
    both = F.binary_cross_entropy_with_logits(local_BN, truth_BN) + F.binary_cross_entropy_with_logits(
        global_BN, truth_BN
    )
    return both + weight * hmc_penalty((local_BN.sigmoid() + global_BN.sigmoid()) / 2, tree)


def max_up(h_BN: Tensor, tree: Hierarchy) -> Tensor:
    """Every node takes the greatest of itself and its descendants: no parent falls below its child."""
    return h_BN[:, None].masked_fill(~tree.below_NN.to(h_BN.device), FEWER).amax(-1)


def c_hmcnn(logits_BN: Tensor, truth_BN: Tensor, tree: Hierarchy) -> Tensor:
    """BCE(y · MCM(y ⊙ h) + (1 - y) · MCM(h), y), h = σ(logits). A tree of one level: plain binary cross-entropy."""
    h_BN = logits_BN.sigmoid()
    tied_BN = truth_BN * max_up(truth_BN * h_BN, tree) + (1 - truth_BN) * max_up(h_BN, tree)
    return F.binary_cross_entropy(tied_BN, truth_BN)


def hxe_weights(tree: Hierarchy, alpha: float) -> Tensor:
    """exp(-alpha · depth) of every node's edge to its parent, scaled to mean 1 over the depths; all 1 at alpha 0.

    A larger alpha makes milder mistakes and fewer right leaves.
    """
    depths = torch.tensor(tree.depths, dtype=torch.float32)
    scale = torch.exp(-alpha * torch.arange(1, int(depths.max()) + 1)).mean()
    return torch.exp(-alpha * depths) / scale


def hxe(leaf_logits_BL: Tensor, leaf_B: Tensor, tree: Hierarchy, alpha: float = 0.3) -> Tensor:
    """-Σ λ ln(P(node) / P(parent)) over the edges from the top to the leaf; P of a node is the sum of its leaves.

    `leaf_B` counts within `tree.leaves`. At alpha 0: plain cross-entropy.
    """
    device = leaf_logits_BL.device
    below_NL = tree.leaves_below_NL.to(device)
    log_p_BN = leaf_logits_BL.log_softmax(-1)[:, None].masked_fill(~below_NL, FEWER).logsumexp(-1)
    parents = torch.tensor(tree.parents, device=device)
    above_BN = torch.where(parents >= 0, log_p_BN[:, parents], torch.zeros((), device=device))
    on_path_BN = below_NL.T[leaf_B].float()
    return -(hxe_weights(tree, alpha).to(device) * (log_p_BN - above_BN) * on_path_BN).sum(-1).mean()
