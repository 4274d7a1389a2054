"""Layer-wise learning rates: what was pretrained longest moves least (Howard and Ruder 2018, discriminative tuning)."""

from torch import nn


def layer_rates(tagger: nn.Module, share: float) -> list[dict]:
    """Parameter groups with a `factor` for the rate: 1 for the head, `share` more for every storey below it.

    `tagger.backbone.storeys()` lists what lies below, from the bottom up. Share 1: all factors are 1.
    """
    storeys = tagger.backbone.storeys()
    depth = {p: len(storeys) - i for i, parts in enumerate(storeys) for part in parts for p in part.parameters()}
    by_depth: dict[int, list[nn.Parameter]] = {}
    for parameter in tagger.parameters():
        by_depth.setdefault(depth.get(parameter, 0), []).append(parameter)
    return [{"params": by_depth[d], "factor": share**d} for d in sorted(by_depth)]
