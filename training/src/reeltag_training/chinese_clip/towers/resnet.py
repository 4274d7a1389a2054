"""Chinese-CLIP's RN50: three convolutions as stem, average pooling before every stride, attention as the last pool.

B batch, C channels, S side, P cells of the last map, L = P + 1, D features, E embedding, G pooled cells
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...layers.attention import attend
from .grid_weights import pooling_weights
from .sizes import ResnetConfig

EXPANSION = 4


class ConvNorm(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x_BCSS: Tensor) -> Tensor:
        return self.norm(self.conv(x_BCSS))


class Bottleneck(nn.Module):
    def __init__(self, channels_in: int, planes: int, stride: int):
        super().__init__()
        self.reduce = ConvNorm(channels_in, planes, 1)
        self.mix = ConvNorm(planes, planes, 3)
        self.expand = ConvNorm(planes, planes * EXPANSION, 1)
        self.pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        reshapes = stride > 1 or channels_in != planes * EXPANSION
        self.shortcut = ConvNorm(channels_in, planes * EXPANSION, 1) if reshapes else None

    def forward(self, x_BCSS: Tensor) -> Tensor:
        y_BCSS = F.relu(self.mix(F.relu(self.reduce(x_BCSS))))
        y_BCSS = self.expand(self.pool(y_BCSS))
        shortcut = x_BCSS if self.shortcut is None else self.shortcut(self.pool(x_BCSS))
        return F.relu(y_BCSS + shortcut)


class AttentionPool(nn.Module):
    """The mean of all cells asks; cells and mean answer."""

    def __init__(self, config: ResnetConfig, embedding: int):
        super().__init__()
        d = config.features
        self.heads = config.heads
        self.positions = nn.Parameter(torch.randn(config.grid**2 + 1, d) * d**-0.5)
        self.query, self.key, self.value = (nn.Linear(d, d) for _ in range(3))
        self.out = nn.Linear(d, embedding)
        self.register_buffer("pooling_GP", torch.from_numpy(pooling_weights(config.grid)), persistent=False)

    def enter(self, x_BDSS: Tensor) -> Tensor:
        cells_BPD = x_BDSS.flatten(2).transpose(1, 2)
        return torch.cat([cells_BPD.mean(1, keepdim=True), cells_BPD], 1) + self.positions

    def forward(self, x_BDSS: Tensor) -> Tensor:
        x_BLD = self.enter(x_BDSS)
        return self.out(self._ask(x_BLD, self.value(x_BLD)))[:, 0]

    def tokens(self, x_BDSS: Tensor) -> Tensor:
        """[B, 1 + G, E]: a cell is projected as if all attention were on it."""
        x_BLD = self.enter(x_BDSS)
        values_BLD = self.value(x_BLD)
        return self.out(torch.cat([self._ask(x_BLD, values_BLD), self.pooling_GP @ values_BLD[:, 1:]], 1))

    def _ask(self, x_BLD: Tensor, values_BLD: Tensor) -> Tensor:
        return attend(self.query(x_BLD[:, :1]), self.key(x_BLD), values_BLD, self.heads)


class Resnet(nn.Module):
    def __init__(self, config: ResnetConfig, embedding: int):
        super().__init__()
        w = config.width
        self.stem = nn.ModuleList([ConvNorm(3, w // 2, 3, 2), ConvNorm(w // 2, w // 2, 3), ConvNorm(w // 2, w, 3)])
        channels, stages = w, []
        for index, count in enumerate(config.layers):
            planes = w * 2**index
            blocks = [Bottleneck(channels, planes, 1 if index == 0 else 2)]
            channels = planes * EXPANSION
            blocks += [Bottleneck(channels, planes, 1) for _ in range(count - 1)]
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.Sequential(*stages)
        self.pool = AttentionPool(config, embedding)

    def features(self, x_BCSS: Tensor) -> Tensor:
        for layer in self.stem:
            x_BCSS = F.relu(layer(x_BCSS))
        return self.stages(F.avg_pool2d(x_BCSS, 2))

    def forward(self, x_BCSS: Tensor) -> Tensor:
        return self.pool(self.features(x_BCSS))

    def tokens(self, x_BCSS: Tensor) -> Tensor:
        return self.pool.tokens(self.features(x_BCSS))
