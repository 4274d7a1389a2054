"""Labels to look at again. The list goes to review; only `train.without_doubts` drops what is on it.

By the answers of taggers that have not learnt the item (N folds), by one that was stopped before it could learn
mistakes by heart (Arpit et al. 2017), and by the margin between the best two classes.

N items of the training side, L leaves
"""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..config import LabConfig
from ..data.doubt_list import Doubt
from ..data.prepared import Prepared
from ..data.table import Item, fold_of
from ..options import DoubtsConfig
from ..training import rounds
from . import evaluation


def find(config: LabConfig, data: Prepared) -> list[Doubt]:
    """Resumable as training is; its runs lie in `doubts/`."""
    settings, items = config.doubts, data.train
    p_NL, labels_N = out_of_fold(config, data), data.labels(items).numpy()
    found = doubted("folds", items, p_NL, labels_N, data.leaf_paths, settings)
    if settings.early_stop:
        short = replace(config.train, steps=max(1, int(config.train.steps * settings.early_stop)))
        early_NL = _answers(replace(config, train=short), data, "early", np.zeros(len(items), bool), items)
        found += doubted("early stop", items, early_NL, labels_N, data.leaf_paths, settings)
    return found + hardest(items, p_NL, labels_N, data.leaf_paths, settings.hard)


def out_of_fold(config: LabConfig, data: Prepared) -> np.ndarray:
    """[N, L] answers of taggers that have learnt neither the item nor others of its author."""
    fold_N = np.array([fold_of(i.author or i.id, config.seed + 1, config.doubts.folds) for i in data.train])
    p_NL = np.zeros((len(data.train), len(data.leaf_paths)))
    for fold in np.unique(fold_N):
        asked = [item for item, chosen in zip(data.train, fold_N == fold, strict=True) if chosen]
        p_NL[fold_N == fold] = _answers(config, data, f"fold-{fold}", fold_N == fold, asked)
    return p_NL


def _answers(config: LabConfig, data: Prepared, name: str, out_N: np.ndarray, asked: list[Item]) -> np.ndarray:
    """Of a tagger trained without the items of `out_N`; a class that it does not know has 0."""
    folder = Path(config.folder) / "doubts" / name
    items = [replace(item, held_out=bool(out)) for item, out in zip(data.train, out_N, strict=True)]
    # What is doubted is asked here, so it is not left out.
    asking = replace(config.train, without_doubts=False)
    part, run = replace(data, items=items), replace(config, folder=str(folder), train=asking)
    part.save(folder)
    for pretrained in Path(config.folder).glob("backbone.*"):
        shutil.copy(pretrained, folder)
    rounds.train_tagger(run, part)
    p_asked_NK = evaluation.probabilities(rounds.trained_tagger(run, part), part, asked, run)
    p_NL = np.zeros((len(asked), len(data.leaf_paths)))
    p_NL[:, [data.leaf_paths.index(path) for path in part.leaf_paths]] = p_asked_NK
    return p_NL


def doubted(
    why: str, items: list[Item], p_NL: np.ndarray, labels_N: np.ndarray, leaf_paths: list[str], settings: DoubtsConfig
) -> list[Doubt]:
    """The items whose label has less than `label_max`, and another class more than `other_min`; worst first."""
    all_ = _listed(why, items, p_NL, labels_N, leaf_paths)
    found = [d for d in all_ if d.p_label < settings.label_max and d.p_other > settings.other_min]
    return sorted(found, key=lambda d: d.p_label - d.p_other)


def hardest(
    items: list[Item], p_NL: np.ndarray, labels_N: np.ndarray, leaf_paths: list[str], count: int
) -> list[Doubt]:
    """So many items of the smallest margin between the best two classes, smallest first, whatever their label."""
    best_N2 = np.sort(p_NL, 1)[:, -2:]
    order_N = np.argsort(best_N2[:, 1] - best_N2[:, 0], kind="stable")[:count]
    all_ = _listed("margin", items, p_NL, labels_N, leaf_paths)
    return [all_[n] for n in order_N]


def _listed(why: str, items: list[Item], p_NL: np.ndarray, labels_N: np.ndarray, leaf_paths: list[str]) -> list[Doubt]:
    p_label_N = p_NL[np.arange(len(items)), labels_N]
    others_NL = p_NL.copy()
    others_NL[np.arange(len(items)), labels_N] = -1
    return [
        Doubt(item.id, why, item.label, float(p_label), leaf_paths[row.argmax()], float(row.max()))
        for item, p_label, row in zip(items, p_label_N, others_NL, strict=True)
    ]
