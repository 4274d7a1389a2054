"""fp32 → static INT8 (QDQ). No PyTorch here."""

from pathlib import Path

import numpy as np
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process


class _Feeds(CalibrationDataReader):
    def __init__(self, batches: list[dict[str, np.ndarray]]):
        self._batches = iter(batches)

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._batches, None)


def quantise(source: Path, target: Path, batches: list[dict[str, np.ndarray]], operators: list[str]) -> None:
    """Static INT8 (QDQ), activation ranges from `batches`.

    Not dynamic: dynamic convolutions are slow, and dynamic scales are taken over the whole batch, so that an item's
    score would depend on its neighbours. Products of two activations (attention) stay in fp32.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    prepared = source.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(target),
        _Feeds(batches),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=operators,
        extra_options={"MatMulConstBOnly": True},
    )
    prepared.unlink()
