"""A tagger with a second, wide way from text to leaves: what single characters, pairs and triples say by themselves.

B batch, T tokens, G grams, D width, L leaves
"""

import torch
from torch import Tensor, nn

from .heads import CoarseFineHead
from .inputs import AtPublish
from .tagger import Tagger

LENGTH_MAX = 3
BASE, PRIME = 1_000_003, 2**31 - 1


class WideTagger(Tagger):
    """Adds the grams' logits to those of the leaves. They start at 0: the new tagger is the one without them."""

    def __init__(self, backbone: nn.Module, head: CoarseFineHead, grams: "HashedGrams"):
        super().__init__(backbone, head)
        self.grams = grams

    def pooled_and_told(self, x: AtPublish) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        pooled_BP, (coarse_BC, fine_BL) = super().pooled_and_told(x)
        return pooled_BP, (coarse_BC, fine_BL + self.grams(x.ids_BT, x.text_mask_BT))


class HashedGrams(nn.Module):
    """Token 1- to 3-grams, each hashed to one of `buckets` vectors; their sum over the root of their number, scored."""

    def __init__(self, buckets: int, width: int, leaf_count: int, dropout: float):
        super().__init__()
        self.buckets = buckets
        self.vectors = nn.Embedding(buckets, width)
        nn.init.normal_(self.vectors.weight, std=width**-0.5)
        self.dropout, self.score = nn.Dropout(dropout), nn.Linear(width, leaf_count, bias=False)
        nn.init.zeros_(self.score.weight)

    def forward(self, ids_BT: Tensor, mask_BT: Tensor) -> Tensor:
        grams_BG, mask_BG = hashed(ids_BT, mask_BT, self.buckets)
        sum_BD = (self.vectors(grams_BG) * mask_BG[..., None]).sum(1)
        return self.score(self.dropout(sum_BD / mask_BG.sum(1, keepdim=True).clamp(min=1).sqrt()))


def hashed(ids_BT: Tensor, mask_BT: Tensor, buckets: int) -> tuple[Tensor, Tensor]:
    """Bucket of every gram, and a mask that is 1 where all its tokens are there."""
    grams, masks = [], []
    hash_BT, inside_BT = torch.zeros_like(ids_BT), torch.ones_like(mask_BT)
    for length in range(1, LENGTH_MAX + 1):
        if length > 1:
            hash_BT, inside_BT = hash_BT[:, :-1], inside_BT[:, :-1]
        # Ids count from 1 here: otherwise a gram that begins with id 0 would be the shorter one without it.
        hash_BT = (hash_BT * BASE + ids_BT[:, length - 1 :] + 1) % PRIME
        inside_BT = inside_BT * mask_BT[:, length - 1 :]
        grams.append(hash_BT % buckets)
        masks.append(inside_BT)
    return torch.cat(grams, 1), torch.cat(masks, 1)
