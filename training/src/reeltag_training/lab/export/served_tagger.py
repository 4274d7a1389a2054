"""A tagger as the two graphs that the platform runs behind a vision tower: one reads texts, one joins them with frames.

B batch, T tokens, D width, W width of what is read, F frames, V width of a frame's embedding, L leaves
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch import Tensor, nn

from ...packs.export import export, session
from ...packs.files import tensor
from ...taggers.tagger import Tagger
from ...taggers.wide import WideTagger
from ..data.prepared import CLS, PAD, SEP, SPECIALS, UNK, spread
from ..data.table import Item
from ..training.rounds import reading_part

# What Python's str.split calls a blank.
BLANKS = r"[\x09-\x0d\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
TEXT_INPUTS = ("input_ids", "attention_mask")
FUSION_INPUTS = ("frames", "frame_mask", "text_tokens", "text_mask")


class ServedText(nn.Module):
    """[B, T, W]: what the backbone reads and, of a wide tagger, each token's share of the leaves' logits beside it."""

    def __init__(self, tagger: Tagger):
        super().__init__()
        self.tagger = tagger

    def forward(self, ids_BT: Tensor, attention_mask_BT: Tensor) -> Tensor:
        mask_BT = attention_mask_BT.float()
        # Not every backbone looks at the mask; the platform gives it to all, so it must be in the graph.
        read_BTD = self.tagger.backbone.read(ids_BT, mask_BT) * mask_BT[..., None]
        if not isinstance(self.tagger, WideTagger):
            return read_BTD
        return torch.cat([read_BTD, self.tagger.grams.score(self.tagger.grams.by_token(ids_BT, mask_BT))], -1)


class ServedFusion(nn.Module):
    """[B, L] logits. `sees`: whether the tagger has learnt from frames; one that has not is shown none."""

    def __init__(self, tagger: Tagger, width: int, sees: bool):
        super().__init__()
        self.tagger, self.width, self.sees = tagger, width, sees

    def forward(
        self, frames_BFV: Tensor, frame_mask_BF: Tensor, text_tokens_BTW: Tensor, text_mask_BT: Tensor
    ) -> Tensor:
        if not self.sees:
            # The product keeps both inputs in the graph, whose shapes the platform asks for.
            frame_mask_BF = frame_mask_BF * frames_BFV.amax(-1) * 0
            frames_BFV = frames_BFV[..., :1] * 0
        read_BTD, wide_BTL = text_tokens_BTW[..., : self.width], text_tokens_BTW[..., self.width :]
        backbone = reading_part(self.tagger.backbone)
        pooled_BP = backbone.join_frames(read_BTD, text_mask_BT, frames_BFV, frame_mask_BF).pooled_BP
        logits_BL = self.tagger.head(pooled_BP)[1]
        if isinstance(self.tagger, WideTagger):
            logits_BL = logits_BL + (wide_BTL * text_mask_BT[..., None]).sum(1)
        return logits_BL


def export_text(tagger: Tagger, file: Path) -> list[list[dict]]:
    """Writes the graph. @returns its inputs and outputs, for the manifest"""
    ids = torch.tensor([[CLS, UNK, UNK, SEP], [CLS, UNK, SEP, PAD]])
    axes = {0: "n", 1: "t"}
    export(ServedText(tagger), (ids, (ids != PAD).long()), dict.fromkeys(TEXT_INPUTS, axes), {"tokens": axes}, file)
    inputs = [tensor(name, "int64", "n", "t") for name in TEXT_INPUTS]
    return [inputs, [tensor("tokens", "float32", "n", "t", read_width(tagger))]]


def export_fusion(tagger: Tagger, facet: str, frame_width: int, sees: bool, file: Path) -> list[list[dict]]:
    """Writes the graph. @returns its inputs and outputs, for the manifest"""
    width = read_width(tagger)
    example = torch.randn(2, 3, frame_width), torch.ones(2, 3), torch.randn(2, 4, width), torch.ones(2, 4)
    axes = dict(zip(FUSION_INPUTS, [{0: "n", 1: "f"}] * 2 + [{0: "n", 1: "t"}] * 2, strict=True))
    graph = ServedFusion(tagger, backbone_width(tagger), sees)
    export(graph, example, axes, {f"logits_{facet}": {0: "n"}}, file)
    shapes = [("f", frame_width), ("f",), ("t", width), ("t",)]
    inputs = [tensor(name, "float32", "n", *shape) for name, shape in zip(FUSION_INPUTS, shapes, strict=True)]
    return [inputs, [tensor(f"logits_{facet}", "float32", "n", leaf_count(tagger))]]


@torch.no_grad()
def backbone_width(tagger: Tagger) -> int:
    return tagger.backbone.read(torch.tensor([[2, 3]]), torch.ones(1, 2)).shape[-1]


def read_width(tagger: Tagger) -> int:
    return backbone_width(tagger) + (leaf_count(tagger) if isinstance(tagger, WideTagger) else 0)


@torch.no_grad()
def leaf_count(tagger: Tagger) -> int:
    return tagger.head(torch.zeros(1, tagger.backbone.pooled_width))[1].shape[-1]


def character_tokenizer(vocabulary: list[str]) -> Tokenizer:
    """The ids that Prepared.encode gives characters, in the format that the platform reads."""
    known = {token: i for i, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(vocab=known, unk_token=SPECIALS[1], max_input_chars_per_word=1))
    blanks = normalizers.Replace(Regex(BLANKS), "")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), blanks])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    return tokenizer


@dataclass(frozen=True)
class Served:
    """Runs the graphs as the platform does. ONNX Runtime, tokenizers and numpy only.

    `vision`: the run's own tower, where the items' frames are pixels; None where they are embeddings.
    """

    text: InferenceSession
    fusion: InferenceSession
    tokenizer: Tokenizer
    length_max: int
    facet: str
    frame_width: int
    vision: InferenceSession | None

    @classmethod
    def load(
        cls,
        text: Path,
        fusion: Path,
        words: Path,
        length_max: int,
        facet: str,
        frame_width: int,
        vision: InferenceSession | None,
    ) -> "Served":
        tokenizer = Tokenizer.from_file(str(words))
        return cls(session(text), session(fusion), tokenizer, length_max, facet, frame_width, vision)

    def logits(self, items: list[Item], frames: int, modality: str = "both", stored: bool = True) -> np.ndarray:
        """[N, L] of items, with so many frames of each clip. `modality`: 'both', or all that is shown is 'video' or
        'text'. `stored`: embeddings as the platform keeps them, in 16 bits.
        """
        return np.concatenate([self._logits(item, frames, modality, stored) for item in items])

    def _logits(self, item: Item, frames: int, modality: str, stored: bool) -> np.ndarray:
        kept = np.float16 if stored else np.float32
        clip_FV = np.zeros((1, self.frame_width), np.float32)
        read_TW = np.zeros((1, self.fusion.get_inputs()[2].shape[-1]), np.float32)
        has_frames, has_text = bool(item.frames) and modality != "text", any(item.texts) and modality != "video"
        if has_frames:
            clip_FV = self._embedded(spread(np.load(item.frames), frames)).astype(kept).astype(np.float32)
        if has_text:
            ids = np.array([self.ids(item.texts[0])])
            read_TW = self.text.run(None, dict(zip(TEXT_INPUTS, (ids, np.ones_like(ids)), strict=True)))[0][0]
            read_TW = read_TW.astype(kept).astype(np.float32)
        shown = (
            clip_FV,
            np.full(len(clip_FV), has_frames, np.float32),
            read_TW,
            np.full(len(read_TW), has_text, np.float32),
        )
        feeds = {name: part[None] for name, part in zip(FUSION_INPUTS, shown, strict=True)}
        return self.fusion.run([f"logits_{self.facet}"], feeds)[0]

    def _embedded(self, clip_FV: np.ndarray) -> np.ndarray:
        if self.vision is None:
            return clip_FV
        side = self.vision.get_inputs()[0].shape[1]
        return self.vision.run(["embeddings"], {"frames": clip_FV.reshape(-1, side, side, 3)})[0]

    def ids(self, text: str) -> list[int]:
        """[CLS], at most so many tokens, [SEP]."""
        return [CLS, *self.tokenizer.encode(text, add_special_tokens=False).ids[: self.length_max - 2], SEP]
