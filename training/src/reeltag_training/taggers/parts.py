"""Parts that the backbones share.

B batch, L length, D width, V width of a frame's embedding
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..layers.attention import FeedForward, SelfAttention

HIDDEN = -10000.0


@dataclass(frozen=True)
class BackboneConfig:
    vocabulary: int
    frame_width: int = 192
    width: int = 128
    heads: int = 4
    layers: int = 2
    # LXMERT's: rounds in which each stream queries the other; two streams only.
    cross_layers: int = 3
    text_max: int = 128
    frames_max: int = 32
    dropout: float = 0.1
    # Of hashed grams; for the backbone of grams only.
    buckets: int = 65536


class Enter(nn.Module):
    """Position and type added, normalised. Positions restart for every stream."""

    def __init__(self, config: BackboneConfig, length_max: int):
        super().__init__()
        self.positions = nn.Parameter(torch.randn(length_max, config.width) * 0.02)
        self.stream = nn.Parameter(torch.randn(config.width) * 0.02)
        self.norm, self.dropout = nn.LayerNorm(config.width, eps=1e-12), nn.Dropout(config.dropout)

    def forward(self, x_BLD: Tensor) -> Tensor:
        length, most = x_BLD.shape[1], len(self.positions)
        if length > most:
            raise ValueError(f"a sequence of {length} is longer than the {most} that this model was made for")
        return self.dropout(self.norm(x_BLD + self.positions[:length] + self.stream))


class TextEntry(nn.Module):
    def __init__(self, config: BackboneConfig):
        super().__init__()
        self.words = nn.Embedding(config.vocabulary, config.width)
        nn.init.normal_(self.words.weight, std=0.02)
        self.enter = Enter(config, config.text_max)

    def forward(self, ids_BL: Tensor) -> Tensor:
        return self.enter(self.words(ids_BL))


class FrameEntry(nn.Module):
    def __init__(self, config: BackboneConfig):
        super().__init__()
        self.project = nn.Linear(config.frame_width, config.width)
        self.enter = Enter(config, config.frames_max)

    def forward(self, frames_BLV: Tensor) -> Tensor:
        return self.enter(self.project(frames_BLV))


class EncoderLayer(nn.Module):
    """Post-norm, as BERT's."""

    def __init__(self, config: BackboneConfig):
        super().__init__()
        self.attention = SelfAttention(config.width, config.heads)
        self.feed = FeedForward(config.width, F.gelu)
        self.norm_attention, self.norm_feed = (nn.LayerNorm(config.width, eps=1e-12) for _ in range(2))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x_BLD: Tensor, mask_BL: Tensor) -> Tensor:
        bias_B11L = (1 - mask_BL.to(x_BLD.dtype))[:, None, None] * HIDDEN
        x_BLD = self.norm_attention(x_BLD + self.dropout(self.attention(x_BLD, bias_B11L)))
        return self.norm_feed(x_BLD + self.dropout(self.feed(x_BLD)))


class Encoder(nn.Module):
    def __init__(self, config: BackboneConfig):
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.layers))

    def forward(self, x_BLD: Tensor, mask_BL: Tensor) -> Tensor:
        for layer in self.layers:
            x_BLD = layer(x_BLD, mask_BL)
        return x_BLD
