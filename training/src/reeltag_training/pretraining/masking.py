"""What is hidden from the model, and what it must say instead. Draws come from the generator alone, on its device.

B batch, T tokens, F frames
"""

import torch
from torch import Generator, Tensor

# Of the vocabulary's order that the tokenizer fixes: [PAD], [UNK], [CLS], [SEP], [MASK], then words.
MASK, FIRST_WORD = 4, 5
IGNORED = -100


def mask_tokens(
    ids_BT: Tensor, text_mask_BT: Tensor, share: float, vocabulary: int, generator: Generator
) -> tuple[Tensor, Tensor]:
    """(ids, targets): of the chosen words 80% become [MASK], 10% any word, 10% stay; targets elsewhere are IGNORED.

    Special tokens and padding are never chosen.
    """
    drawn_BT, how_BT = (torch.rand(ids_BT.shape, generator=generator).to(ids_BT.device) for _ in range(2))
    any_BT = torch.randint(FIRST_WORD, vocabulary, ids_BT.shape, generator=generator).to(ids_BT.device)
    chosen_BT = (drawn_BT < share) & is_word(ids_BT, text_mask_BT)
    masked_BT = torch.where(chosen_BT & (how_BT < 0.8), torch.full_like(ids_BT, MASK), ids_BT)
    masked_BT = torch.where(chosen_BT & (how_BT >= 0.9), any_BT, masked_BT)
    return masked_BT, torch.where(chosen_BT, ids_BT, torch.full_like(ids_BT, IGNORED))


def mask_frames(frame_mask_BF: Tensor, share: float, generator: Generator) -> Tensor:
    """True where a frame is to be zeroed; padding never is."""
    drawn_BF = torch.rand(frame_mask_BF.shape, generator=generator).to(frame_mask_BF.device)
    return (drawn_BF < share) & (frame_mask_BF > 0)


def is_word(ids_BT: Tensor, text_mask_BT: Tensor) -> Tensor:
    return (ids_BT >= FIRST_WORD) & (text_mask_BT > 0)


def swapped_halves(batch: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """(whose frames each item gets, 1 where they are its own): a random half of the batch, in reverse order.

    The middle of an odd half keeps its frames and counts as a pair.
    """
    half = torch.randperm(batch, generator=generator)[: batch // 2]
    whose_B = torch.arange(batch)
    whose_B[half] = half.flip(0)
    return whose_B, (whose_B == torch.arange(batch)).long()


def missing_modality(batch: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """(items that lose all frames, items that lose all words): an eighth of the batch each, drawn apart, at least one.

    A batch of one loses its frames only.
    """
    order = torch.randperm(batch, generator=generator)
    eighth = max(1, batch // 8)
    return order[:eighth], order[eighth : 2 * eighth]
