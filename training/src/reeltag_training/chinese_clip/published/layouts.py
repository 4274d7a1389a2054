"""Published checkpoint layouts → ours. Key sets are exact: a key too many is as wrong as one too few."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ...packs.refusal import ImportRefusedError, named
from ..towers.grid import resample_positions
from ..towers.model import ChineseClip
from ..towers.sizes import BertConfig, ClipConfig, ResnetConfig, VitConfig

State = dict[str, Tensor]

_VIT_OFFICIAL = {"norm_attention": "ln_1", "norm_feed": "ln_2", "feed.up": "mlp.c_fc", "feed.down": "mlp.c_proj"}
_VIT_HF = {"norm_attention": "layer_norm1", "norm_feed": "layer_norm2", "feed.up": "mlp.fc1", "feed.down": "mlp.fc2"}
_BERT = {
    "attention.out": "attention.output.dense",
    "norm_attention": "attention.output.LayerNorm",
    "feed.up": "intermediate.dense",
    "feed.down": "output.dense",
    "norm_feed": "output.LayerNorm",
}
_NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


@dataclass(frozen=True)
class Row:
    """One tensor of ours, and where a layout keeps it: several are stacked along axis 0."""

    ours: str
    theirs: tuple[str, ...]
    transposed: bool = False


def official_rows(config: ClipConfig) -> list[Row]:
    vision = _resnet(config.vision) if isinstance(config.vision, ResnetConfig) else _vit_official(config.vision)
    joint = [Row("text.project.weight", ("text_projection",), True), Row("logit_scale", ("logit_scale",))]
    return [*vision, *_bert(config.text, "bert"), *joint]


def hf_rows(config: ClipConfig) -> list[Row]:
    if isinstance(config.vision, ResnetConfig):
        cause = "the Hugging Face layout has no ResNet"
        raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, "Take the original clip_cn_rn50.pt")
    joint = [Row("text.project.weight", ("text_projection.weight",)), Row("logit_scale", ("logit_scale",))]
    return [*_vit_hf(config.vision), *_bert(config.text, "text_model"), *joint]


LAYOUTS = {"official": official_rows, "hf": hf_rows}


def _pairs(ours: str, theirs: str) -> Iterator[Row]:
    for part in ("weight", "bias"):
        yield Row(f"{ours}.{part}", (f"{theirs}.{part}",))


def _vit_official(config: VitConfig) -> Iterator[Row]:
    yield Row("vision.patches.weight", ("visual.conv1.weight",))
    yield Row("vision.cls", ("visual.class_embedding",))
    yield Row("vision.positions", ("visual.positional_embedding",))
    yield Row("vision.project.weight", ("visual.proj",), True)
    yield from _pairs("vision.norm_pre", "visual.ln_pre")
    yield from _pairs("vision.norm_post", "visual.ln_post")
    for i in range(config.layers):
        ours, theirs = f"vision.blocks.{i}", f"visual.transformer.resblocks.{i}"
        yield Row(f"{ours}.attention.qkv.weight", (f"{theirs}.attn.in_proj_weight",))
        yield Row(f"{ours}.attention.qkv.bias", (f"{theirs}.attn.in_proj_bias",))
        yield from _pairs(f"{ours}.attention.out", f"{theirs}.attn.out_proj")
        for part, name in _VIT_OFFICIAL.items():
            yield from _pairs(f"{ours}.{part}", f"{theirs}.{name}")


def _vit_hf(config: VitConfig) -> Iterator[Row]:
    yield Row("vision.patches.weight", ("vision_model.embeddings.patch_embedding.weight",))
    yield Row("vision.cls", ("vision_model.embeddings.class_embedding",))
    yield Row("vision.positions", ("vision_model.embeddings.position_embedding.weight",))
    yield Row("vision.project.weight", ("visual_projection.weight",))
    # Their spelling, not a slip here.
    yield from _pairs("vision.norm_pre", "vision_model.pre_layrnorm")
    yield from _pairs("vision.norm_post", "vision_model.post_layernorm")
    for i in range(config.layers):
        ours, theirs = f"vision.blocks.{i}", f"vision_model.encoder.layers.{i}"
        for part in ("weight", "bias"):
            names = tuple(f"{theirs}.self_attn.{which}_proj.{part}" for which in "qkv")
            yield Row(f"{ours}.attention.qkv.{part}", names)
        yield from _pairs(f"{ours}.attention.out", f"{theirs}.self_attn.out_proj")
        for part, name in _VIT_HF.items():
            yield from _pairs(f"{ours}.{part}", f"{theirs}.{name}")


def _bert(config: BertConfig, prefix: str) -> Iterator[Row]:
    tables = {"words": "word_embeddings", "positions": "position_embeddings", "segments": "token_type_embeddings"}
    for ours, theirs in tables.items():
        yield Row(f"text.bert.{ours}.weight", (f"{prefix}.embeddings.{theirs}.weight",))
    yield from _pairs("text.bert.norm", f"{prefix}.embeddings.LayerNorm")
    for i in range(config.layers):
        ours, theirs = f"text.bert.layers.{i}", f"{prefix}.encoder.layer.{i}"
        for part in ("weight", "bias"):
            names = tuple(f"{theirs}.attention.self.{which}.{part}" for which in ("query", "key", "value"))
            yield Row(f"{ours}.attention.qkv.{part}", names)
        for part, name in _BERT.items():
            yield from _pairs(f"{ours}.{part}", f"{theirs}.{name}")


def _resnet(config: ResnetConfig) -> Iterator[Row]:
    def conv(ours: str, conv: str, norm: str) -> Iterator[Row]:
        yield Row(f"{ours}.conv.weight", (f"visual.{conv}.weight",))
        for part in _NORM:
            yield Row(f"{ours}.norm.{part}", (f"visual.{norm}.{part}",))

    for i in range(3):
        yield from conv(f"vision.stem.{i}", f"conv{i + 1}", f"bn{i + 1}")
    for stage, count in enumerate(config.layers):
        for i in range(count):
            ours, theirs = f"vision.stages.{stage}.{i}", f"layer{stage + 1}.{i}"
            for j, part in enumerate(("reduce", "mix", "expand"), 1):
                yield from conv(f"{ours}.{part}", f"{theirs}.conv{j}", f"{theirs}.bn{j}")
            if i == 0:
                yield from conv(f"{ours}.shortcut", f"{theirs}.downsample.0", f"{theirs}.downsample.1")
    yield Row("vision.pool.positions", ("visual.attnpool.positional_embedding",))
    for ours, theirs in {"query": "q_proj", "key": "k_proj", "value": "v_proj", "out": "c_proj"}.items():
        yield from _pairs(f"vision.pool.{ours}", f"visual.attnpool.{theirs}")


def tidy(state: State) -> State:
    """Without the prefix of data-parallel training, the pooler that nothing uses, and buffers that hold no weights."""
    if state and all(key.startswith("module.") for key in state):
        state = {key.removeprefix("module."): value for key, value in state.items()}
    kept = {k: v for k, v in state.items() if ".pooler." not in k and not k.endswith(".position_ids")}
    return _without_flash(kept)


def _without_flash(state: State) -> State:
    """FlashAttention keeps queries, keys and values in one tensor, and its own name for what follows."""
    result: State = {}
    for key, value in state.items():
        if ".attn.Wqkv." in key:
            result[key.replace(".attn.Wqkv.", ".attn.in_proj_")] = value
        elif ".attention.self.Wqkv." in key:
            for which, part in zip(("query", "key", "value"), value.chunk(3), strict=True):
                result[key.replace(".self.Wqkv.", f".self.{which}.")] = part
        else:
            result[key.replace(".attention.self.out_proj.", ".attention.output.dense.")] = value
    return result


def layout_of(state: State) -> str:
    """@raises ImportRefusedError CHECKPOINT_MISMATCH where it is neither"""
    if any(key.startswith("vision_model.") for key in state):
        return "hf"
    if any(key.startswith("visual.") for key in state) and any(key.startswith("bert.") for key in state):
        return "official"
    cause = f"no Chinese-CLIP layout has keys such as {named(sorted(state))}" if state else "it holds no tensors"
    raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, "Give an original or a Hugging Face Chinese-CLIP checkpoint")


def to_ours(state: State, config: ClipConfig, layout: str) -> State:
    """fp32, under our names, positions stretched to the configuration's resolution.

    @raises ImportRefusedError CHECKPOINT_MISMATCH naming the keys that are missing, unexpected, misshapen or not finite
    """
    rows = LAYOUTS[layout](config)
    wanted = {name for row in rows for name in row.theirs}
    _refuse_keys("lacks", sorted(wanted - state.keys()), config, layout)
    _refuse_keys("has unexpected", sorted(state.keys() - wanted), config, layout)
    with torch.device("meta"):
        shapes = {key: value.shape for key, value in ChineseClip(config).state_dict().items()}
    return {row.ours: _fitted(row, state, shapes[row.ours], config) for row in rows}


def _fitted(row: Row, state: State, shape: torch.Size, config: ClipConfig) -> Tensor:
    parts = [state[name] for name in row.theirs]
    value = parts[0] if len(parts) == 1 else torch.cat(parts)
    if row.transposed:
        value = value.T
    if value.is_floating_point():
        value = value.float()
    if row.ours.endswith(".positions") and value.dim() == 2 and value.shape[1:] == shape[1:]:
        value = resample_positions(value, config.vision.grid)
    name = " + ".join(row.theirs)
    remedy = "Check --size and where the file comes from"
    if value.shape != shape:
        found, needed = "×".join(map(str, value.shape)), "×".join(map(str, shape))
        cause = f"{name} has the shape {found}, {config.name} needs {needed}"
        raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, remedy)
    if value.is_floating_point() and not value.isfinite().all():
        raise ImportRefusedError("CHECKPOINT_MISMATCH", f"{name} holds values that are not finite", remedy)
    return value.contiguous()


def _refuse_keys(what: str, keys: list[str], config: ClipConfig, layout: str) -> None:
    if not keys:
        return
    cause = f"as {config.name} in the {layout} layout it {what} {len(keys)} keys: {named(keys)}"
    raise ImportRefusedError("CHECKPOINT_MISMATCH", cause, "Check --size, --layout and where the file comes from")
