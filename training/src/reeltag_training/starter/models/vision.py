"""The vision tower: a small residual network in the shape of Chinese-CLIP's RN50, one embedding a frame.

B batch, C channels, H and W pixels, D embedding, K leaves, P place
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# The blocks behind which the map is an eighth of the frame's side.
MAP_AFTER = 6


@dataclass(frozen=True)
class VisionConfig:
    width: int = 24
    embedding: int = 192
    # Convolution carries over from 64 to 96 pixels, so only the last part of training pays for the larger frame.
    side: int = 96


class ResidualBlock(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, stride: int):
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels_out)
        self.second = nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels_out)
        self.shortcut = nn.Identity()
        if stride > 1 or channels_in != channels_out:
            # Average before the 1×1, as CLIP's ResNets do: a strided 1×1 would look at every fourth pixel only.
            self.shortcut = nn.Sequential(nn.AvgPool2d(stride), nn.Conv2d(channels_in, channels_out, 1, bias=False))

    def forward(self, x_BCHW: Tensor) -> Tensor:
        y_BCHW = F.relu(self.first_norm(self.first(x_BCHW)))
        return F.relu(self.shortcut(x_BCHW) + self.second_norm(self.second(y_BCHW)))


class VisionTower(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        w = config.width
        self.stem = nn.Sequential(nn.Conv2d(3, w, 3, 2, 1, bias=False), nn.BatchNorm2d(w), nn.ReLU())
        plan = [(w, w, 1), (w, w, 1), (w, 2 * w, 2), (2 * w, 2 * w, 1)]
        plan += [(2 * w, 4 * w, 2), (4 * w, 4 * w, 1), (4 * w, 8 * w, 2), (8 * w, 8 * w, 1)]
        self.blocks = nn.Sequential(*(ResidualBlock(*step) for step in plan))
        self.project = nn.Linear(8 * w, config.embedding, bias=False)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        return self.look(x_BCHW)[0]

    def look(self, x_BCHW: Tensor) -> tuple[Tensor, Tensor]:
        """What is seen [B, D], and the map in which it is still known where [B, 4·width, H/8, W/8]."""
        map_BCHW = self.blocks[:MAP_AFTER](self.stem(x_BCHW))
        return self.project(self.blocks[MAP_AFTER:](map_BCHW).mean((2, 3))), map_BCHW


class VisionClassifier(nn.Module):
    """The tower with one head a level of the tree; only the tower and the leaf head are kept."""

    def __init__(self, config: VisionConfig, leaf_count: int, sub_count: int, group_count: int):
        super().__init__()
        self.tower = VisionTower(config)
        self.leaf = nn.Linear(config.embedding, leaf_count)
        self.sub = nn.Linear(config.embedding, sub_count)
        self.group = nn.Linear(config.embedding, group_count)

    def forward(self, x_BCHW: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        z_BD = self.tower(x_BCHW)
        return self.leaf(z_BD), self.sub(z_BD), self.group(z_BD)


def normalise(frames_BHWC: Tensor) -> Tensor:
    """uint8 RGB to [-1, 1], channels last in memory: 40 % faster on CPU."""
    return (frames_BHWC.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


class PlaceGrid(nn.Module):
    """Where in the frame things are, on a coarse grid: one pooled vector does not distinguish left from right."""

    def __init__(self, width: int, cells: int = 4, depth: int = 16):
        super().__init__()
        self.cells, self.width = cells, cells * cells * depth
        self.project = nn.Conv2d(4 * width, depth, 1)

    def pool(self, map_BCHW: Tensor) -> Tensor:
        """[B, 4·width, cells, cells]; the side of the map is a multiple of `cells`."""
        return F.avg_pool2d(map_BCHW, map_BCHW.shape[-1] // self.cells)

    def forward(self, pooled_BCGG: Tensor) -> Tensor:
        return self.project(pooled_BCGG).flatten(1)


class ServedVisionTower(nn.Module):
    """What is exported: uint8 frames in, embeddings out: what is seen, and behind it where."""

    def __init__(self, tower: VisionTower, place: PlaceGrid):
        super().__init__()
        self.tower, self.place = tower, place

    def forward(self, frames_BHWC: Tensor) -> Tensor:
        what_BD, map_BCHW = self.tower.look(frames_BHWC.permute(0, 3, 1, 2).float() / 127.5 - 1)
        return torch.cat([what_BD, self.place(self.place.pool(map_BCHW))], 1)
