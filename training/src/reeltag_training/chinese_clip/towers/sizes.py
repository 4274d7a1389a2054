"""The five published sizes. The numbers are those of the published model cards; tests count the parameters."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class VitConfig:
    layers: int
    width: int
    heads: int
    patch: int
    resolution: int

    @property
    def grid(self) -> int:
        return self.resolution // self.patch


@dataclass(frozen=True)
class ResnetConfig:
    layers: tuple[int, int, int, int] = (3, 4, 6, 3)
    width: int = 64
    heads: int = 32
    resolution: int = 224

    @property
    def grid(self) -> int:
        return self.resolution // 32

    @property
    def features(self) -> int:
        return self.width * 32


@dataclass(frozen=True)
class BertConfig:
    layers: int = 12
    width: int = 768
    heads: int = 12
    vocabulary: int = 21128
    positions: int = 512
    segments: int = 2


@dataclass(frozen=True)
class ClipConfig:
    name: str
    vision: VitConfig | ResnetConfig
    text: BertConfig
    embedding: int

    def at_resolution(self, side: int) -> "ClipConfig":
        """The same weights on another frame size; the importer stretches the position grid."""
        return replace(self, vision=replace(self.vision, resolution=side))


_LARGE = VitConfig(layers=24, width=1024, heads=16, patch=14, resolution=224)

SIZES = {
    config.name: config
    for config in (
        ClipConfig("rn50", ResnetConfig(), BertConfig(layers=3), 1024),
        ClipConfig("vit-b-16", VitConfig(12, 768, 12, 16, 224), BertConfig(), 512),
        ClipConfig("vit-l-14", _LARGE, BertConfig(), 768),
        ClipConfig("vit-l-14-336", replace(_LARGE, resolution=336), BertConfig(), 768),
        # Sixteen heads of 80, where every other size has heads of 64.
        ClipConfig("vit-h-14", VitConfig(32, 1280, 16, 14, 224), BertConfig(24, 1024, 16), 1024),
    )
}

# What the text towers were trained with: [CLS], at most 50 tokens, [SEP].
TEXT_LENGTH_MAX = 52
# Frames are squashed to a square, scaled to 0…1, and normalised with these.
PIXEL_MEAN = (0.48145466, 0.4578275, 0.40821073)
PIXEL_STD = (0.26862954, 0.26130258, 0.27577711)
# What is kept of a frame: its class token and a 4×4 grid, because one vector a frame does not show where things move.
GRID_CELLS = 4
TOKENS = 1 + GRID_CELLS**2
