"""The motion head: what happens, from where things are in one frame after the other.

B batch, F frames, P place width, H hidden, A axes of motion, M = 2·A motions
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...corpus.motion import FACETS


class MotionHead(nn.Module):
    """Compares every frame with every later one.

    A pair counts positively in its order and negatively in the other, so a clip and its reversal get opposite scores by
    construction, a clip that stands still gets none, and single frames and averages cannot be learnt from. Per axis one
    score decides between its two directions; neither is likely while it is small.
    """

    def __init__(self, place_width: int, hidden: int = 128, dropout: float = 0.3):
        super().__init__()
        self.first = nn.Linear(place_width, hidden)
        self.second = nn.Linear(place_width, hidden, bias=False)
        self.distance = nn.Parameter(torch.zeros(hidden))
        self.dropout = nn.Dropout(dropout)
        self.axes = nn.Linear(hidden, len(FACETS), bias=False)
        self.stillness = nn.Parameter(torch.ones(len(FACETS)))

    def scores(self, where_BFP: Tensor, mask_BF: Tensor) -> Tensor:
        """[B, A]: how far the clip goes towards the second direction of each axis."""
        at_F = torch.cumsum(torch.ones_like(mask_BF[:1]), 1)[0]
        ahead_FF = at_F[None, :] - at_F[:, None]
        apart_FF = ahead_FF.abs() / at_F.amax()
        hidden_BFFH = F.relu(
            self.first(where_BFP)[:, :, None] + self.second(where_BFP)[:, None] + apart_FF[..., None] * self.distance
        )
        pairs_BFF = mask_BF[:, :, None] * mask_BF[:, None, :] * ahead_FF.sign()
        count_B1 = pairs_BFF.abs().sum((1, 2)).clamp(min=1)[:, None]
        return self.axes(self.dropout((hidden_BFFH * pairs_BFF[..., None]).sum((1, 2)) / count_B1))

    def forward(self, where_BFP: Tensor, mask_BF: Tensor) -> Tensor:
        """Logits [B, M] in the order of `motions()`."""
        scores_BA, still_A = self.scores(where_BFP, mask_BF), F.softplus(self.stillness)
        return torch.stack([-scores_BA - still_A, scores_BA - still_A], -1).flatten(1)
