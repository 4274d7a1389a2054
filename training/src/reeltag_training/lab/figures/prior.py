"""What the authors of a run usually publish, as the config asks.

N items, L leaves
"""

from torch import Tensor

from ...taggers.author_prior import AuthorPrior
from ..config import LabConfig
from ..data.prepared import Prepared
from ..data.table import Item


def author_log_odds(config: LabConfig, data: Prepared, items: list[Item]) -> Tensor:
    """[N, L] to be added to the leaves' logits: counted over the training side, where no item votes for itself."""
    settings, train = config.prior, [item for item in data.train if item.author]
    labels = data.labels(train).tolist()
    prior = AuthorPrior.fit([item.author for item in train], labels, len(data.leaf_paths), settings.strength)
    counted = {item.id: label for item, label in zip(train, labels, strict=True)}
    return prior.log_odds([item.author for item in items], [counted.get(item.id) for item in items], settings.kappa)
