"""A tagger with a second, wide way from text to leaves: what single characters, pairs and triples say by themselves.

B batch, T tokens, L leaves
"""

from torch import Tensor, nn

from .grams import GramVectors
from .heads import CoarseFineHead
from .inputs import AtPublish
from .tagger import Tagger


class WideTagger(Tagger):
    """Adds the grams' logits to those of the leaves. They start at 0: the new tagger is the one without them."""

    def __init__(self, backbone: nn.Module, head: CoarseFineHead, grams: "HashedGrams"):
        super().__init__(backbone, head)
        self.grams = grams

    def pooled_and_output(self, x: AtPublish) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        pooled_BP, (coarse_BC, fine_BL) = super().pooled_and_output(x)
        return pooled_BP, (coarse_BC, fine_BL + self.grams(x.ids_BT, x.text_mask_BT))


class HashedGrams(GramVectors):
    """Grams' vectors, scored for every leaf."""

    def __init__(self, buckets: int, width: int, leaf_count: int, dropout: float):
        super().__init__(buckets, width, dropout)
        self.score = nn.Linear(width, leaf_count, bias=False)
        nn.init.zeros_(self.score.weight)

    def forward(self, ids_BT: Tensor, mask_BT: Tensor) -> Tensor:
        return self.score(self.dropout(self.summed(ids_BT, mask_BT)))
