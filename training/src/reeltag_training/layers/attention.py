"""Self-attention and the feed-forward part that both towers share.

B batch, L length, D width, H heads, Q queries
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn


def quick_gelu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(1.702 * x)


def attend(q_BQD: Tensor, k_BLD: Tensor, v_BLD: Tensor, heads: int, bias_B11L: Tensor | None = None) -> Tensor:
    """Softmax of the scaled products, plus `bias`, over the values; Q queries."""
    # Sizes are literals where they are known: what is computed from shapes clutters the exported graph.
    size = q_BQD.shape[-1] // heads
    q, k, v = (x.reshape(x.shape[0], -1, heads, size).transpose(1, 2) for x in (q_BQD, k_BLD, v_BLD))
    scores_BHQL = (q * size**-0.5) @ k.transpose(2, 3)
    if bias_B11L is not None:
        scores_BHQL = scores_BHQL + bias_B11L
    mixed = (scores_BHQL.softmax(-1) @ v).transpose(1, 2)
    return mixed.reshape(mixed.shape[0], -1, heads * size)


class SelfAttention(nn.Module):
    """Queries, keys and values come from one product: three narrow ones are slower on every device."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.width, self.heads = width, heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x_BLD: Tensor, bias_B11L: Tensor | None = None) -> Tensor:
        q_BLD, k_BLD, v_BLD = self.qkv(x_BLD).split(self.width, -1)
        return self.out(attend(q_BLD, k_BLD, v_BLD, self.heads, bias_B11L))


class FeedForward(nn.Module):
    def __init__(self, width: int, activation: Callable[[Tensor], Tensor]):
        super().__init__()
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.activation = activation

    def forward(self, x_BLD: Tensor) -> Tensor:
        return self.down(self.activation(self.up(x_BLD)))
