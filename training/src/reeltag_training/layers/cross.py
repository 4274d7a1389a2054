"""Attention from one stream to another, and the mean over what is there.

B batch, L query length, S key length, T tokens, D width, H heads
"""

import torch
from torch import Tensor, nn


class CrossLayer(nn.Module):
    """One stream queries the other; a learned null token keeps the softmax finite when the other is empty."""

    def __init__(self, width: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.query, self.key_value, self.out = (
            nn.Linear(width, width),
            nn.Linear(width, 2 * width),
            nn.Linear(width, width),
        )
        self.norm, self.norm_output = nn.LayerNorm(width), nn.LayerNorm(width)
        self.feed = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * width, width)
        )
        self.null = nn.Parameter(torch.randn(width) * 0.02)

    def forward(self, x_BLD: Tensor, other_BSD: Tensor, mask_BS: Tensor) -> Tensor:
        null_B1D = self.null.expand(other_BSD.shape[0], 1, -1)
        keys_BSD = torch.cat([null_B1D, other_BSD], 1)
        seen_BS = torch.cat([torch.ones_like(mask_BS[:, :1]), mask_BS], 1)
        q = split_heads(self.query(x_BLD), self.heads)
        k, v = (split_heads(part, self.heads) for part in self.key_value(keys_BSD).chunk(2, -1))
        scores_BHLS = q @ k.transpose(2, 3) * (q.shape[-1] ** -0.5) + ((1 - seen_BS) * -10000.0)[:, None, None]
        x_BLD = self.norm(x_BLD + self.out((scores_BHLS.softmax(-1) @ v).transpose(1, 2).flatten(2)))
        return self.norm_output(x_BLD + self.feed(x_BLD))


def masked_mean(x_BSD: Tensor, mask_BS: Tensor) -> Tensor:
    """Zero where the whole mask is."""
    return (x_BSD * mask_BS[..., None]).sum(1) / mask_BS.sum(1, keepdim=True).clamp(min=1)


def split_heads(x_BTD: Tensor, heads: int) -> Tensor:
    return x_BTD.unflatten(-1, (heads, -1)).transpose(1, 2)
