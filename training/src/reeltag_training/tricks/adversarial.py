"""Adversarial training on one embedding table: call after the clean backward pass, before the optimiser's step.

`backward` runs the forward pass, the loss and its backward pass on the same batch once more. Its gradients are added
to the clean ones, and the table is put back to the bit.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn


def embedding_table(model: nn.Module, suffix: str = "words.weight") -> nn.Parameter:
    """The one parameter whose name ends so; none or several: ValueError."""
    found = [(name, p) for name, p in model.named_parameters() if name == suffix or name.endswith(f".{suffix}")]
    if len(found) != 1:
        raise ValueError(f"{len(found)} parameters end in {suffix!r}: {[name for name, _ in found]}; exactly one must")
    return found[0][1]


def fgm(table: nn.Parameter, backward: Callable[[], None], epsilon: float = 1.0) -> None:
    """One step of length `epsilon` up the gradient of the whole table. At 0 the clean gradient counts twice."""
    step = _along(table.grad, epsilon)
    if step is None:
        return
    clean = table.detach().clone()
    with torch.no_grad():
        table.add_(step)
    backward()
    with torch.no_grad():
        table.copy_(clean)


def pgd(
    model: nn.Module,
    table: nn.Parameter,
    backward: Callable[[], None],
    steps: int = 3,
    alpha: float = 0.3,
    epsilon: float = 1.0,
) -> None:
    """`steps` steps of length `alpha`, each brought back into the ball of radius `epsilon` around the clean table.

    Only the last place's gradient is added to the clean one. One step of alpha = epsilon is FGM.
    """
    clean_table = table.detach().clone()
    clean_grads = [(p, None if p.grad is None else p.grad.clone()) for p in model.parameters()]
    for number in range(steps):
        step = _along(table.grad, alpha)
        if step is None:
            # Nowhere to go from here: only the clean gradient counts.
            for parameter, grad in clean_grads:
                parameter.grad = grad
            break
        with torch.no_grad():
            away = table + step - clean_table
            table.copy_(clean_table + away * (epsilon / away.norm().clamp(min=epsilon)))
        for parameter, grad in clean_grads:
            parameter.grad = grad if number == steps - 1 else None
        backward()
    with torch.no_grad():
        table.copy_(clean_table)


def _along(grad: Tensor | None, length: float) -> Tensor | None:
    """A step of that length up the gradient; None where there is no gradient to follow."""
    norm = grad.norm() if grad is not None else torch.zeros(())
    return length * grad / norm if torch.isfinite(norm) and norm > 0 else None
