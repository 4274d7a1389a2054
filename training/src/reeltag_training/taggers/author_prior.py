"""What an author usually publishes, as log-odds added to logits: κ ln[(n_ac + m π_c) / (n_a + m)] - κ ln π_c.

B batch, K classes
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class AuthorPrior:
    """Counts of training labels. `strength` m: so many items of an author weigh as much as everybody's habits."""

    counts: dict[str, Tensor]
    overall_K: Tensor
    strength: float = 20.0

    @classmethod
    def fit(cls, authors: Sequence[str], labels: Sequence[int], class_count: int, strength: float = 20.0):
        counts: dict[str, Tensor] = {}
        for author, label in zip(authors, labels, strict=True):
            counts.setdefault(author, torch.zeros(class_count))[label] += 1
        total_K = sum(counts.values(), torch.zeros(class_count))
        # One more of each: a class that training lacks has a prior too.
        return cls(counts, (total_K + 1) / (total_K.sum() + class_count), strength)

    def log_odds(
        self, authors: Sequence[str], counted: Sequence[int | None] | None = None, kappa: float = 1.0
    ) -> Tensor:
        """[B, K] to be added to logits; 0 for an author who is not known, and for all at kappa 0.

        `counted`: the label of each item that was counted, for an item must not vote for itself; None for the others.
        """
        rows = []
        for i, author in enumerate(authors):
            n_K = self.counts.get(author, torch.zeros_like(self.overall_K)).clone()
            if counted is not None and counted[i] is not None:
                n_K[counted[i]] -= 1
            rows.append((n_K + self.strength * self.overall_K) / (n_K.sum() + self.strength))
        return kappa * (torch.stack(rows).log() - self.overall_K.log())
