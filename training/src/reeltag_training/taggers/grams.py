"""What single characters, pairs and triples say by themselves: hashed to vectors, weighted by rarity, summed.

B batch, T tokens, G grams, D width
"""

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LENGTH_MAX = 3
BASE, PRIME = 1_000_003, 2**31 - 1


class GramVectors(nn.Module):
    """Token 1- to 3-grams, each hashed to one of `buckets` vectors; their weighted sum over the weights' norm.

    `rarity` weighs a bucket; `weigh` makes it idf, without which stock phrases drown what is rare. In training, grams
    are left out at random, as the dropout says, so that no single one is relied on.
    """

    def __init__(self, buckets: int, width: int, dropout: float):
        super().__init__()
        self.buckets = buckets
        self.vectors = nn.Embedding(buckets, width)
        nn.init.normal_(self.vectors.weight, std=width**-0.5)
        self.register_buffer("rarity", torch.ones(buckets))
        self.dropout = nn.Dropout(dropout)

    def summed(self, ids_BT: Tensor, mask_BT: Tensor) -> Tensor:
        """[B, D]; 0 where there is no text."""
        return self.by_token(ids_BT, mask_BT).sum(1)

    def by_token(self, ids_BT: Tensor, mask_BT: Tensor) -> Tensor:
        """[B, T, D] whose sum is the text's vector: at each token, its share of the grams that begin there."""
        grams_BG, mask_BG = hashed(ids_BT, mask_BT, self.buckets)
        weights_BG = mask_BG * self.rarity[grams_BG]
        norm_B11 = weights_BG.square().sum(1).clamp(min=1).sqrt()[:, None, None]
        share_BGD = self.vectors(grams_BG) * self.dropout(weights_BG)[..., None] / norm_B11
        return share_BGD.unflatten(1, (LENGTH_MAX, ids_BT.shape[1])).sum(1)

    def weigh(self, texts: Iterable[Tensor]) -> None:
        """Sets `rarity` to ln((1 + n) / (1 + n_bucket)) + 1 of n texts, each the ids [T] of one."""
        counts, total = torch.zeros(self.buckets), 0
        for ids_T in texts:
            grams_1G, mask_1G = hashed(ids_T[None], torch.ones(1, len(ids_T)), self.buckets)
            counts[grams_1G[mask_1G > 0].unique()] += 1
            total += 1
        self.rarity.copy_(((1 + total) / (1 + counts)).log() + 1)


def hashed(ids_BT: Tensor, mask_BT: Tensor, buckets: int) -> tuple[Tensor, Tensor]:
    """Bucket of every gram [B, G], and a mask that is 1 where all its tokens are there. G is length by length, a gram
    for the token that it begins with, also where it would reach beyond the text.
    """
    grams, masks = [], []
    count = ids_BT.shape[1]
    # Room behind the last token, so that every length has as many grams.
    ids_BX, mask_BX = (F.pad(x, (0, LENGTH_MAX - 1)) for x in (ids_BT, mask_BT))
    hash_BT, inside_BT = torch.zeros_like(ids_BT), torch.ones_like(mask_BT)
    for at in range(LENGTH_MAX):
        # Ids count from 1 here: otherwise a gram that begins with id 0 would be the shorter one without it.
        hash_BT = (hash_BT * BASE + ids_BX[:, at : at + count] + 1) % PRIME
        inside_BT = inside_BT * mask_BX[:, at : at + count]
        grams.append(hash_BT % buckets)
        masks.append(inside_BT)
    return torch.cat(grams, 1), torch.cat(masks, 1)
