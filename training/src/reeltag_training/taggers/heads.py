"""Heads over the tree: from the pooled vector to logits.

Those in HEADS all answer with a pair: what their own loss compares, and logits of the leaves, for readers that know
one way only.

B batch, P pooled width, C coarse classes, L leaves, N nodes of the tree
"""

import torch
from torch import Tensor, nn

from ..losses.hierarchical import max_up
from ..losses.hierarchy import Hierarchy

P_MIN = 1e-6
SHARE_MAX = 0.95


@torch.no_grad()
def start_from_tree(layer: nn.Linear, tree: Hierarchy, first: int) -> None:
    """Biases of nodes from `first` on: log-odds of the share of leaves below each, before anything is learnt.

    Started at one half, hundreds of nodes that are almost never true drown the rest for long (Lin et al. 2017, §3.3).
    """
    share_N = tree.leaves_below_NL.float().mean(1).clamp(max=SHARE_MAX)
    layer.bias.copy_(share_N.logit()[first : first + len(layer.bias)])


class CoarseFineHead(nn.Module):
    """Logits of the top level and of the leaves, for labels that exclude each other."""

    def __init__(self, pooled_width: int, tree: Hierarchy):
        super().__init__()
        tops = [node for node, parent in enumerate(tree.parents) if parent < 0]
        top_of_L = tree.leaves_below_NL[tops].int().argmax(0)
        self.register_buffer("coarse_of_L", top_of_L, persistent=False)
        self.coarse, self.fine = nn.Linear(pooled_width, len(tops)), nn.Linear(pooled_width, len(tree.leaves))

    def forward(self, pooled_BP: Tensor) -> tuple[Tensor, Tensor]:
        """[B, C] and [B, L]; `coarse_of_L` is the C that a leaf lies under."""
        return self.coarse(pooled_BP), self.fine(pooled_BP)


class NodeHead(nn.Module):
    """One logit for every node, for labels that do not exclude each other: C-HMCNN's head."""

    def __init__(self, pooled_width: int, tree: Hierarchy):
        super().__init__()
        self.tree = tree
        self.nodes = nn.Linear(pooled_width, len(tree.paths))
        start_from_tree(self.nodes, tree, 0)

    def forward(self, pooled_BP: Tensor) -> Tensor:
        return self.nodes(pooled_BP)

    def probabilities(self, pooled_BP: Tensor) -> Tensor:
        """No parent is below its child."""
        return max_up(self.nodes(pooled_BP).sigmoid(), self.tree)


class LevelHead(nn.Module):
    """HMCN's: a local head for each level, fed by the level above, and one global head over all."""

    def __init__(self, pooled_width: int, tree: Hierarchy, hidden: int = 128):
        super().__init__()
        per_level = torch.bincount(torch.tensor(tree.depths))[1:].tolist()
        widths = [pooled_width, *[pooled_width + hidden] * (len(per_level) - 1)]
        self.down = nn.ModuleList(nn.Sequential(nn.Linear(width, hidden), nn.GELU()) for width in widths)
        self.local = nn.ModuleList(nn.Linear(hidden, n) for n in per_level)
        self.whole = nn.Linear(hidden + pooled_width, len(tree.paths))
        start_from_tree(self.whole, tree, 0)
        for level, local in enumerate(self.local):
            start_from_tree(local, tree, sum(per_level[:level]))

    def forward(self, pooled_BP: Tensor) -> tuple[Tensor, Tensor]:
        """[B, N] logits of the local heads, in the tree's order, and of the global head."""
        level_BH, locals_ = None, []
        for down, local in zip(self.down, self.local, strict=True):
            level_BH = down(pooled_BP if level_BH is None else torch.cat([pooled_BP, level_BH], -1))
            locals_.append(local(level_BH))
        # Nodes are ordered by depth, so the levels' logits stand in the tree's order as they come.
        return torch.cat(locals_, -1), self.whole(torch.cat([pooled_BP, level_BH], -1))


def leaf_log_probabilities(p_BN: Tensor, tree: Hierarchy) -> Tensor:
    """[B, L] of nodes' probabilities that need not add up: at each step down, a node's share among its siblings."""
    same_parent_NN = torch.tensor(tree.parents)[:, None] == torch.tensor(tree.parents)[None]
    shares_BN = p_BN.clamp(min=P_MIN) / (p_BN.clamp(min=P_MIN) @ same_parent_NN.to(p_BN))
    return shares_BN.log() @ tree.leaves_below_NL.to(p_BN)


class LeavesOfNodes(NodeHead):
    """Every node's logit, for C-HMCNN's loss, and the leaves'."""

    def forward(self, pooled_BP: Tensor) -> tuple[Tensor, Tensor]:
        nodes_BN = super().forward(pooled_BP)
        return nodes_BN, leaf_log_probabilities(max_up(nodes_BN.sigmoid(), self.tree), self.tree)


class LeavesOfLevels(LevelHead):
    """Local and global logits, for HMCN's loss, and the leaves' of their mean probability."""

    def __init__(self, pooled_width: int, tree: Hierarchy):
        super().__init__(pooled_width, tree)
        self.tree = tree

    def forward(self, pooled_BP: Tensor) -> tuple[tuple[Tensor, Tensor], Tensor]:
        local_BN, global_BN = super().forward(pooled_BP)
        return (local_BN, global_BN), leaf_log_probabilities((local_BN.sigmoid() + global_BN.sigmoid()) / 2, self.tree)


HEADS = {"coarse-fine": CoarseFineHead, "levels": LeavesOfLevels, "nodes": LeavesOfNodes}
