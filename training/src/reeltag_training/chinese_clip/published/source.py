"""What a checkpoint gives, whichever kind it is: fp32 towers, and the original to hold conversions to."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...packs.refusal import ImportRefusedError
from ..graphs.towers import Towers, pad
from ..towers.sizes import PIXEL_MEAN, PIXEL_STD, ClipConfig


@dataclass(frozen=True)
class Source:
    config: ClipConfig
    layout: str
    towers: Towers
    # uint8 [N, S, S, 3] → [N, E] of length one, by the original; likewise rows of ids.
    embed_frames: Callable[[np.ndarray], np.ndarray]
    embed_texts: Callable[[list[list[int]]], np.ndarray]


def open_source(request, folder: Path) -> Source:
    """@raises ImportRefusedError"""
    sizes = {config.name: config for config in request.sizes}
    if request.checkpoint.suffix == ".onnx":
        return _from_fused(request, folder, sizes)
    return _from_checkpoint(request, folder, sizes)


def _from_checkpoint(request, folder: Path, sizes: dict[str, ClipConfig]) -> Source:
    try:
        import torch
    except ImportError as error:
        cause = "PyTorch is not installed, and this checkpoint needs it"
        remedy = "pip install -r training/requirements.txt, or give the fused .onnx file"
        raise ImportRefusedError("PYTHON_MISSING", cause, remedy) from error
    from ..graphs.export_towers import export_towers
    from ..towers.model import ServedText, ServedVision
    from .checkpoint import load_clip

    model, layout = load_clip(request.checkpoint, request.size, request.layout, request.resolution, sizes)
    vision, text = ServedVision(model.vision).eval(), ServedText(model.text).eval()

    @torch.no_grad()
    def embed_frames(frames_NSSC: np.ndarray) -> np.ndarray:
        parts = [torch.from_numpy(frames_NSSC[i : i + 4]) for i in range(0, len(frames_NSSC), 4)]
        return np.concatenate([vision(part)[0].numpy() for part in parts])

    @torch.no_grad()
    def embed_texts(rows: list[list[int]]) -> np.ndarray:
        parts = [pad(rows[i : i + 32]) for i in range(0, len(rows), 32)]
        return np.concatenate([text(*map(torch.from_numpy, part.values()))[0].numpy() for part in parts])

    return Source(model.config, layout, export_towers(model, folder), embed_frames, embed_texts)


def _from_fused(request, folder: Path, sizes: dict[str, ClipConfig]) -> Source:
    from ..graphs.towers import open_session
    from .fused_onnx import FusedGraph, cut_towers

    fused = FusedGraph(request.checkpoint, sizes)
    config = fused.config
    if request.size not in (None, config.name):
        cause = f"{request.checkpoint} is a {config.name}, not a {request.size}"
        raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, f"Say --size {config.name}, or give the other file")
    if request.resolution not in (None, config.vision.resolution):
        cause = f"{request.checkpoint} is a graph for {config.vision.resolution} pixels and cannot be stretched"
        raise ImportRefusedError("RESOLUTION_INVALID", cause, "Import a PyTorch or safetensors checkpoint for that")
    towers = cut_towers(fused, folder)
    session = open_session(request.checkpoint)
    side = config.vision.resolution
    blank = {"input_ids": np.array([[101, 102]]), "attention_mask": np.ones((1, 2), np.int64)}
    mean, std = np.array(PIXEL_MEAN, np.float32), np.array(PIXEL_STD, np.float32)

    # The fused graph wants both sides; the one that is not asked for gets one blank item.
    def embed_frames(frames_NSSC: np.ndarray) -> np.ndarray:
        pixels_NCSS = ((frames_NSSC.astype(np.float32) / 255 - mean) / std).transpose(0, 3, 1, 2)
        parts = [pixels_NCSS[i : i + 4] for i in range(0, len(pixels_NCSS), 4)]
        return np.concatenate([session.run(["image_embeds"], blank | {"pixel_values": part})[0] for part in parts])

    def embed_texts(rows: list[list[int]]) -> np.ndarray:
        black = {"pixel_values": np.zeros((1, 3, side, side), np.float32)}
        parts = [pad(rows[i : i + 32]) for i in range(0, len(rows), 32)]
        return np.concatenate([session.run(["text_embeds"], black | part)[0] for part in parts])

    return Source(config, "fused ONNX", towers, embed_frames, embed_texts)
