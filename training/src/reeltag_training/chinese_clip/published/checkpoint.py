"""Reading a checkpoint that may be anything: hashed, never executed, its size derived from its shapes."""

import pickle
import zipfile
from pathlib import Path

import torch
from torch import Tensor

from ...packs.hashing import AGAIN
from ...packs.refusal import ImportRefusedError, named
from ..towers.grid_weights import pooling_weights
from ..towers.model import ChineseClip
from ..towers.sizes import SIZES, ClipConfig, ResnetConfig
from .layouts import State, layout_of, tidy, to_ours


def read_state(file: Path) -> State:
    """The tensors of a `.pt`, `.bin` or `.safetensors`, recognised by content; pickled code is refused, never run."""
    with file.open("rb") as stream:
        head = stream.read(9)
    if head.startswith((b"PK\x03\x04", b"\x80")):
        return _tensors(_read_pickle(file), file)
    if head[8:9] == b"{":
        return _read_safetensors(file)
    cause = f"{file} is neither a PyTorch nor a safetensors file"
    raise ImportRefusedError("CHECKPOINT_UNREADABLE", cause, "Give a .pt, .bin, .safetensors or fused .onnx file")


def _read_safetensors(file: Path) -> State:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(file)
    except (SafetensorError, ValueError) as error:
        cause = f"{file} is damaged: {error}"
        raise ImportRefusedError("CHECKPOINT_UNREADABLE", cause, AGAIN) from error


def _read_pickle(file: Path) -> object:
    try:
        return torch.load(file, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(file))
    except pickle.UnpicklingError as error:
        first = str(error).splitlines()[0]
        if "Unsupported" not in str(error) and "GLOBAL" not in str(error):
            raise ImportRefusedError("CHECKPOINT_UNREADABLE", f"{file} is damaged: {first}", AGAIN) from error
        cause = f"{file} holds pickled objects beside tensors, which would run code when loaded"
        remedy = "Convert it to safetensors where you trust it"
        raise ImportRefusedError("CHECKPOINT_UNSAFE", cause, remedy) from error
    except (RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        cause = f"{file} is damaged: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
        raise ImportRefusedError("CHECKPOINT_UNREADABLE", cause, AGAIN) from error


def _tensors(content: object, file: Path) -> State:
    state = content.get("state_dict", content) if isinstance(content, dict) else content
    strangers = [] if not isinstance(state, dict) else [str(k) for k, v in state.items() if not isinstance(v, Tensor)]
    if not isinstance(state, dict) or strangers:
        what = f"entries that are no tensors ({named(strangers)})" if strangers else f"a {type(state).__name__}"
        cause = f"{file} holds {what}, not a state_dict"
        raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, "Give a Chinese-CLIP checkpoint")
    return state


def size_of(state: State, sizes: dict[str, ClipConfig] = SIZES) -> ClipConfig:
    """@raises ImportRefusedError CHECKPOINT_MISMATCH where the shapes are those of no published size"""
    shape = _vision_shape(state)
    fitting = [c for c in sizes.values() if _expected_shape(c) == shape]
    if not fitting:
        known = ", ".join(f"{name} {_expected_shape(c)}" for name, c in sizes.items())
        cause = f"its vision tower is {shape} (kind, width, layers, patch); the known sizes are {known}"
        raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, "Give a checkpoint of one of these sizes")
    count = _position_count(state)
    return next((c for c in fitting if c.vision.grid**2 + 1 == count), fitting[0])


def _vision_shape(state: State) -> tuple:
    if "visual.layer1.0.conv1.weight" in state:
        blocks = {key.split(".")[1] + "." + key.split(".")[2] for key in state if key.startswith("visual.layer")}
        return "resnet", state["visual.layer1.0.conv1.weight"].shape[0], len(blocks), 32
    names = ("visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight")
    patches = next((state[name] for name in names if name in state), None)
    if patches is None or patches.dim() != 4:
        cause = f"it has no usable {' or '.join(names)}"
        raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, "Give a Chinese-CLIP checkpoint")
    marks = ("visual.transformer.resblocks.", "vision_model.encoder.layers.")
    layers = {key.removeprefix(mark).split(".")[0] for key in state for mark in marks if key.startswith(mark)}
    return "vit", patches.shape[0], len(layers), patches.shape[-1]


def _expected_shape(config: ClipConfig) -> tuple:
    vision = config.vision
    if isinstance(vision, ResnetConfig):
        return "resnet", vision.width, sum(vision.layers), 32
    return "vit", vision.width, vision.layers, vision.patch


def _position_count(state: State) -> int | None:
    names = (
        "visual.positional_embedding",
        "visual.attnpool.positional_embedding",
        "vision_model.embeddings.position_embedding.weight",
    )
    return next((len(state[name]) for name in names if name in state and state[name].dim() == 2), None)


def load_clip(
    file: Path,
    size: str | None = None,
    layout: str = "auto",
    resolution: int | None = None,
    sizes: dict[str, ClipConfig] = SIZES,
) -> tuple[ChineseClip, str]:
    """A model of ours, in evaluation mode, with the file's weights; and the layout that they were in.

    @raises ImportRefusedError
    """
    state = tidy(read_state(file))
    found = layout_of(state)
    if layout not in ("auto", found):
        cause = f"{file} is in the {found} layout, not {layout}"
        raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, "Leave --layout out: it is recognised")
    config = size_of(state, sizes)
    if size not in (None, config.name):
        cause = f"{file} is a {config.name}, not a {size}"
        raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, f"Say --size {config.name}, or give the other file")
    config = config if resolution is None else _resized(config, resolution)
    ours = to_ours(state, config, found)
    with torch.device("meta"):
        model = ChineseClip(config)
    model.load_state_dict(ours, assign=True)
    return _with_buffers(model, config).eval(), found


def _resized(config: ClipConfig, resolution: int) -> ClipConfig:
    step = 32 if isinstance(config.vision, ResnetConfig) else config.vision.patch
    if resolution % step or resolution < 4 * step:
        cause = f"a side of {resolution} pixels is no multiple of {step}, or less than {4 * step}"
        raise ImportRefusedError("RESOLUTION_INVALID", cause, f"Give a multiple of {step}")
    return config.at_resolution(resolution)


def _with_buffers(model: ChineseClip, config: ClipConfig) -> ChineseClip:
    """What is computed, not loaded, was never on the meta device's books."""
    owner = model.vision.pool if isinstance(config.vision, ResnetConfig) else model.vision
    owner.pooling_GP = torch.from_numpy(pooling_weights(config.vision.grid))
    return model
