"""Weights of a run, kept with what they belong to, so that those of another table or model are not taken for them."""

import hashlib
import io
import json
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from ...packs.files import write_whole
from ..config import LabConfig
from ..data.prepared import Prepared
from ..options import LabRefusedError

State = dict[str, Tensor]


def keep(file: Path, state: State, belongs: str) -> None:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    write_whole(file, buffer.getvalue())
    write_whole(_label(file), belongs.encode())


def kept(file: Path, belongs: str, command: str) -> State:
    """Raises LabRefusedError where they are of another table or model; `command` makes new ones."""
    label = _label(file)
    if not label.exists() or label.read_text() != belongs:
        raise LabRefusedError(f"{file} is of another table or model; run `reeltag-train {command}` again")
    return torch.load(file, weights_only=True)


def _label(file: Path) -> Path:
    return file.with_suffix(".belongs")


def backbone_of(config: LabConfig, data: Prepared) -> str:
    """What a backbone belongs to: its shape, and the words that its ids mean."""
    return _digest(asdict(config.model), config.vision.checkpoint, data.frame_width, data.vocabulary)


def tagger_of(config: LabConfig, data: Prepared) -> str:
    """What a tagger belongs to: its backbone's, the classes in their order, and the items that it may have learnt."""
    items = [(item.id, item.label, item.held_out) for item in data.items]
    return _digest(backbone_of(config, data), data.leaf_paths, items)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
