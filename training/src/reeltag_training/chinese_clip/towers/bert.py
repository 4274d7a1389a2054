"""Chinese-CLIP's text tower: BERT (post-norm, erf GELU, eps 1e-12) without a pooler; the [CLS] state is projected.

B batch, T tokens, D width, E embedding
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...layers.attention import FeedForward, SelfAttention
from .sizes import BertConfig

EPS = 1e-12
HIDDEN = -10000.0


class BertLayer(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        self.attention = SelfAttention(config.width, config.heads)
        self.feed = FeedForward(config.width, F.gelu)
        self.norm_attention, self.norm_feed = (nn.LayerNorm(config.width, eps=EPS) for _ in range(2))

    def forward(self, x_BTD: Tensor, bias_B11T: Tensor) -> Tensor:
        x_BTD = self.norm_attention(x_BTD + self.attention(x_BTD, bias_B11T))
        return self.norm_feed(x_BTD + self.feed(x_BTD))


class Bert(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        d = config.width
        self.words, self.positions = nn.Embedding(config.vocabulary, d), nn.Embedding(config.positions, d)
        self.segments = nn.Embedding(config.segments, d)
        for table in (self.words, self.positions, self.segments):
            nn.init.normal_(table.weight, std=0.02)
        self.norm = nn.LayerNorm(d, eps=EPS)
        self.layers = nn.ModuleList(BertLayer(config) for _ in range(config.layers))

    def forward(self, ids_BT: Tensor, mask_BT: Tensor) -> Tensor:
        """[B, T, D] states. A text is one segment, so only the first row of the segment table is ever used."""
        where_TD = self.positions.weight[: ids_BT.shape[1]] + self.segments.weight[0]
        x_BTD = self.norm(self.words(ids_BT) + where_TD)
        bias_B11T = (1 - mask_BT.to(x_BTD.dtype))[:, None, None] * HIDDEN
        for layer in self.layers:
            x_BTD = layer(x_BTD, bias_B11T)
        return x_BTD


def mask_of(ids_BT: Tensor) -> Tensor:
    """[PAD] is 0 and nothing else is."""
    return (ids_BT != 0).long()


class TextTower(nn.Module):
    def __init__(self, config: BertConfig, embedding: int):
        super().__init__()
        self.bert = Bert(config)
        self.project = nn.Linear(config.width, embedding, bias=False)
        torch.nn.init.normal_(self.project.weight, std=config.width**-0.5)

    def forward(self, ids_BT: Tensor, mask_BT: Tensor) -> Tensor:
        return self.project(self.bert(ids_BT, mask_BT)[:, 0])
