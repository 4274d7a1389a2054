"""Tagging again, when signals have come in: a head over a trained tagger's answer and the signals, nothing else.

The tagger itself never meets a signal (taggers/inputs.py), and the head hands no gradient back to it. The head learns
from held-out items, whose answers are as unsure as those of new videos; each half is judged by the head of the other.

N items, L leaves
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ...taggers.inputs import Posterior
from ...taggers.tagger import RetaggingHead, Tagger
from ..config import LabConfig
from ..data.prepared import Prepared
from ..data.table import Item
from ..figures import evaluation
from ..options import LabRefusedError
from ..training.loop import LoopConfig, train
from ..training.rounds import digest
from .ensemble import halves


def retag(config: LabConfig, data: Prepared, tagger: Tagger) -> dict[str, dict[str, dict[str, float]]]:
    """At publish time and later → level → figure. Leaves the head that learnt from all held-out items in retag.pt."""
    if not config.table.signals:
        raise LabRefusedError("table.signals is empty: name the columns that are known after publishing")
    p_NL = evaluation.probabilities(tagger, data, data.held_out, config)
    half_N, later_NL = halves(data.held_out, config.seed), np.zeros_like(p_NL)
    for half in (0, 1):
        head = _fitted(config, data, p_NL, half_N != half, f"retag-{half}")
        later_NL[half_N == half] = _answers(head, data, p_NL, half_N == half)
    head = _fitted(config, data, p_NL, np.ones(len(p_NL), dtype=bool), "retag-all")
    torch.save(head.state_dict(), Path(config.folder) / "retag.pt")
    depth = config.table.depth_max
    return {
        "at publish time": evaluation.by_level(p_NL, data, depth),
        "later": evaluation.by_level(later_NL, data, depth),
    }


def _fitted(config: LabConfig, data: Prepared, p_NL: np.ndarray, chosen_N: np.ndarray, name: str) -> RetaggingHead:
    number, settings = {path: i for i, path in enumerate(data.leaf_paths)}, config.retag
    rows = [n for n, item in enumerate(data.held_out) if chosen_N[n] and item.label in number]
    if not rows:
        raise LabRefusedError("too few items are held out to learn from signals; check split")
    torch.manual_seed(config.seed)
    head = RetaggingHead(len(data.leaf_paths), len(config.table.signals))
    items = [data.held_out[n] for n in rows]
    logits_NL, later, label_N = _log(p_NL[rows]), data.later(items), data.labels(items)

    def batch_of(generator: Generator) -> dict:
        chosen = torch.randint(0, len(items), (settings.batch,), generator=generator)
        signals = Posterior(later.signals_BS[chosen], later.signal_mask_BS[chosen])
        return {"logits_BL": logits_NL[chosen], "later": signals, "label_B": label_N[chosen]}

    def loss_of(batch: dict, generator: Generator) -> Tensor:
        return F.cross_entropy(head(batch["logits_BL"], batch["later"]), batch["label_B"])

    made_of = digest(config, {**vars(settings), "signals": config.table.signals, **vars(config.prior)}, "tagger.pt")
    loop = LoopConfig(settings.steps, settings.rate, seed=config.seed, device=config.device, made_of=made_of)
    return train(head, batch_of, loss_of, loop, Path(config.folder) / name)


@torch.no_grad()
def _answers(head: RetaggingHead, data: Prepared, p_NL: np.ndarray, chosen_N: np.ndarray) -> np.ndarray:
    items: list[Item] = [item for item, chosen in zip(data.held_out, chosen_N, strict=True) if chosen]
    return head(_log(p_NL[chosen_N]), data.later(items)).softmax(-1).numpy()


def _log(p_NL: np.ndarray) -> Tensor:
    return torch.from_numpy(p_NL).clamp(min=1e-12).log()
