"""Three ways to join text and frames, and one that reads no order; padding and missing modalities weigh nothing.

B batch, T tokens, F frames, D width, P pooled width
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..layers.cross import CrossLayer, masked_mean
from .grams import GramVectors
from .inputs import AtPublish
from .parts import BackboneConfig, Encoder, EncoderLayer, FrameEntry, TextEntry


@dataclass(frozen=True)
class Joined:
    """States of both streams after each saw the other, and one vector of the whole."""

    text_BTD: Tensor
    frames_BFD: Tensor
    pooled_BP: Tensor


class Backbone(nn.Module):
    """Two parts, because a server reads a text once and may join it with frames again: `read` sees the text alone,
    `join_frames` the frames and what was read. What `read` makes of a padded place is never looked at.
    """

    pooled_width: int

    def read(self, ids_BT: Tensor, text_mask_BT: Tensor) -> Tensor:
        """[B, T, D] of the text alone."""
        raise NotImplementedError

    def join_frames(self, text_BTD: Tensor, text_mask_BT: Tensor, frames_BFV: Tensor, frame_mask_BF: Tensor) -> Joined:
        raise NotImplementedError

    def blocks(self) -> list[list[nn.Module]]:
        """Parts that learn at one rate, from the input up to the head."""
        raise NotImplementedError

    def forward(self, x: AtPublish) -> Joined:
        return self.join_frames(self.read(x.ids_BT, x.text_mask_BT), x.text_mask_BT, x.frames_BFV, x.frame_mask_BF)


class SingleStream(Backbone):
    """Text embeddings and frame embeddings in one sequence through one encoder."""

    def __init__(self, config: BackboneConfig):
        super().__init__()
        self.pooled_width = config.width
        self.text, self.frames, self.encoder = TextEntry(config), FrameEntry(config), Encoder(config)

    def read(self, ids_BT: Tensor, text_mask_BT: Tensor) -> Tensor:
        return self.text(ids_BT)

    def join_frames(self, text_BTD: Tensor, text_mask_BT: Tensor, frames_BFV: Tensor, frame_mask_BF: Tensor) -> Joined:
        return join(self.encoder, text_BTD, self.frames(frames_BFV), text_mask_BT, frame_mask_BF)

    def blocks(self) -> list[list[nn.Module]]:
        return [[self.text, self.frames], *([layer] for layer in self.encoder.layers)]


class TwoStreamConcat(Backbone):
    """An encoder for each stream, then one over both."""

    def __init__(self, config: BackboneConfig):
        super().__init__()
        self.pooled_width = config.width
        self.text, self.frames = TextEntry(config), FrameEntry(config)
        self.text_encoder, self.frame_encoder, self.joint = Encoder(config), Encoder(config), EncoderLayer(config)

    def read(self, ids_BT: Tensor, text_mask_BT: Tensor) -> Tensor:
        return self.text_encoder(self.text(ids_BT), text_mask_BT)

    def join_frames(self, text_BTD: Tensor, text_mask_BT: Tensor, frames_BFV: Tensor, frame_mask_BF: Tensor) -> Joined:
        frames_BFD = self.frame_encoder(self.frames(frames_BFV), frame_mask_BF)
        return join(self.joint, text_BTD, frames_BFD, text_mask_BT, frame_mask_BF)

    def blocks(self) -> list[list[nn.Module]]:
        return [*streams(self), [self.joint]]


class TwoStreamCross(Backbone):
    """An encoder for each stream, then rounds in which each is the query of the other; both means side by side."""

    def __init__(self, config: BackboneConfig):
        super().__init__()
        self.pooled_width = 2 * config.width
        self.text, self.frames = TextEntry(config), FrameEntry(config)
        self.text_encoder, self.frame_encoder = Encoder(config), Encoder(config)
        self.rounds = nn.ModuleList(CrossRound(config) for _ in range(config.cross_layers))

    def read(self, ids_BT: Tensor, text_mask_BT: Tensor) -> Tensor:
        return self.text_encoder(self.text(ids_BT), text_mask_BT)

    def join_frames(self, text_BTD: Tensor, text_mask_BT: Tensor, frames_BFV: Tensor, frame_mask_BF: Tensor) -> Joined:
        frames_BFD = self.frame_encoder(self.frames(frames_BFV), frame_mask_BF)
        for round_ in self.rounds:
            text_BTD, frames_BFD = round_(text_BTD, frames_BFD, text_mask_BT, frame_mask_BF)
        means = masked_mean(text_BTD, text_mask_BT.float()), masked_mean(frames_BFD, frame_mask_BF.float())
        return Joined(text_BTD, frames_BFD, torch.cat(means, -1))

    def blocks(self) -> list[list[nn.Module]]:
        return [*streams(self), *([round_] for round_ in self.rounds)]


class GramBag(Backbone):
    """A sum of hashed character grams, squashed, and the frames' mean (fastText's, Joulin et al. 2016): for few items.

    Streams have no states of their own, so it cannot be pretrained.
    """

    def __init__(self, config: BackboneConfig):
        super().__init__()
        self.pooled_width = config.width
        self.grams, self.frames = GramVectors(config.buckets, config.width, config.dropout), FrameEntry(config)
        self.dropout = nn.Dropout(config.dropout)

    def read(self, ids_BT: Tensor, text_mask_BT: Tensor) -> Tensor:
        return self.grams.by_token(ids_BT, text_mask_BT)

    def join_frames(self, text_BTD: Tensor, text_mask_BT: Tensor, frames_BFV: Tensor, frame_mask_BF: Tensor) -> Joined:
        frames_BFD = self.frames(frames_BFV)
        text_BD = self.dropout((text_BTD * text_mask_BT[..., None]).sum(1).tanh())
        pooled_BD = text_BD + masked_mean(frames_BFD, frame_mask_BF.float())
        return Joined(text_BD[:, None].expand_as(text_BTD), frames_BFD, pooled_BD)

    def blocks(self) -> list[list[nn.Module]]:
        return [[self.grams, self.frames]]


class CrossRound(nn.Module):
    """As LXMERT's layer: across, then within. Both sides ask what the other was before the round."""

    def __init__(self, config: BackboneConfig):
        super().__init__()
        shape = (config.width, config.heads, config.dropout)
        self.text_asks, self.frames_ask = CrossLayer(*shape), CrossLayer(*shape)
        self.text_within, self.frames_within = EncoderLayer(config), EncoderLayer(config)

    def forward(
        self, text_BTD: Tensor, frames_BFD: Tensor, text_mask_BT: Tensor, frame_mask_BF: Tensor
    ) -> tuple[Tensor, Tensor]:
        asked_text_BTD = self.text_asks(text_BTD, frames_BFD, frame_mask_BF.float())
        asked_frames_BFD = self.frames_ask(frames_BFD, text_BTD, text_mask_BT.float())
        return self.text_within(asked_text_BTD, text_mask_BT), self.frames_within(asked_frames_BFD, frame_mask_BF)


BACKBONES = {
    "single-stream": SingleStream,
    "two-stream-concat": TwoStreamConcat,
    "two-stream-cross": TwoStreamCross,
    "grams": GramBag,
}


def streams(backbone: TwoStreamConcat | TwoStreamCross) -> list[list[nn.Module]]:
    """Both streams' blocks, side by side."""
    layers = zip(backbone.text_encoder.layers, backbone.frame_encoder.layers, strict=True)
    return [[backbone.text, backbone.frames], *(list(pair) for pair in layers)]


def join(
    encoder: nn.Module, text_BTD: Tensor, frames_BFD: Tensor, text_mask_BT: Tensor, frame_mask_BF: Tensor
) -> Joined:
    """Both streams in one sequence through the encoder."""
    mask_BL = torch.cat([text_mask_BT, frame_mask_BF], 1).float()
    states_BLD = encoder(torch.cat([text_BTD, frames_BFD], 1), mask_BL)
    text_length = text_BTD.shape[1]
    return Joined(states_BLD[:, :text_length], states_BLD[:, text_length:], masked_mean(states_BLD, mask_BL))
