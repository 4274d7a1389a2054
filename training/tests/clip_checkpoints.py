"""Random checkpoints in the layouts that are published, made without the importer's own tables.

The Hugging Face layout comes from transformers itself. The original layout is spelt here from it, or, for the ResNet
that transformers lacks, tensor by tensor; `resnet_reference` runs such tensors with torch's functions alone.
"""

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from reeltag_training.chinese_clip.towers.sizes import BertConfig, ClipConfig, ResnetConfig, VitConfig

State = dict[str, Tensor]

TINY_TEXT = BertConfig(layers=2, width=32, heads=2, positions=64)
TINY = ClipConfig("tiny", VitConfig(2, 48, 3, 8, 64), TINY_TEXT, 24)
TINY_WIDE = ClipConfig("tiny-96", VitConfig(2, 48, 3, 8, 96), TINY_TEXT, 24)
TINY_RESNET = ClipConfig("tiny-resnet", ResnetConfig((1, 2, 1, 1), 8, 4, 128), TINY_TEXT, 24)
TINY_SIZES = {c.name: c for c in (TINY, TINY_WIDE, TINY_RESNET)}


def hf_model(config: ClipConfig, seed: int = 0):
    from transformers import ChineseCLIPConfig, ChineseCLIPModel

    torch.manual_seed(seed)
    v, t = config.vision, config.text
    vision = {
        "hidden_size": v.width,
        "intermediate_size": 4 * v.width,
        "num_hidden_layers": v.layers,
        "num_attention_heads": v.heads,
        "image_size": v.resolution,
        "patch_size": v.patch,
    }
    text = {
        "vocab_size": t.vocabulary,
        "hidden_size": t.width,
        "intermediate_size": 4 * t.width,
        "num_hidden_layers": t.layers,
        "num_attention_heads": t.heads,
        "max_position_embeddings": t.positions,
    }
    made = ChineseCLIPConfig(
        text_config=text, vision_config=vision, projection_dim=config.embedding, attn_implementation="eager"
    )
    model = ChineseCLIPModel(made).eval()
    # Fresh biases and norms are all zeros and ones, and would hide a bias that lands in the wrong place.
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1 and parameter.numel() > 1:
            torch.nn.init.normal_(parameter, mean=1.0 if "orm" in name and name.endswith("weight") else 0.0, std=0.05)
    return model


_RENAMED = {
    "vision_model.embeddings.patch_embedding": "visual.conv1",
    "vision_model.embeddings.class_embedding": "visual.class_embedding",
    "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
    "vision_model.pre_layrnorm": "visual.ln_pre",
    "vision_model.post_layernorm": "visual.ln_post",
    "vision_model.encoder.layers": "visual.transformer.resblocks",
    "self_attn.out_proj": "attn.out_proj",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "text_model": "bert",
}


def official_from_hf(state: State) -> State:
    result: State = {}
    for key, value in state.items():
        if "self_attn.q_proj" in key:
            stacked = torch.cat([state[key.replace("q_proj", f"{which}_proj")] for which in "qkv"])
            key = key.replace("self_attn.q_proj.", "attn.in_proj_")
            value = stacked
        elif "self_attn.k_proj" in key or "self_attn.v_proj" in key:
            continue
        elif key in ("visual_projection.weight", "text_projection.weight"):
            value, key = value.T, {"v": "visual.proj", "t": "text_projection"}[key[0]]
        for theirs, ours in _RENAMED.items():
            key = key.replace(theirs, ours)
        result[key] = value.clone()
    width = result["bert.embeddings.LayerNorm.weight"].numel()
    return result | {
        "bert.pooler.dense.weight": torch.zeros(width, width),
        "bert.pooler.dense.bias": torch.zeros(width),
    }


def flash_from_official(state: State) -> State:
    result: State = {}
    for key, value in state.items():
        if ".self.query." in key:
            stacked = torch.cat([state[key.replace("query", which)] for which in ("query", "key", "value")])
            result[key.replace("query", "Wqkv")] = stacked
        elif ".self.key." not in key and ".self.value." not in key:
            key = key.replace("attn.in_proj_", "attn.Wqkv.")
            result[key.replace("attention.output.dense", "attention.self.out_proj")] = value
    return result


def data_parallel(state: State) -> State:
    return {f"module.{key}": value for key, value in state.items()}


