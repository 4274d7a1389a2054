"""Layer-wise learning rates: what was pretrained longest moves least (Howard and Ruder 2018, discriminative tuning)."""

from torch import nn

from ..taggers.seeing import Seeing


def layer_rates(tagger: nn.Module, share: float, tower: float = 1.0) -> list[dict]:
    """Parameter groups with a `factor` for the rate: 1 for the head, `share` more for every block below it, and once
    `tower` more for those of a vision tower.

    `tagger.backbone.blocks()` lists what lies below, from the bottom up. Share 1 and tower 1: all factors are 1.
    """
    blocks = tagger.backbone.blocks()
    depth = {p: len(blocks) - i for i, parts in enumerate(blocks) for part in parts for p in part.parameters()}
    of_tower = set(tagger.backbone.tower.parameters()) if isinstance(tagger.backbone, Seeing) else set()
    groups: dict[tuple[int, bool], list[nn.Parameter]] = {}
    for parameter in tagger.parameters():
        groups.setdefault((depth.get(parameter, 0), parameter in of_tower), []).append(parameter)
    return [{"params": groups[d, seen], "factor": share**d * (tower if seen else 1)} for d, seen in sorted(groups)]
