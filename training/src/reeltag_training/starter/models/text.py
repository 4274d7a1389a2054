"""The text encoder: BERT's shape (post-norm, erf GELU, eps 1e-12), two layers of 128, one vector a token.

B batch, T tokens, D width, H heads, K leaves
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...layers.cross import split_heads


@dataclass(frozen=True)
class TextConfig:
    vocabulary: int
    width: int = 128
    layers: int = 2
    heads: int = 4
    length_max: int = 48


class BertLayer(nn.Module):
    def __init__(self, config: TextConfig):
        super().__init__()
        d = config.width
        self.heads = config.heads
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        self.norm_attention, self.norm_output = (nn.LayerNorm(d, eps=1e-12) for _ in range(2))
        self.dropout = nn.Dropout(0.1)

    def forward(self, x_BTD: Tensor, bias_B11T: Tensor) -> Tensor:
        q, k, v = (split_heads(part, self.heads) for part in self.qkv(x_BTD).chunk(3, -1))
        weights_BHTT = (q @ k.transpose(2, 3) * (q.shape[-1] ** -0.5) + bias_B11T).softmax(-1)
        mixed_BTD = (weights_BHTT @ v).transpose(1, 2).flatten(2)
        x_BTD = self.norm_attention(x_BTD + self.dropout(self.out(mixed_BTD)))
        return self.norm_output(x_BTD + self.dropout(self.down(F.gelu(self.up(x_BTD)))))


class TextEncoder(nn.Module):
    def __init__(self, config: TextConfig):
        super().__init__()
        self.words = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Parameter(torch.randn(config.length_max, config.width) * 0.02)
        nn.init.normal_(self.words.weight, std=0.02)
        self.norm = nn.LayerNorm(config.width, eps=1e-12)
        self.layers = nn.ModuleList(BertLayer(config) for _ in range(config.layers))

    def forward(self, ids_BT: Tensor, mask_BT: Tensor) -> Tensor:
        bias_B11T = (1 - mask_BT.float())[:, None, None] * -10000.0
        x_BTD = self.norm(self.words(ids_BT) + self.positions[: ids_BT.shape[1]])
        for layer in self.layers:
            x_BTD = layer(x_BTD, bias_B11T)
        return x_BTD
