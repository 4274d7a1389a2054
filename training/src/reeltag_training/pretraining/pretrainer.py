"""One pretraining step: six views of a batch through one backbone, six losses.

MLM  masked language modelling: words hidden, predicted from the rest and the frames
MFM  masked frame modelling: frames zeroed, found among all frames of the batch
ITM  image-text matching: are these frames this text's? Judged by the pooled vector: without text there is no [CLS]
ITC  image-text contrast: text alone finds its frames alone, and back
MMM  missing modality modelling: all frames or all words hidden, predicted from the other stream
MMA  masked multimodal alignment: text alone and frames alone, both masked, still find each other. Its source gives the
     letters only. Read so, it fills the one place left: MLM, MFM and MMM predict what is hidden, ITM and ITC align what
     is whole, and this aligns what is not, which titles that miss the point and skipped frames ask for.

B batch, T tokens, F frames, V width of a frame's embedding, D width
"""

from dataclasses import dataclass, field, replace

import torch
from torch import Generator, Tensor, nn

from ..layers.cross import masked_mean
from ..taggers.inputs import AtPublish
from ..taggers.parts import BackboneConfig
from .masking import IGNORED, MASK, is_word, mask_frames, mask_tokens, missing_modality, swapped_halves
from .objectives import contrast, masked_frames, masked_words

WEIGHTS = {"mlm": 1.0, "mfm": 0.5, "itm": 1.0, "itc": 1.0, "mmm": 0.5, "mma": 0.5}


@dataclass(frozen=True)
class PretrainingConfig:
    """An objective with weight 0 or left out costs nothing: its view is not computed."""

    weights: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    word_share: float = 0.3
    frame_share: float = 0.15
    temperature: float = 0.07

    def __post_init__(self):
        unknown = sorted(set(self.weights) - set(WEIGHTS))
        if unknown:
            raise ValueError(f"no such objective: {', '.join(unknown)}; there are {', '.join(WEIGHTS)}")


class Pretrainer(nn.Module):
    """Holds the heads that only pretraining needs; `backbone` is what goes on."""

    def __init__(self, backbone: nn.Module, shape: BackboneConfig, config: PretrainingConfig):
        super().__init__()
        self.backbone, self.shape, self.config = backbone, shape, config
        self.words = nn.Sequential(
            nn.Linear(shape.width, shape.width), nn.GELU(), nn.Linear(shape.width, shape.vocabulary)
        )
        self.frames = nn.Linear(shape.width, shape.frame_width)
        self.match = nn.Linear(backbone.pooled_width, 2)

    def forward(self, x: AtPublish, generator: Generator) -> tuple[Tensor, dict[str, Tensor]]:
        """The weighted sum, and every loss by its name, unweighted. Same generator state, same draws."""
        wanted = {name: weight for name, weight in self.config.weights.items() if weight > 0}
        losses: dict[str, Tensor] = {}
        if "mlm" in wanted or "mfm" in wanted:
            losses |= self._recover(*self._hide_some(x, generator), x, "mlm", "mfm")
        if "mmm" in wanted:
            words, frames = self._recover(*self._hide_modality(x, generator), x, "words", "frames").values()
            losses["mmm"] = words + frames
        if "itm" in wanted:
            losses["itm"] = self._itm(x, generator)
        if "itc" in wanted:
            losses["itc"] = self._align(x)
        if "mma" in wanted:
            losses["mma"] = self._align(self._hide_some(x, generator)[0])
        losses = {name: losses[name] for name in wanted}
        return sum(weight * losses[name] for name, weight in wanted.items()), losses

    def _hide_some(self, x: AtPublish, generator: Generator) -> tuple[AtPublish, Tensor, Tensor]:
        """The masked view, the words' targets, and which frames are zeroed."""
        ids_BT, targets_BT = mask_tokens(
            x.ids_BT, x.text_mask_BT, self.config.word_share, self.shape.vocabulary, generator
        )
        zeroed_BF = mask_frames(x.frame_mask_BF, self.config.frame_share, generator)
        frames_BFV = x.frames_BFV.masked_fill(zeroed_BF[..., None], 0.0)
        return replace(x, ids_BT=ids_BT, frames_BFV=frames_BFV), targets_BT, zeroed_BF

    def _hide_modality(self, x: AtPublish, generator: Generator) -> tuple[AtPublish, Tensor, Tensor]:
        without_frames, without_words = missing_modality(len(x.ids_BT), generator)
        hidden_BT, zeroed_BF = torch.zeros_like(x.ids_BT, dtype=torch.bool), torch.zeros_like(x.frame_mask_BF) > 0
        hidden_BT[without_words], zeroed_BF[without_frames] = True, True
        # A prediction must come from the other stream: an item without frames cannot give its words back.
        hidden_BT &= is_word(x.ids_BT, x.text_mask_BT) & (x.frame_mask_BF.amax(1, keepdim=True) > 0)
        zeroed_BF &= (x.frame_mask_BF > 0) & (x.text_mask_BT.amax(1, keepdim=True) > 0)
        masked = replace(
            x,
            ids_BT=x.ids_BT.masked_fill(hidden_BT, MASK),
            frames_BFV=x.frames_BFV.masked_fill(zeroed_BF[..., None], 0.0),
        )
        return masked, x.ids_BT.masked_fill(~hidden_BT, IGNORED), zeroed_BF

    def _recover(
        self, masked: AtPublish, targets_BT: Tensor, zeroed_BF: Tensor, x: AtPublish, words: str, frames: str
    ) -> dict[str, Tensor]:
        states = self.backbone(masked)
        return {
            words: masked_words(self.words, states.text_BTD, targets_BT),
            frames: masked_frames(self.frames(states.frames_BFD), x.frames_BFV, x.frame_mask_BF, zeroed_BF),
        }

    def _itm(self, x: AtPublish, generator: Generator) -> Tensor:
        whose_B, paired_B = (part.to(x.ids_BT.device) for part in swapped_halves(len(x.ids_BT), generator))
        swapped = replace(x, frames_BFV=x.frames_BFV[whose_B], frame_mask_BF=x.frame_mask_BF[whose_B])
        asked_B = both_present(swapped)
        if not bool(asked_B.any()):
            return self.match.weight.sum() * 0
        return nn.functional.cross_entropy(self.match(self.backbone(swapped).pooled_BP)[asked_B], paired_B[asked_B])

    def _align(self, x: AtPublish) -> Tensor:
        """Each stream alone through the backbone: had it seen the other, finding it would be no task."""
        both_B = both_present(x)
        if both_B.sum() < 2:
            return self.match.weight.sum() * 0
        x = AtPublish(x.ids_BT[both_B], x.text_mask_BT[both_B], x.frames_BFV[both_B], x.frame_mask_BF[both_B])
        alone_text = self.backbone(replace(x, frame_mask_BF=torch.zeros_like(x.frame_mask_BF)))
        alone_frames = self.backbone(replace(x, text_mask_BT=torch.zeros_like(x.text_mask_BT)))
        return contrast(
            masked_mean(alone_text.text_BTD, x.text_mask_BT.float()),
            masked_mean(alone_frames.frames_BFD, x.frame_mask_BF.float()),
            self.config.temperature,
        )


def both_present(x: AtPublish) -> Tensor:
    return (x.text_mask_BT.amax(1) > 0) & (x.frame_mask_BF.amax(1) > 0)
