"""The losses of pretraining, over states that a backbone gave. Where a batch has nothing to learn from, a loss is 0.

B batch, T tokens, F frames, D width, V width of a frame's embedding, N valid frames of the batch
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .masking import IGNORED


def masked_words(head: nn.Module, states_BTD: Tensor, targets_BT: Tensor) -> Tensor:
    """MLM: cross-entropy over the hidden words. Only they go through the head: its vocabulary is the dear part."""
    hidden_BT = targets_BT != IGNORED
    if not bool(hidden_BT.any()):
        return states_BTD.sum() * 0
    return F.cross_entropy(head(states_BTD[hidden_BT]), targets_BT[hidden_BT])


def masked_frames(predicted_BFV: Tensor, frames_BFV: Tensor, frame_mask_BF: Tensor, zeroed_BF: Tensor) -> Tensor:
    """MFM: which of all valid frames of the batch was it? Softmax of predicted · frame, over the zeroed places."""
    if not bool(zeroed_BF.any()):
        return predicted_BFV.sum() * 0
    valid_BF = frame_mask_BF > 0
    products_NN = predicted_BFV[valid_BF] @ frames_BFV[valid_BF].T
    asked_N = zeroed_BF[valid_BF]
    return F.cross_entropy(products_NN[asked_N], torch.nonzero(asked_N).flatten())


def contrast(text_BD: Tensor, video_BD: Tensor, temperature: float = 0.07) -> Tensor:
    """InfoNCE both ways between two views of the same items: ITC's, and MMA's."""
    similar_BB = F.normalize(text_BD, dim=-1) @ F.normalize(video_BD, dim=-1).T / temperature
    target_B = torch.arange(len(text_BD), device=text_BD.device)
    return (F.cross_entropy(similar_BB, target_B) + F.cross_entropy(similar_BB.T, target_B)) / 2
