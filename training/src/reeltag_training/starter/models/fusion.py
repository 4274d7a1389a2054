"""The fusion head: two experts and two-stream cross-attention over them.

Each stream has an expert: the vision tower's own leaf head, averaged over frames, and a leaf head on the title. Their
product is the baseline. Cross-attention (frames query the title, the title queries the frames) may bend it: it sets
the exponent of each expert and adds to the logits, and both start at nothing, so training starts from the product.
A missing modality adds nothing: its expert is masked, and there is nothing to cross.

B batch, F frames, T tokens, E served width of a frame, V vision width, P place width, D text width, K leaves,
M motions, L query length, S key length
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ...layers.cross import CrossLayer, masked_mean
from .motion import MotionHead


@dataclass(frozen=True)
class FusionConfig:
    leaves: int
    vision_width: int = 192
    width: int = 128
    heads: int = 4
    # High: cross-attention sees one art family only, and learns to read its drawings instead of weighing the streams.
    dropout: float = 0.5
    cross: bool = True


class TitleExpert(nn.Module):
    def __init__(self, width: int, leaf_count: int):
        super().__init__()
        self.hidden = nn.Linear(2 * width, width)
        self.leaf = nn.Linear(width, leaf_count)

    def forward(self, tokens_BTD: Tensor, mask_BT: Tensor) -> Tensor:
        pooled_BD = torch.cat([tokens_BTD[:, 0], masked_mean(tokens_BTD, mask_BT)], -1)
        return self.leaf(torch.tanh(self.hidden(pooled_BD))).log_softmax(-1)


class FusionHead(nn.Module):
    def __init__(self, config: FusionConfig):
        super().__init__()
        d, k = config.width, config.leaves
        self.cross = config.cross
        self.frame_expert = nn.Linear(config.vision_width, k)
        self.title_expert = TitleExpert(d, k)
        self.frame_scale = nn.Parameter(torch.ones(1))
        if config.cross:
            self.enter = nn.Linear(config.vision_width, d)
            self.enter_norm = nn.LayerNorm(d)
            self.frames_ask = CrossLayer(d, config.heads, config.dropout)
            self.title_asks = CrossLayer(d, config.heads, config.dropout)
            self.dropout = nn.Dropout(config.dropout)
            self.bend = nn.Linear(2 * d, k)
            self.exponents = nn.Linear(2 * d + 4, 2)
            for layer in (self.bend, self.exponents):
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(
        self, frames_BFV: Tensor, frame_mask_BF: Tensor, text_tokens_BTD: Tensor, text_mask_BT: Tensor
    ) -> Tensor:
        has_frames_B1 = frame_mask_BF.amax(1, keepdim=True)
        has_text_B1 = text_mask_BT.amax(1, keepdim=True)
        frames_BK = masked_mean(self.frame_expert(frames_BFV).log_softmax(-1), frame_mask_BF) * self.frame_scale
        title_BK = self.title_expert(text_tokens_BTD, text_mask_BT) * has_text_B1
        if not self.cross:
            return frames_BK + title_BK
        video_BFD = self.enter_norm(self.enter(frames_BFV))
        asked_frames_BFD = self.frames_ask(video_BFD, text_tokens_BTD, text_mask_BT)
        asked_title_BTD = self.title_asks(text_tokens_BTD, video_BFD, frame_mask_BF)
        joint_BD = torch.cat(
            [masked_mean(asked_frames_BFD, frame_mask_BF), masked_mean(asked_title_BTD, text_mask_BT)], -1
        )
        joint_BD = self.dropout(joint_BD)
        doubt_B4 = torch.cat([expert_doubt(frames_BK), expert_doubt(title_BK)], -1)
        both_B1 = has_frames_B1 * has_text_B1
        exponents_B2 = 1 + self.exponents(torch.cat([joint_BD, doubt_B4], -1)) * both_B1
        product_BK = frames_BK * exponents_B2[:, :1] + title_BK * exponents_B2[:, 1:]
        return product_BK + self.bend(joint_BD) * both_B1


class ServedFusion(nn.Module):
    """What is exported. Frames are what the vision tower serves: what is seen, and behind it where."""

    def __init__(self, subject: FusionHead, vision_width: int, motion: MotionHead):
        super().__init__()
        self.subject, self.motion, self.vision_width = subject, motion, vision_width

    def forward(
        self, frames_BFE: Tensor, frame_mask_BF: Tensor, text_tokens_BTD: Tensor, text_mask_BT: Tensor
    ) -> tuple[Tensor, Tensor]:
        """(logits of the subject [B, K], of the motions [B, M])."""
        what_BFV, where_BFP = frames_BFE[..., : self.vision_width], frames_BFE[..., self.vision_width :]
        logits_BK = self.subject(what_BFV, frame_mask_BF, text_tokens_BTD, text_mask_BT)
        return logits_BK, self.motion(where_BFP, frame_mask_BF)


def expert_doubt(scores_BK: Tensor) -> Tensor:
    """How sure an expert is: its greatest probability and its entropy."""
    p_BK = scores_BK.softmax(-1)
    return torch.cat([p_BK.amax(-1, keepdim=True), -(p_BK * (p_BK + 1e-9).log()).sum(-1, keepdim=True) / 5], -1)
