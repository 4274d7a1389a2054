"""A tagger at publish time, and the one that tags again when signals have come in.

B batch, K classes, S signals
"""

from typing import Any

import torch
from torch import Tensor, nn

from .inputs import AtPublish, Posterior


class Tagger(nn.Module):
    """Backbone and head. Its input type has no place for a posterior signal: it cannot learn from one."""

    def __init__(self, backbone: nn.Module, head: nn.Module):
        super().__init__()
        self.backbone, self.head = backbone, head

    def forward(self, x: AtPublish):
        """Whatever the head returns."""
        return self.pooled_and_output(x)[1]

    def pooled_and_output(self, x: AtPublish) -> tuple[Tensor, Any]:
        """The backbone's vector [B, P], and what the head makes of it."""
        pooled_BP = self.backbone(x).pooled_BP
        return pooled_BP, self.head(pooled_BP)


class RetaggingHead(nn.Module):
    """Bends the logits of a tagger by posterior signals; starts at nothing, and adds nothing where all are missing.

    It is given logits, not the tagger, and cuts their gradient: what it learns cannot reach the publish-time model.
    """

    def __init__(self, class_count: int, signal_count: int, hidden: int = 64):
        super().__init__()
        self.bend = nn.Sequential(
            nn.Linear(class_count + 2 * signal_count, hidden), nn.GELU(), nn.Linear(hidden, class_count)
        )
        nn.init.zeros_(self.bend[-1].weight)
        nn.init.zeros_(self.bend[-1].bias)

    def forward(self, publish_logits_BK: Tensor, later: Posterior) -> Tensor:
        logits_BK = publish_logits_BK.detach()
        mask_BS = later.signal_mask_BS.float()
        # Zeroing by product would let a NaN of a missing signal through.
        signals_BS = later.signals_BS.masked_fill(mask_BS == 0, 0.0)
        input_BX = torch.cat([logits_BK.softmax(-1), signals_BS, mask_BS], -1)
        return logits_BK + self.bend(input_BX) * mask_BS.amax(1, keepdim=True)