def resnet_vision_state(config: ResnetConfig, embedding: int, seed: int = 0) -> State:
    """In the order and under the names of the original file."""
    torch.manual_seed(seed)
    state: State = {}

    def conv(name: str, norm: str, channels_in: int, channels_out: int, kernel: int) -> None:
        fan = channels_in * kernel * kernel
        state[f"visual.{name}.weight"] = torch.randn(channels_out, channels_in, kernel, kernel) * (2 / fan) ** 0.5
        state[f"visual.{norm}.weight"] = torch.rand(channels_out) + 0.5
        state[f"visual.{norm}.bias"] = torch.randn(channels_out) * 0.1
        state[f"visual.{norm}.running_mean"] = torch.randn(channels_out) * 0.1
        state[f"visual.{norm}.running_var"] = torch.rand(channels_out) + 0.5
        state[f"visual.{norm}.num_batches_tracked"] = torch.tensor(7)

    w = config.width
    for i, (a, b) in enumerate(((3, w // 2), (w // 2, w // 2), (w // 2, w)), 1):
        conv(f"conv{i}", f"bn{i}", a, b, 3)
    channels = w
    for stage, count in enumerate(config.layers):
        planes = w * 2**stage
        for i in range(count):
            name = f"layer{stage + 1}.{i}"
            conv(f"{name}.conv1", f"{name}.bn1", channels, planes, 1)
            conv(f"{name}.conv2", f"{name}.bn2", planes, planes, 3)
            conv(f"{name}.conv3", f"{name}.bn3", planes, planes * 4, 1)
            if i == 0:
                conv(f"{name}.downsample.0", f"{name}.downsample.1", channels, planes * 4, 1)
            channels = planes * 4
    d = w * 32
    state["visual.attnpool.positional_embedding"] = torch.randn((config.resolution // 32) ** 2 + 1, d) * d**-0.5
    for name, out in (("k_proj", d), ("q_proj", d), ("v_proj", d), ("c_proj", embedding)):
        state[f"visual.attnpool.{name}.weight"] = torch.randn(out, d) * d**-0.5
        state[f"visual.attnpool.{name}.bias"] = torch.randn(out) * 0.05
    return state


def resnet_checkpoint(config: ClipConfig, seed: int = 0) -> State:
    """The text tower is that of a transformer checkpoint: the original code has one for both."""
    vit = ClipConfig("", VitConfig(1, 8, 1, 8, 16), config.text, config.embedding)
    text = {k: v for k, v in official_from_hf(hf_model(vit, seed).state_dict()).items() if not k.startswith("visual.")}
    return resnet_vision_state(config.vision, config.embedding, seed) | text


def resnet_reference(state: State, config: ResnetConfig, x_BCSS: Tensor) -> Tensor:
    get = {key.removeprefix("visual."): value for key, value in state.items() if key.startswith("visual.")}

    def conv(x: Tensor, name: str, norm: str, stride: int = 1) -> Tensor:
        weight = get[f"{name}.weight"]
        x = F.conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2)
        mean, var = get[f"{norm}.running_mean"], get[f"{norm}.running_var"]
        return F.batch_norm(x, mean, var, get[f"{norm}.weight"], get[f"{norm}.bias"])

    for i in (1, 2, 3):
        x_BCSS = conv(x_BCSS, f"conv{i}", f"bn{i}", 2 if i == 1 else 1).relu()
    x = F.avg_pool2d(x_BCSS, 2)
    for stage, count in enumerate(config.layers, 1):
        for i in range(count):
            name = f"layer{stage}.{i}"
            shrink = stage > 1 and i == 0
            y = conv(conv(x, f"{name}.conv1", f"{name}.bn1").relu(), f"{name}.conv2", f"{name}.bn2").relu()
            y = conv(F.avg_pool2d(y, 2) if shrink else y, f"{name}.conv3", f"{name}.bn3")
            if i == 0:
                x = conv(F.avg_pool2d(x, 2) if shrink else x, f"{name}.downsample.0", f"{name}.downsample.1")
            x = (x + y).relu()
    pool = {key.removeprefix("attnpool."): value for key, value in get.items() if key.startswith("attnpool.")}
    cells = x.flatten(2).permute(2, 0, 1)
    cells = torch.cat([cells.mean(0, keepdim=True), cells]) + pool["positional_embedding"][:, None]
    bias = torch.cat([pool[f"{which}_proj.bias"] for which in "qkv"])
    pooled, _ = F.multi_head_attention_forward(
        cells[:1], cells, cells, cells.shape[-1], config.heads, None, bias, None, None, False, 0.0,
        pool["c_proj.weight"], pool["c_proj.bias"], training=False, need_weights=False, use_separate_proj_weight=True,
        q_proj_weight=pool["q_proj.weight"], k_proj_weight=pool["k_proj.weight"], v_proj_weight=pool["v_proj.weight"],
    )  # fmt: skip
    return pooled[0]


def write_vocabulary(file) -> None:
    """As many tokens as the real one and its special ones in place; CJK characters and letters otherwise."""
    specials = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]"}
    letters = [*'abcdefghijklmnopqrstuvwxyz0123456789.,?!"', *"。，的！"]
    rest = iter(dict.fromkeys([*letters, *(f"##{c}" for c in letters), *map(chr, range(0x4E00, 0x4E00 + 21200))]))
    file.write_text("\n".join(specials.get(i) or next(rest) for i in range(21128)) + "\n", "utf8")


def write_pictures(folder, count: int = 16) -> None:
    folder.mkdir()
    rng = np.random.default_rng(0)
    for index in range(count):
        rough = rng.integers(0, 255, (6, 6, 3), dtype=np.uint8)
        cv2.imwrite(str(folder / f"{index:02}.png"), cv2.resize(rough, (96, 64), interpolation=cv2.INTER_CUBIC))
