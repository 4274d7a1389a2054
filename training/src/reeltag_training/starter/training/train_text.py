"""Trains the text encoder and the title expert on titles alone: cheap and without end."""

import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...words.titles import TitleWriter
from ...words.tree import leaves
from ...words.wordpiece import build_tokenizer, encode, vocabulary
from ..models.fusion import TitleExpert
from ..models.text import TextConfig, TextEncoder


@dataclass(frozen=True)
class TextTraining:
    titles: int = 384_000
    batch: int = 128
    rate: float = 1.5e-3
    # Chance that a token of a title is replaced by any other: most characters never occur in a training title, and
    # the encoder must learn to pass over them.
    noise: float = 0.08
    seed: int = 3


class TitleBatches:
    """Titles written, encoded and padded; encodings are remembered, as titles repeat."""

    def __init__(self, writer: TitleWriter, seed: int):
        self.writer, self.tokenizer, self.rng = writer, build_tokenizer(), np.random.default_rng(seed)
        self._known: dict[str, list[int]] = {}

    def ids(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = encode(self.tokenizer, text)
        return self._known[text]

    def pad(self, texts: list[str]) -> tuple[Tensor, Tensor]:
        """(ids, mask) int64; a missing title is all mask 0."""
        rows = [self.ids(t) for t in texts]
        length = max(len(r) for r in rows)
        ids_BT, mask_BT = (torch.zeros(len(rows), length, dtype=torch.long) for _ in range(2))
        for i, (row, text) in enumerate(zip(rows, texts, strict=True)):
            ids_BT[i, : len(row)] = torch.tensor(row)
            mask_BT[i, : len(row)] = 1 if text else 0
        return ids_BT, mask_BT

    def write(self, labels: np.ndarray) -> tuple[Tensor, Tensor]:
        return self.pad([self.writer.write(int(y), self.rng).text for y in labels])


def disturb(ids_BT: Tensor, mask_BT: Tensor, share: float, vocabulary_size: int) -> Tensor:
    hit_BT = (torch.rand(ids_BT.shape) < share) & (mask_BT > 0) & (ids_BT > 4)
    return torch.where(hit_BT, torch.randint(5, vocabulary_size, ids_BT.shape), ids_BT)


def train_text(config: TextTraining) -> tuple[TextEncoder, TitleExpert]:
    torch.manual_seed(config.seed)
    shape = TextConfig(len(vocabulary()))
    encoder, expert = TextEncoder(shape), TitleExpert(shape.width, len(leaves()))
    batches, rng = TitleBatches(TitleWriter("train"), config.seed), np.random.default_rng(config.seed)
    parameters = [*encoder.parameters(), *expert.parameters()]
    optimiser = torch.optim.AdamW(parameters, weight_decay=0.01, betas=(0.9, 0.98))
    steps, began = config.titles // config.batch, time.time()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = config.rate * min(1, step / 100) * (1 - step / steps) + 1e-6
        labels = rng.integers(0, len(leaves()), config.batch)
        ids_BT, mask_BT = batches.write(labels)
        present_B = mask_BT[:, 0] > 0
        tokens_BTD = encoder.train()(disturb(ids_BT, mask_BT, config.noise, shape.vocabulary), mask_BT)
        scores_BK = expert.train()(tokens_BTD, mask_BT.float())
        loss = F.nll_loss(scores_BK[present_B], torch.from_numpy(labels)[present_B])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        if step % 200 == 0:
            print(
                f"text: {step * config.batch} titles, {time.time() - began:.0f} s, loss {loss.item():.2f}", flush=True
            )
    return encoder.eval(), expert.eval()
