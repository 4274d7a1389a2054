"""Moving what a step works on to where it runs."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from torch import Tensor


def moved(batch: Any, device: str) -> Any:
    """The tensors of a batch on that device, through dicts and dataclasses; all else as it is."""
    if isinstance(batch, Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: moved(value, device) for key, value in batch.items()}
    if is_dataclass(batch):
        return replace(batch, **{f.name: moved(getattr(batch, f.name), device) for f in fields(batch)})
    return batch
