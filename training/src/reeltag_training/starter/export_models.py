"""Exports the three models in fp32 and in INT8, the latter with activation ranges from data that training has shown."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..packs.export import export
from ..packs.quantise import quantise
from ..words.titles import TitleWriter
from ..words.tree import leaves
from .models.fusion import ServedFusion
from .models.text import TextEncoder
from .models.vision import ServedVisionTower
from .train_vision import probe_set
from .training.train_fusion import Streams
from .training.train_text import TitleBatches

# (ids, mask) of a batch of titles.
TextBatches = list[tuple[Tensor, Tensor]]


def export_vision(tower: ServedVisionTower, folder: Path) -> None:
    """fp32 beside static INT8; `build` keeps the one that passes the gate."""
    frames = torch.zeros(2, 96, 96, 3, dtype=torch.uint8)
    tower = tower.to(memory_format=torch.contiguous_format)
    export(tower, (frames,), {"frames": {0: "n"}}, {"embeddings": {0: "n"}}, folder / "fp32" / "model.onnx")
    shown = probe_set("train", 512, 96, 17)[0]
    batches = [{"frames": shown[i : i + 32]} for i in range(0, len(shown), 32)]
    quantise(folder / "fp32" / "model.onnx", folder / "int8" / "model.onnx", batches, ["Conv", "Gemm", "MatMul"])


def export_text(encoder: TextEncoder, texts: TextBatches, folder: Path) -> None:
    ids = torch.ones(2, 7, dtype=torch.long)
    axes = {0: "n", 1: "t"}
    inputs = {"input_ids": axes, "attention_mask": axes}
    export(encoder, (ids, ids), inputs, {"tokens": axes}, folder / "fp32" / "model.onnx")
    batches = [{"input_ids": i.numpy(), "attention_mask": m.numpy()} for i, m in texts]
    # The embedding table is most of the model.
    quantise(folder / "fp32" / "model.onnx", folder / "int8" / "model.onnx", batches, ["Gather", "Gemm", "MatMul"])


def export_fusion(head: ServedFusion, streams: list[Streams], folder: Path) -> None:
    width = head.vision_width + head.motion.first.in_features
    example = (torch.randn(2, 4, width), torch.ones(2, 4), torch.randn(2, 7, 128), torch.ones(2, 7))
    frame_axes, text_axes = {0: "n", 1: "f"}, {0: "n", 1: "t"}
    inputs = {"frames": frame_axes, "frame_mask": frame_axes, "text_tokens": text_axes, "text_mask": text_axes}
    outputs = {"logits_subject": {0: "n"}, "logits_motion": {0: "n"}}
    export(head, example, inputs, outputs, folder / "fp32" / "model.onnx")
    batches = [dict(zip(inputs, (x.numpy() for x in s.arguments()), strict=True)) for s in streams]
    quantise(folder / "fp32" / "model.onnx", folder / "int8" / "model.onnx", batches, ["Gemm", "MatMul"])


def title_batches(count: int = 16, size: int = 32) -> TextBatches:
    """Titles that show the quantiser the range of the text encoder's activations."""
    batches, rng = TitleBatches(TitleWriter("train"), 19), np.random.default_rng(19)
    return [batches.write(rng.integers(0, len(leaves()), size)) for _ in range(count)]


@torch.no_grad()
def range_streams(encoder: TextEncoder, texts: TextBatches, frames_NFE: Tensor) -> list[Streams]:
    """The same titles beside clips of the held-out family, with either taken away at times."""
    result = []
    for k, (ids_BT, mask_BT) in enumerate(texts):
        rows = slice(k * len(ids_BT), (k + 1) * len(ids_BT))
        frames_BFE = frames_NFE[rows]
        both = Streams(frames_BFE, torch.ones(frames_BFE.shape[:2]), encoder(ids_BT, mask_BT), mask_BT.float())
        result.append((both, both, both.without_frames(), both.without_title())[k % 4])
    return result
