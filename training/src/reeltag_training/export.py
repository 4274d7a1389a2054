"""PyTorch → ONNX opset 17 with dynamic batch, then INT8 where it costs nothing."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

OPSET = 17


def export(model: nn.Module, example: tuple, inputs: dict, outputs: dict, file: Path) -> None:
    """`inputs` and `outputs` map a name to its dynamic axes. The example has a batch of two: a batch of one is baked in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model.eval(),
        example,
        str(file),
        opset_version=OPSET,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes=inputs | outputs,
        dynamo=False,
    )
    onnx.checker.check_model(str(file))


def quantise_dynamic(source: Path, target: Path) -> None:
    """INT8 weights for matrix products and embedding tables; convolutions are left alone (5.7 times slower so)."""
    quantize_dynamic(
        str(source), str(target), per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm", "Gather"]
    )


class _Frames(CalibrationDataReader):
    def __init__(self, frames_NHWC: np.ndarray):
        self._batches = iter([{"frames": frames_NHWC[i : i + 32]} for i in range(0, len(frames_NHWC), 32)])

    def get_next(self):
        return next(self._batches, None)


def quantise_static(source: Path, target: Path, frames_NHWC: np.ndarray) -> None:
    """INT8 convolutions by QDQ, activation ranges from training art."""
    prepared = source.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(target),
        _Frames(frames_NHWC),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["Conv", "MatMul", "Gemm"],
    )
    prepared.unlink()


def session(file: Path, threads: int = 1) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
