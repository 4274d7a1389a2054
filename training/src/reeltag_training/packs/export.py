"""PyTorch → ONNX opset 17 with dynamic batch."""

from pathlib import Path

import onnx
import onnxruntime as ort
import torch
from torch import nn

OPSET = 17


def export(model: nn.Module, example: tuple, inputs: dict, outputs: dict, file: Path) -> None:
    """`inputs` and `outputs` map a name to its dynamic axes. A batch of one would be baked in: the example has two."""
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


def session(file: Path, threads: int = 1) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
