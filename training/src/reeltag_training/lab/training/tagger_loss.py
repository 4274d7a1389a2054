"""What a tagger of the lab minimises: its head's own loss by the options, and what goes around any of them.

B batch, C coarse classes, L leaves, N nodes of the tree
"""

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ...losses.classification import class_balanced_weights, cross_entropy, supervised_contrast, symmetric_divergence
from ...losses.hierarchical import c_hmcnn, coarse_log_probabilities, hmcn, hxe
from ...taggers.heads import LeavesOfLevels, LeavesOfNodes
from ...taggers.tagger import Tagger
from ..data.prepared import Prepared
from ..options import TrainConfig


class TaggerLoss:
    """The head's loss, R-Drop around it, supervised contrast of the pooled vectors beside it."""

    def __init__(self, tagger: Tagger, config: TrainConfig, data: Prepared):
        self.tagger, self.config, self.tree = tagger, config, data.tree
        counts_L = torch.bincount(data.labels(data.train), minlength=len(data.leaf_paths))
        self.weights_L = class_balanced_weights(counts_L, config.balance) if config.balance else None

    def __call__(self, batch: dict, generator: Generator) -> Tensor:
        config, label_B = self.config, batch["label_B"]
        pooled, first = self._pass(batch)
        loss = self._once(*first, label_B)
        if config.r_drop:
            _, second = self._pass(batch)
            both = (loss + self._once(*second, label_B)) / 2
            loss = both + config.r_drop * symmetric_divergence(first[1], second[1])
        if config.metric:
            loss = loss + config.metric * supervised_contrast(pooled, label_B)
        return loss

    def _pass(self, batch: dict) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        return self.tagger.pooled_and_output(batch["x"])

    def _once(self, output, leaf_BL: Tensor, label_B: Tensor) -> Tensor:
        head = self.tagger.head
        if isinstance(head, LeavesOfNodes):
            return c_hmcnn(output, self._on_path(label_B), self.tree)
        if isinstance(head, LeavesOfLevels):
            return hmcn(*output, self._on_path(label_B), self.tree, self.config.hmc)
        return self._coarse_and_fine(output, leaf_BL, label_B)

    def _on_path(self, label_B: Tensor) -> Tensor:
        """[B, N] 1 at the leaf and all nodes above it."""
        return self.tree.leaves_below_NL.T.to(label_B.device)[label_B].float()

    def _coarse_and_fine(self, coarse_BC: Tensor, fine_BL: Tensor, label_B: Tensor) -> Tensor:
        config, coarse_of_L = self.config, self.tagger.head.coarse_of_L
        coarse_B = coarse_of_L[label_B]
        loss = (
            hxe(fine_BL, label_B, self.tree, config.hxe)
            if config.hxe
            else cross_entropy(fine_BL, label_B, config.smoothing, self.weights_L)
        )
        if config.coarse:
            loss = loss + config.coarse * F.cross_entropy(coarse_BC, coarse_B)
        if config.mapping:
            implied_BC = coarse_log_probabilities(fine_BL, coarse_of_L, coarse_BC.shape[1])
            loss = loss + config.mapping * F.nll_loss(implied_BC, coarse_B)
        return loss
