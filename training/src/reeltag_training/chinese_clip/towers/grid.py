"""Learned positions at other resolutions than they were learnt at.

L tokens (the class token, then the grid row by row), D width
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def resample_positions(positions_LD: Tensor, grid: int) -> Tensor:
    """The class token's position is kept; the square grid of the others is stretched, bicubic, corners aligned."""
    side = round(max(len(positions_LD) - 1, 0) ** 0.5)
    if side == grid or side * side + 1 != len(positions_LD):
        return positions_LD
    old_1DSS = positions_LD[1:].reshape(1, side, side, -1).permute(0, 3, 1, 2)
    new_1DSS = F.interpolate(old_1DSS, size=(grid, grid), mode="bicubic", align_corners=True)
    return torch.cat([positions_LD[:1], new_1DSS.permute(0, 2, 3, 1).reshape(grid * grid, -1)])
