"""A trained tagger as an ONNX graph, with what one needs to feed and read it.

B batch, T tokens, F frames, V width of a frame's embedding, L leaves
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ..export import export, session
from ..taggers.inputs import AtPublish
from ..taggers.tagger import Tagger
from .config import LabConfig
from .options import LabRefusedError
from .prepared import Prepared

INPUTS = {
    "ids": {0: "batch", 1: "tokens"},
    "text_mask": {0: "batch", 1: "tokens"},
    "frames": {0: "batch", 1: "frames"},
    "frame_mask": {0: "batch", 1: "frames"},
}
DIFFERENCE_MAX = 1e-4


class Graph(nn.Module):
    """[B, L] probabilities of the leaves, from publish-time inputs alone."""

    def __init__(self, tagger: Tagger):
        super().__init__()
        self.tagger = tagger

    def forward(self, ids_BT: Tensor, text_mask_BT: Tensor, frames_BFV: Tensor, frame_mask_BF: Tensor) -> Tensor:
        return self.tagger(AtPublish(ids_BT, text_mask_BT, frames_BFV, frame_mask_BF))[1].softmax(-1)


def write(tagger: Tagger, data: Prepared, config: LabConfig, folder: Path) -> float:
    """tagger.onnx, vocabulary.txt, labels.json; the greatest difference from PyTorch on held-out items.

    More than DIFFERENCE_MAX is refused, and nothing is left.
    """
    graph = Graph(tagger).eval()
    pair = _arguments(data, config, 2)
    file = folder / "tagger.onnx"
    export(graph, pair, INPUTS, {"probabilities": {0: "batch"}}, file)
    several = _arguments(data, config, 5)
    with torch.no_grad():
        expected = graph(*several).numpy()
    served = session(file).run(None, {name: x.numpy() for name, x in zip(INPUTS, several, strict=True)})[0]
    difference = float(np.abs(served - expected).max())
    if not difference <= DIFFERENCE_MAX:
        file.unlink()
        raise LabRefusedError(f"the graph differs from the model by {difference:.1e}, more than {DIFFERENCE_MAX}")
    (folder / "vocabulary.txt").write_text("\n".join(data.vocabulary) + "\n", encoding="utf-8")
    (folder / "labels.json").write_text(json.dumps(data.leaf_paths, ensure_ascii=False))
    return difference


def _arguments(data: Prepared, config: LabConfig, count: int) -> tuple[Tensor, ...]:
    items = (data.held_out * count)[:count]
    x = data.inputs(items, config.model.text_max, config.model.frames_max)
    return x.ids_BT, x.text_mask_BT, x.frames_BFV, x.frame_mask_BF
