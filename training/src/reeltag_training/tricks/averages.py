"""Averages of weights: along training (EMA) and of its best states (SWA)."""

import copy
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


class Ema:
    """θ̄ ← decay θ̄ + (1 - decay) θ after every step; `model` holds θ̄ and is what is evaluated. Decay 0: θ itself.

    Buffers, such as running statistics, are copied as they are.
    """

    def __init__(self, model: nn.Module, decay: float = 0.999):
        self.decay = decay
        self.model = copy.deepcopy(model).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        for mean, now in zip(self.model.parameters(), model.parameters(), strict=True):
            mean.lerp_(now, 1 - self.decay)
        for mean, now in zip(self.model.buffers(), model.buffers(), strict=True):
            mean.copy_(now)


def mean_of_states(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Mean of the same model's states, in double precision; counters are the last state's. One state: itself.

    Running statistics in it belong to no model: re-estimate them.
    """
    if not states:
        raise ValueError("there is no state to average")
    last = states[-1]
    return {
        name: torch.stack([s[name].double() for s in states]).mean(0).to(value.dtype)
        if value.is_floating_point()
        else value.clone()
        for name, value in last.items()
    }


@torch.no_grad()
def reestimate_norms(model: nn.Module, batches: Iterable[tuple[Tensor, ...]]) -> None:
    """Running statistics of batch norms, anew: the mean over `batches`, each the arguments of one forward pass.

    All else stays in evaluation mode, as dropout would shift what the norms see. A model without batch norms keeps
    everything as it is.
    """
    norms = [module for module in model.modules() if isinstance(module, NORMS)]
    if not norms:
        return
    model.eval()
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    for batch in batches:
        model(*batch)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
        norm.eval()
