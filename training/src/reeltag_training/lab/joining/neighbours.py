"""Labels for a pool by retrieval: what the nearest labelled items agree on.

N items of the pool, M labelled items, D width, L leaves
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ...taggers.tagger import Tagger
from ..config import LabConfig
from ..data.prepared import Prepared
from ..data.table import Item
from ..figures.evaluation import CHUNK
from ..options import DistillConfig


@dataclass(frozen=True)
class Vote:
    """`label_N` within L; where `accepted_N` is false it says nothing."""

    label_N: Tensor
    accepted_N: Tensor


@torch.no_grad()
def embeddings(tagger: Tagger, data: Prepared, items: list[Item], config: LabConfig) -> Tensor:
    """[N, D] pooled vectors of length 1: metric learning (`train.metric`) makes their angles mean something."""
    parts = []
    for start in range(0, len(items), CHUNK):
        x = data.inputs(items[start : start + CHUNK], config.model.text_max, config.model.frames_max)
        parts.append(F.normalize(tagger.eval().pooled_and_output(x)[0], dim=-1))
    return torch.cat(parts)


def vote(asked_ND: Tensor, known_MD: Tensor, label_M: Tensor, settings: DistillConfig) -> Vote:
    """The class with most of the `nearest` nearest, where it has `votes` of them and the nearest is near.

    Near: as similar as the nearest other is to all but the share `far` of the labelled items. Vectors of length 1.
    """
    among_known_MM = (known_MD @ known_MD.T).fill_diagonal_(-1)
    near_enough = torch.quantile(among_known_MM.amax(1), settings.far)
    similar_NK, nearest_NK = (asked_ND @ known_MD.T).topk(min(settings.nearest, len(known_MD)), dim=1)
    votes_NL = F.one_hot(label_M[nearest_NK]).sum(1)
    most_N, label_N = votes_NL.max(1)
    return Vote(label_N, (most_N >= settings.votes) & (similar_NK[:, 0] >= near_enough))
