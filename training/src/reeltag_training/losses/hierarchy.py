"""A label tree as tensors know it: nodes by number, every parent before its children.

N nodes, L leaves
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from ..metrics.hierarchy import with_ancestors


@dataclass(frozen=True)
class Hierarchy:
    """`paths` hold every node, parents first; leaves keep the order in which they stand there."""

    paths: tuple[str, ...]

    @classmethod
    def of(cls, labels: Iterable[str]) -> "Hierarchy":
        """The tree that the labels ('food/fruit/apple') and all their ancestors make."""
        nodes = with_ancestors(labels)
        if not nodes:
            raise ValueError("a hierarchy needs at least one label")
        return cls(tuple(sorted(nodes, key=lambda path: (path.count("/"), path))))

    @cached_property
    def parents(self) -> tuple[int, ...]:
        """Number of every node's parent, -1 at the top."""
        number = {path: i for i, path in enumerate(self.paths)}
        return tuple(number[path.rpartition("/")[0]] if "/" in path else -1 for path in self.paths)

    @cached_property
    def depths(self) -> tuple[int, ...]:
        """1 at the top."""
        return tuple(path.count("/") + 1 for path in self.paths)

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        inner = set(self.parents)
        return tuple(i for i in range(len(self.paths)) if i not in inner)

    @cached_property
    def below_NN(self) -> Tensor:
        """True where the column is the row itself or one of its descendants."""
        below_NN = torch.eye(len(self.paths), dtype=torch.bool)
        for node in reversed(range(len(self.paths))):
            if self.parents[node] >= 0:
                below_NN[self.parents[node]] |= below_NN[node]
        return below_NN

    @cached_property
    def leaves_below_NL(self) -> Tensor:
        return self.below_NN[:, list(self.leaves)]
