"""What `prepare` leaves for the other commands: items, tree, characters. And how items become tensors.

B batch, T tokens, F frames, V width of a frame's embedding
"""

import json
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..hierarchy import Hierarchy
from ..taggers.inputs import AtPublish
from .config import LabRefusedError
from .table import Item

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, _ = range(5)
# Leaf of the items whose label stops at a node that has children: they go no deeper.
STOPS_HERE = "~"


@dataclass(frozen=True)
class Prepared:
    items: list[Item]
    characters: list[str]
    frame_width: int

    @classmethod
    def of(cls, items: list[Item]) -> "Prepared":
        """Characters and tree are those of the training side: the held-out side must bring its surprises."""
        counts = Counter(c for item in items if not item.held_out for text in item.texts for c in normalised(text))
        widths = {np.load(item.frames, mmap_mode="r").shape[1] for item in items if item.frames}
        if len(widths) > 1:
            raise LabRefusedError(f"frames of several widths: {sorted(widths)}; one encoder for all")
        characters = [*SPECIALS, *sorted(c for c, count in counts.items() if count > 1)]
        return cls(items, characters, *(widths or {1}))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "items": [asdict(i) for i in self.items],
            "characters": self.characters,
            "frame_width": self.frame_width,
        }
        (folder / "prepared.json").write_text(json.dumps(content, ensure_ascii=False))

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
        """[CLS], then the characters of each text, every text ended by [SEP]."""
        ids = [CLS]
        for text in filter(None, texts):
            ids += [*(self._number.get(c, UNK) for c in normalised(text)), SEP]
        return ids[:length_max]

    @cached_property
    def _number(self) -> dict[str, int]:
        return {c: i for i, c in enumerate(self.characters)}

    def inputs(self, items: list[Item], text_max: int, frames_max: int) -> AtPublish:
        rows = [self.encode(item.texts, text_max) if any(item.texts) else [] for item in items]
        clips = [np.load(item.frames)[:frames_max] if item.frames else None for item in items]
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


def normalised(text: str) -> str:
    """One form of each character, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
