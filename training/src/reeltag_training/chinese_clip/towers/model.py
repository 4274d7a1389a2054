"""Both towers and what joins them.

B batch, S side, T tokens, E embedding
"""

import math

import torch
from torch import Tensor, nn

from .bert import TextTower
from .resnet import Resnet
from .sizes import PIXEL_MEAN, PIXEL_STD, ClipConfig, ResnetConfig
from .vit import Vit


class ChineseClip(nn.Module):
    def __init__(self, config: ClipConfig):
        super().__init__()
        self.config = config
        tower = Resnet if isinstance(config.vision, ResnetConfig) else Vit
        self.vision = tower(config.vision, config.embedding)
        self.text = TextTower(config.text, config.embedding)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))


class ServedVision(nn.Module):
    """uint8 [B, S, S, 3] → embeddings [B, E] of length 1, and tokens [B, 17, E]."""

    def __init__(self, tower: Vit | Resnet):
        super().__init__()
        self.tower = tower
        # One multiplication and one addition a pixel instead of a division, a subtraction and a division.
        std, mean = torch.tensor(PIXEL_STD), torch.tensor(PIXEL_MEAN)
        self.register_buffer("scale_C11", (1 / (255 * std))[:, None, None])
        self.register_buffer("shift_C11", (-mean / std)[:, None, None])

    def pixels(self, frames_BSSC: Tensor) -> Tensor:
        return frames_BSSC.permute(0, 3, 1, 2).to(self.scale_C11.dtype) * self.scale_C11 + self.shift_C11

    def forward(self, frames_BSSC: Tensor) -> tuple[Tensor, Tensor]:
        tokens_BGE = self.tower.tokens(self.pixels(frames_BSSC))
        return unit(tokens_BGE[:, 0]), tokens_BGE


class ServedText(nn.Module):
    """ids and mask [B, T] → embeddings [B, E] of length 1, and the state of every token [B, T, D]."""

    def __init__(self, tower: TextTower):
        super().__init__()
        self.tower = tower

    def forward(self, ids_BT: Tensor, mask_BT: Tensor) -> tuple[Tensor, Tensor]:
        states_BTD = self.tower.bert(ids_BT, mask_BT)
        return unit(self.tower.project(states_BTD[:, 0])), states_BTD


def unit(x: Tensor) -> Tensor:
    return x / x.norm(dim=-1, keepdim=True)
