"""Chinese-CLIP's vision transformer: pre-norm blocks, QuickGELU, the class token's state projected.

B batch, C channels, S side, P patches, L = P + 1 tokens, D width, E embedding, G = 16 cells of the pooled grid
"""

import torch
from torch import Tensor, nn

from ...layers.attention import FeedForward, SelfAttention, quick_gelu
from .grid_weights import pooling_weights
from .sizes import VitConfig


class VitBlock(nn.Module):
    def __init__(self, config: VitConfig):
        super().__init__()
        self.norm_attention, self.norm_feed = nn.LayerNorm(config.width), nn.LayerNorm(config.width)
        self.attention = SelfAttention(config.width, config.heads)
        self.feed = FeedForward(config.width, quick_gelu)

    def forward(self, x_BLD: Tensor) -> Tensor:
        x_BLD = x_BLD + self.attention(self.norm_attention(x_BLD))
        return x_BLD + self.feed(self.norm_feed(x_BLD))


class Vit(nn.Module):
    def __init__(self, config: VitConfig, embedding: int):
        super().__init__()
        d = config.width
        self.patches = nn.Conv2d(3, d, config.patch, config.patch, bias=False)
        self.cls = nn.Parameter(torch.randn(d) * d**-0.5)
        self.positions = nn.Parameter(torch.randn(config.grid**2 + 1, d) * d**-0.5)
        self.norm_pre, self.norm_post = nn.LayerNorm(d), nn.LayerNorm(d)
        self.blocks = nn.Sequential(*(VitBlock(config) for _ in range(config.layers)))
        self.project = nn.Linear(d, embedding, bias=False)
        self.register_buffer("pooling_GP", torch.from_numpy(pooling_weights(config.grid)), persistent=False)

    def states(self, x_BCSS: Tensor) -> Tensor:
        patches_BPD = self.patches(x_BCSS).flatten(2).transpose(1, 2)
        cls_B1D = self.cls.expand(x_BCSS.shape[0], 1, -1)
        return self.blocks(self.norm_pre(torch.cat([cls_B1D, patches_BPD], 1) + self.positions))

    def forward(self, x_BCSS: Tensor) -> Tensor:
        return self.project(self.norm_post(self.states(x_BCSS)[:, 0]))

    def tokens(self, x_BCSS: Tensor) -> Tensor:
        """[B, 1 + G, E]: the embedding before it is normalised, then a 4×4 grid in the same space."""
        x_BLD = self.norm_post(self.states(x_BCSS))
        return self.project(torch.cat([x_BLD[:, :1], self.pooling_GP @ x_BLD[:, 1:]], 1))
