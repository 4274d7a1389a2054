"""Losses over one flat list of classes.

B batch, K classes
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def class_balanced_weights(counts_K: Tensor, beta: float = 0.999) -> Tensor:
    """Weights by effective number, (1 - beta) / (1 - beta^n), with sum K; beta within [0, 1), equal at 0.

    A class without items has no weight: ValueError.
    """
    if bool((counts_K < 1).any()):
        empty = torch.nonzero(counts_K < 1).flatten().tolist()
        raise ValueError(f"classes without a single item: {empty}; drop them from the taxonomy or find items")
    weights_K = (1 - beta) / (1 - beta ** counts_K.double())
    return (weights_K * len(counts_K) / weights_K.sum()).float()


def cross_entropy(
    logits_BK: Tensor, label_B: Tensor, smoothing: float = 0.0, weights_K: Tensor | None = None
) -> Tensor:
    """Cross-entropy against (1 - smoothing) y + smoothing / K, each item times the weight of its label.

    With neither it is plain cross-entropy. Divided by the number of items, not by the sum of weights, so that a batch
    of rare items counts for more than one of common items.
    """
    per_item_B = F.cross_entropy(logits_BK, label_B, label_smoothing=smoothing, reduction="none")
    return (per_item_B if weights_K is None else per_item_B * weights_K.to(label_B.device)[label_B]).mean()


def r_drop(logits_BK: Tensor, again_BK: Tensor, label_B: Tensor, alpha: float = 0.7) -> Tensor:
    """Mean cross-entropy of two passes under different dropout, plus alpha times their symmetric divergence.

    ½(CE + CE') + alpha ½[KL(p‖q) + KL(q‖p)]; both passes receive gradient. Equal passes: plain cross-entropy.
    """
    entropy = (F.cross_entropy(logits_BK, label_B) + F.cross_entropy(again_BK, label_B)) / 2
    return entropy + alpha * symmetric_divergence(logits_BK, again_BK)


def symmetric_divergence(logits_BK: Tensor, again_BK: Tensor) -> Tensor:
    p_BK, q_BK = logits_BK.log_softmax(-1), again_BK.log_softmax(-1)
    return ((p_BK.exp() - q_BK.exp()) * (p_BK - q_BK)).sum(-1).mean() / 2


def supervised_contrast(vector_BD: Tensor, label_B: Tensor, temperature: float = 0.1) -> Tensor:
    """Items of one label closer than others (Khosla et al. 2020, L_out): metric learning for retrieval.

    Mean over items with another of their label: -1/|like| Σ_like ln softmax over all others of cosine / temperature.
    0 where no two items share a label.
    """
    itself_BB = torch.eye(len(label_B), dtype=torch.bool, device=label_B.device)
    like_BB = (label_B[:, None] == label_B[None]) & ~itself_BB
    likes_B = like_BB.sum(1)
    if not bool(likes_B.any()):
        return vector_BD.sum() * 0
    unit_BD = F.normalize(vector_BD, dim=-1)
    near_BB = (unit_BD @ unit_BD.T / temperature).masked_fill(itself_BB, torch.finfo(torch.float32).min)
    log_p_B = (near_BB.log_softmax(-1) * like_BB).sum(1) / likes_B.clamp(min=1)
    return -log_p_B[likes_B > 0].mean()


def distil_tags(
    student_BK: Tensor, teacher_BK: Tensor, truth_BK: Tensor, alpha: float = 0.5, temperature: float = 4.0
) -> Tensor:
    """(1 - alpha) H(σ(s), y) + alpha T² H(σ(s/T), σ(t/T)), H being binary cross-entropy, mean over items and classes.

    Logits of frames or of clips, for labels that do not exclude each other. At alpha 0: plain binary cross-entropy.
    """
    hard = F.binary_cross_entropy_with_logits(student_BK, truth_BK)
    soft_BK = (teacher_BK.detach() / temperature).sigmoid()
    soft = F.binary_cross_entropy_with_logits(student_BK / temperature, soft_BK)
    return (1 - alpha) * hard + alpha * temperature**2 * soft


def distil_labels(
    student_BK: Tensor, teacher_BK: Tensor, label_B: Tensor, alpha: float = 0.5, temperature: float = 4.0
) -> Tensor:
    """The same for labels that exclude each other: softmax in place of σ. At alpha 0: plain cross-entropy."""
    soft_BK = (teacher_BK.detach() / temperature).softmax(-1)
    hard = F.cross_entropy(student_BK, label_B)
    return (1 - alpha) * hard + alpha * distil_pseudo_labels(student_BK, soft_BK, temperature)


def distil_pseudo_labels(student_BK: Tensor, soft_BK: Tensor, temperature: float = 4.0) -> Tensor:
    """T² H(softmax(s/T), soft): learning from soft labels that were made at the same temperature.

    With one teacher's softmax(t/T) this is `distil_labels` at alpha 1. At the teacher's logits the gradient is 0.
    """
    return temperature**2 * F.cross_entropy(student_BK / temperature, soft_BK)
