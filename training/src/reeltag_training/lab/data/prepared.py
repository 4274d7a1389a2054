"""What `prepare` leaves for the other commands: items, tree, vocabulary. And how items become tensors.

B batch, T tokens, F frames, V width of a frame's embedding, S signals
"""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...losses.hierarchy import Hierarchy
from ...packs.files import write_whole
from ...taggers.inputs import AtPublish, Posterior
from ..options import LabRefusedError
from .table import Item
from .tokens import SPLITTERS, normalised

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, _ = range(5)
# Leaf of the items whose label stops at a node that has children: they go no deeper.
STOPS_HERE = "~"


@dataclass(frozen=True)
class Prepared:
    items: list[Item]
    vocabulary: list[str]
    frame_width: int
    tokens: str = "characters"
    # Settings that the items depend on, so that others are not believed later.
    settings: str = ""

    @classmethod
    def of(cls, items: list[Item], tokens: str = "characters", settings: str = "") -> "Prepared":
        """Vocabulary and tree are those of the training side: the held-out side must bring its surprises."""
        texts = [text for item in items if not item.held_out for text in item.texts]
        counts = Counter(c for text in texts for c in normalised(text))
        if tokens == "words":
            counts |= Counter(word for text in texts for word in SPLITTERS[tokens](text) if len(word) > 1)
        widths = {np.load(item.frames, mmap_mode="r").shape[1] for item in items if item.frames}
        if len(widths) > 1:
            raise LabRefusedError(f"frames of several widths: {sorted(widths)}; one encoder for all")
        vocabulary = [*SPECIALS, *sorted(c for c, count in counts.items() if count > 1)]
        return cls(items, vocabulary, *(widths or {1}), tokens, settings)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "items": [asdict(i) for i in self.items],
            "vocabulary": self.vocabulary,
            "frame_width": self.frame_width,
            "tokens": self.tokens,
            "settings": self.settings,
        }
        write_whole(folder / "prepared.json", json.dumps(content, ensure_ascii=False).encode())

    @classmethod
    def load(cls, folder: Path) -> "Prepared":
        file = folder / "prepared.json"
        if not file.exists():
            raise LabRefusedError(f"{file} does not exist: run `reeltag-train prepare` first")
        content = json.loads(file.read_text())
        return cls([Item(**row) for row in content.pop("items")], **content)

    @cached_property
    def train(self) -> list[Item]:
        return [item for item in self.items if not item.held_out]

    @cached_property
    def held_out(self) -> list[Item]:
        return [item for item in self.items if item.held_out]

    @cached_property
    def tree(self) -> Hierarchy:
        labels = {item.label for item in self.train}
        stops = {label for label in labels if any(other.startswith(f"{label}/") for other in labels)}
        return Hierarchy.of({f"{label}/{STOPS_HERE}" if label in stops else label for label in labels})

    @cached_property
    def leaf_paths(self) -> list[str]:
        """As labels are written, in the order of the logits."""
        return [self.tree.paths[leaf].removesuffix(f"/{STOPS_HERE}") for leaf in self.tree.leaves]

    def labels(self, items: list[Item]) -> Tensor:
        number = {path: i for i, path in enumerate(self.leaf_paths)}
        return torch.tensor([number[item.label] for item in items])

    def encode(self, texts: list[str], length_max: int) -> list[int]:
        """[CLS], then the tokens of each text, every text ended by [SEP]. An unknown word falls into its characters."""
        ids = [CLS]
        for text in filter(None, texts):
            for token in SPLITTERS[self.tokens](text):
                ids += [self._number[token]] if token in self._number else [self._number.get(c, UNK) for c in token]
            ids.append(SEP)
        return ids if len(ids) <= length_max else [*ids[: length_max - 1], SEP]

    @cached_property
    def _number(self) -> dict[str, int]:
        return {c: i for i, c in enumerate(self.vocabulary)}

    def inputs(self, items: list[Item], text_max: int, frames_max: int) -> AtPublish:
        rows = [self.encode(item.texts, text_max) if any(item.texts) else [] for item in items]
        clips = [spread(np.load(item.frames), frames_max) if item.frames else None for item in items]
        length = max(1, *(len(row) for row in rows))
        frame_count = max(1, *(0 if clip is None else len(clip) for clip in clips))
        ids_BT = torch.zeros(len(items), length, dtype=torch.long)
        frames_BFV = torch.zeros(len(items), frame_count, self.frame_width)
        text_mask_BT, frame_mask_BF = torch.zeros(len(items), length), torch.zeros(len(items), frame_count)
        for i, (row, clip) in enumerate(zip(rows, clips, strict=True)):
            ids_BT[i, : len(row)], text_mask_BT[i, : len(row)] = torch.tensor(row, dtype=torch.long), 1
            if clip is not None:
                frames_BFV[i, : len(clip)], frame_mask_BF[i, : len(clip)] = torch.from_numpy(clip).float(), 1
        return AtPublish(ids_BT, text_mask_BT, frames_BFV, frame_mask_BF)

    def later(self, items: list[Item]) -> Posterior:
        """What is known of the items after they were published: ln(1 + x) of each signal x.

        `inputs` has no part in it, so what is made of `inputs` cannot have seen it.
        """
        known_BS = torch.tensor([[signal is not None for signal in item.signals] for item in items])
        signals_BS = torch.tensor([[signal or 0.0 for signal in item.signals] for item in items])
        return Posterior(signals_BS.sign() * signals_BS.abs().log1p(), known_BS.float())


def spread(clip_FV: np.ndarray, most: int) -> np.ndarray:
    """At most so many of the frames: the middle ones of equal parts of the clip."""
    count = len(clip_FV)
    return clip_FV if count <= most else clip_FV[(np.arange(most) * 2 + 1) * count // (2 * most)]
