"""A backbone with a vision tower below it, handed over so that it learns too: all of it, some, or nothing.

B batch, T tokens, F frames, S side of a frame, X = S · S · 3 values of its pixels, E width of the tower's embedding
"""

import torch
from torch import Tensor, nn

from ..chinese_clip.towers.model import ServedVision
from ..chinese_clip.towers.resnet import Resnet
from ..chinese_clip.towers.vit import Vit
from .backbones import Backbone, Joined

# Frames that go through the tower at once where nothing is learnt.
CHUNK = 64


class Seeing(Backbone):
    """Frames are pixels here, rows of X values from 0 to 255, and `inner` gets the tower's embeddings of them.

    `layers`: so many of the tower's layers learn, from the top down, with what projects them; 0 none, -1 all.
    """

    def __init__(self, tower: Vit | Resnet, side: int, width: int, inner: Backbone, layers: int):
        super().__init__()
        self.tower, self.side, self.width, self.inner = ServedVision(tower), side, width, inner
        self.pooled_width = inner.pooled_width
        blocks = tower_blocks(tower)
        # What projects learns with any layer.
        learning = len(blocks) if layers < 0 else min(layers + 1, len(blocks)) if layers else 0
        self.still = blocks[: len(blocks) - learning]
        for part in (part for block in self.still for part in block):
            part.requires_grad_(False)

    def train(self, mode: bool = True) -> "Seeing":
        """What does not learn keeps its norms' averages too."""
        super().train(mode)
        for part in (part for block in self.still for part in block):
            part.eval()
        return self

    def read(self, ids_BT: Tensor, text_mask_BT: Tensor) -> Tensor:
        return self.inner.read(ids_BT, text_mask_BT)

    def join_frames(self, text_BTD: Tensor, text_mask_BT: Tensor, frames_BFV: Tensor, frame_mask_BF: Tensor) -> Joined:
        return self.inner.join_frames(text_BTD, text_mask_BT, self.embedded(frames_BFV, frame_mask_BF), frame_mask_BF)

    def embedded(self, frames_BFX: Tensor, frame_mask_BF: Tensor) -> Tensor:
        """[B, F, E]; 0 where there is no frame."""
        shown_BF = frame_mask_BF > 0
        pictures = frames_BFX[shown_BF].unflatten(-1, (self.side, self.side, 3))
        if not torch.is_grad_enabled():
            parts = [self.tower(part)[0] for part in pictures.split(CHUNK)] if len(pictures) else []
        else:
            parts = [self.tower(pictures)[0]] if len(pictures) else []
        out_BFE = frames_BFX.new_zeros(*shown_BF.shape, self.width)
        return out_BFE.index_put((shown_BF,), torch.cat(parts)) if parts else out_BFE

    def blocks(self) -> list[list[nn.Module]]:
        return [*tower_blocks(self.tower.tower), *self.inner.blocks()]


def tower_blocks(tower: Vit | Resnet) -> list[list[nn.Module]]:
    """From the pixels up: what they enter by, each layer (of a ResNet each stage), what projects the last."""
    if isinstance(tower, Resnet):
        return [[tower.stem], *([stage] for stage in tower.stages), [tower.pool]]
    enter = [tower.patches, nn.ParameterList([tower.cls, tower.positions]), tower.norm_pre]
    return [enter, *([block] for block in tower.blocks), [tower.norm_post, tower.project]]
