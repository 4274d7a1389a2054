"""A model of ours → the two served graphs in fp32. Needs PyTorch."""

from pathlib import Path

import onnx
import torch

from ...packs.export import export
from ..towers.model import ChineseClip, ServedText, ServedVision
from .towers import Towers, declare_shapes, vision_shapes, write_graph

AXES_TEXT = {0: "n", 1: "t"}


def export_towers(model: ChineseClip, folder: Path) -> Towers:
    side = model.config.vision.resolution
    towers = Towers(
        vision=folder / "vision" / "model.onnx",
        text=folder / "text" / "model.onnx",
        side=side,
        embedding=model.config.embedding,
        width=model.config.text.width,
        text_projection_DE=model.text.project.weight.detach().numpy().T.copy(),
        logit_scale=float(model.logit_scale.detach().exp()),
    )
    export_vision(ServedVision(model.vision), side, model.config.embedding, towers.vision)
    ids_BT = torch.ones(2, 7, dtype=torch.long)
    axes = {"input_ids": AXES_TEXT, "attention_mask": AXES_TEXT, "embeddings": {0: "n"}, "tokens": AXES_TEXT}
    _export(ServedText(model.text), (ids_BT, ids_BT), axes, 2, towers.text, towers.text_shapes())
    return towers


def export_vision(tower: ServedVision, side: int, embedding: int, file: Path) -> tuple[list[dict], list[dict]]:
    """@returns its inputs and outputs, for the manifest"""
    # Two: a batch of one would be baked in.
    frames_BSSC = torch.zeros(2, side, side, 3, dtype=torch.uint8)
    axes = {name: {0: "n"} for name in ("frames", "embeddings", "tokens")}
    shapes = vision_shapes(side, embedding)
    _export(tower, (frames_BSSC,), axes, 1, file, shapes)
    return shapes


def _export(module, example: tuple, axes: dict, inputs: int, file: Path, shapes: tuple[list[dict], list[dict]]) -> None:
    names = list(axes)
    scratch = file.parent / "traced" / "model.onnx"
    export(module, example, {n: axes[n] for n in names[:inputs]}, {n: axes[n] for n in names[inputs:]}, scratch)
    # Loading gathers the weights of a large model, which the tracer scatters over hundreds of files.
    graph = onnx.load(scratch)
    for part in scratch.parent.iterdir():
        part.unlink()
    scratch.parent.rmdir()
    declare_shapes(graph, shapes)
    write_graph(graph, file)
