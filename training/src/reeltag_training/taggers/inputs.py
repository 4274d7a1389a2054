"""What a tagger may look at, and when. The two moments are two types, so that one cannot be passed for the other.

B batch, T tokens, F frames, V width of a frame's embedding, S signals
"""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class AtPublish:
    """Known when a video is published. Masks are 1 where there is something; a missing modality is all 0."""

    ids_BT: Tensor
    text_mask_BT: Tensor
    frames_BFV: Tensor
    frame_mask_BF: Tensor


@dataclass(frozen=True)
class Posterior:
    """Known only later: likes, completion, comments, one number each, on a scale near 1. Mask as above."""

    signals_BS: Tensor
    signal_mask_BS: Tensor
