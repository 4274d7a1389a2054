"""The training loop: seeded, resumable to the same weights, and stopped by the first loss that is not a number.

Every step draws its batch and its randomness from the seed and its own number, so a run that was interrupted needs
nothing but weights, optimiser and the number of the next step.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from tensorboardX import SummaryWriter
from torch import Generator, Tensor, nn
from tqdm import tqdm

from ...tricks.adversarial import embedding_table, fgm, pgd
from ...tricks.averages import Ema, mean_of_states
from ...tricks.layer_rates import layer_rates
from .devices import moved


class LossNotFiniteError(Exception):
    """The loss or its gradient is not a number. `kept` holds step, batch and loss."""

    def __init__(self, step: int, kept: Path):
        super().__init__(
            f"step {step}: the loss is not finite; step and batch are kept in {kept}; the last state is good"
        )
        self.step, self.kept = step, kept


@dataclass(frozen=True)
class LoopConfig:
    """`ema`, `fgm` and `pgd` are off at 0: EMA's decay, and the length of an attack on the word embeddings.

    `swa` states of the last quarter of the steps are averaged (Izmailov et al. 2018), EMA's where it is on: 1 is the
    last state, as 0 is. `layer_rate` 1: all layers learn at `rate`; `tower_rate`: the share of it that a vision tower
    learns at. On any `device` the same batches are drawn.

    `made_of` distinguishes runs that differ in what the loop does not see: data, model, loss.
    """

    steps: int
    rate: float = 1e-3
    warm_up: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    ema: float = 0.0
    fgm: float = 0.0
    pgd: float = 0.0
    swa: int = 0
    layer_rate: float = 1.0
    tower_rate: float = 1.0
    device: str = "cpu"
    save_every: int = 100
    seed: int = 0
    made_of: str = ""


def train(
    model: nn.Module,
    batch_of: Callable[[Generator], Any],
    loss_of: Callable[[Any, Generator], Tensor],
    config: LoopConfig,
    folder: Path,
) -> nn.Module:
    """The model to evaluate: its average where `ema` or `swa` is on. Goes on where a run of this config stopped.

    It lies on the CPU. Norms of an average by `swa` have yet to be re-estimated.

    `batch_of` and `loss_of` may draw from the generator and from nothing else. Another config's run in the folder:
    ValueError. LossNotFiniteError leaves the last saved state untouched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run = _Run(model.to(config.device), config, folder)
    first = run.resume()
    # Where nobody watches, the log's lines say how far it is.
    for step in tqdm(range(first, config.steps), initial=first, total=config.steps, unit="step", disable=None):
        generator = Generator().manual_seed(config.seed * 1_000_003 + step)
        batch = moved(batch_of(generator), config.device)
        loss = run.step(step, lambda batch=batch, generator=generator: loss_of(batch, generator))
        if loss is None:
            kept = folder / f"stopped-at-{step}.pt"
            torch.save({"step": step, "batch": batch}, kept)
            raise LossNotFiniteError(step, kept)
        if (step + 1) % config.save_every == 0 or step + 1 == config.steps:
            run.save(step + 1)
            run.log(step + 1, loss)
    return run.best().cpu().eval()


class _Run:
    def __init__(self, model: nn.Module, config: LoopConfig, folder: Path):
        self.model, self.config, self.folder = model, config, folder
        groups = [{"params": model.parameters()}]
        if (config.layer_rate, config.tower_rate) != (1, 1):
            groups = layer_rates(model, config.layer_rate, config.tower_rate)
        self.optimiser = torch.optim.AdamW(groups, lr=config.rate, weight_decay=config.weight_decay)
        self.ema = Ema(model, config.ema) if config.ema else None
        self.states: list[dict[str, Tensor]] = []

    def step(self, number: int, loss_of: Callable[[], Tensor]) -> float | None:
        """The loss; None, and nothing changed, where it is not finite."""
        torch.manual_seed(self.config.seed * 1_000_003 + number)
        self.model.train()
        for group in self.optimiser.param_groups:
            group["lr"] = self.config.rate * group.get("factor", 1.0) * self._schedule(number)
        self.optimiser.zero_grad()
        loss = loss_of()
        loss.backward()
        self._attack(lambda: loss_of().backward())
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        if not (torch.isfinite(loss) and torch.isfinite(norm)):
            return None
        self.optimiser.step()
        if self.ema:
            self.ema.update(self.model)
        if number in self._averaged():
            self.states.append({name: value.clone() for name, value in self._now().state_dict().items()})
        return loss.item()

    def _now(self) -> nn.Module:
        return self.ema.model if self.ema else self.model

    def _averaged(self) -> range:
        """The steps whose states SWA averages: evenly over the last quarter, the last step among them."""
        apart = max(1, self.config.steps // 4 // max(1, self.config.swa))
        return range(self.config.steps - 1, -1, -apart)[: self.config.swa]

    def best(self) -> nn.Module:
        best = self._now()
        if self.states:
            best.load_state_dict(mean_of_states(self.states))
        return best

    def _attack(self, backward: Callable[[], None]) -> None:
        if self.config.fgm:
            fgm(embedding_table(self.model), backward, self.config.fgm)
        if self.config.pgd:
            pgd(self.model, embedding_table(self.model), backward, epsilon=self.config.pgd)

    def _schedule(self, step: int) -> float:
        """Linear up over the warm-up, linear down to 0."""
        up = max(1, int(self.config.warm_up * self.config.steps))
        return min((step + 1) / up, (self.config.steps - step) / max(1, self.config.steps - up))

    def save(self, next_step: int) -> None:
        state = {
            "config": json.dumps(asdict(self.config), sort_keys=True),
            "next_step": next_step,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "ema": self.ema.model.state_dict() if self.ema else {},
            "states": self.states,
        }
        # A run may be cut off while it writes: the old state stays whole until the new one is.
        torch.save(state, self.folder / "state.pt.new")
        os.replace(self.folder / "state.pt.new", self.folder / "state.pt")

    def resume(self) -> int:
        """The next step; 0 where nothing was saved."""
        file = self.folder / "state.pt"
        if not file.exists():
            return 0
        state = torch.load(file, weights_only=True, map_location=self.config.device)
        if state["config"] != json.dumps(asdict(self.config), sort_keys=True):
            raise ValueError(f"{file} is of a run with other settings or data; remove it, or choose another folder")
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        if self.ema:
            self.ema.model.load_state_dict(state["ema"])
        self.states = state["states"]
        return state["next_step"]

    def log(self, step: int, loss: float) -> None:
        tqdm.write(f"step {step} of {self.config.steps}, loss {loss:.4f}", file=sys.stderr)
        rate = self.optimiser.param_groups[0]["lr"]
        with open(self.folder / "log.jsonl", "a") as log:
            log.write(json.dumps({"step": step, "loss": loss, "rate": rate}) + "\n")
        # A file for each start: TensorBoard shows those of one folder as one curve.
        with SummaryWriter(str(self.folder / "tensorboard")) as board:
            board.add_scalar("loss", loss, step)
            board.add_scalar("rate", rate, step)
