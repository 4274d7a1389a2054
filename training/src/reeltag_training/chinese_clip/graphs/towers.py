"""What a served tower looks like, and ONNX Runtime sessions on it. No PyTorch here.

N rows, S side, T tokens, E embedding, D width of the text tower
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

from ...packs.files import tensor
from ..towers.sizes import TOKENS

OPSET = 17
# A protocol buffer ends at 2 GiB; beyond that, weights lie in a file beside the graph.
EXTERNAL_FROM_BYTES = 1_900_000_000


@dataclass(frozen=True)
class Towers:
    """The two graphs, and what the zero-shot head needs of the model beside them."""

    vision: Path
    text: Path
    side: int
    embedding: int
    width: int
    text_projection_DE: np.ndarray
    logit_scale: float

    def vision_shapes(self) -> tuple[list[dict], list[dict]]:
        return vision_shapes(self.side, self.embedding)

    def text_shapes(self) -> tuple[list[dict], list[dict]]:
        inputs = [tensor(name, "int64", "n", "t") for name in ("input_ids", "attention_mask")]
        return inputs, [
            tensor("embeddings", "float32", "n", self.embedding),
            tensor("tokens", "float32", "n", "t", self.width),
        ]


def write_graph(model: onnx.ModelProto, file: Path) -> None:
    """Weights in `model.onnx.data` beside the graph where they do not fit into one file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    size = sum(np.prod(t.dims) * (2 if t.data_type == onnx.TensorProto.FLOAT16 else 4) for t in model.graph.initializer)
    data = file.with_name(file.name + ".data")
    for old in (file, data):
        old.unlink(missing_ok=True)
    if size < EXTERNAL_FROM_BYTES:
        onnx.save_model(model, file)
    else:
        onnx.save_model(model, file, save_as_external_data=True, location=data.name, size_threshold=1024)


def declare_shapes(model: onnx.ModelProto, shapes: tuple[list[dict], list[dict]]) -> None:
    """Names the dynamic axes and states the fixed ones: the platform holds a graph to its manifest."""
    for declared, values in zip(shapes, (model.graph.input, model.graph.output), strict=True):
        by_name = {value.name: value for value in values}
        for spec in declared:
            dims = by_name[spec["name"]].type.tensor_type.shape.dim
            for dim, wanted in zip(dims, spec["shape"], strict=True):
                dim.Clear()
                if isinstance(wanted, int):
                    dim.dim_value = wanted
                else:
                    dim.dim_param = wanted


def vision_shapes(side: int, embedding: int) -> tuple[list[dict], list[dict]]:
    """Inputs and outputs of a vision tower, for its manifest."""
    return [tensor("frames", "uint8", "n", side, side, 3)], [
        tensor("embeddings", "float32", "n", embedding),
        tensor("tokens", "float32", "n", TOKENS, embedding),
    ]


def open_session(file: Path, threads: int | None = None) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
    options.log_severity_level = 3
    return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def embed_frames(session: ort.InferenceSession, frames_NSSC: np.ndarray, batch: int = 4) -> np.ndarray:
    parts = range(0, len(frames_NSSC), batch)
    return np.concatenate([session.run(["embeddings"], {"frames": frames_NSSC[i : i + batch]})[0] for i in parts])


def pad(rows: list[list[int]]) -> dict[str, np.ndarray]:
    """Ids of texts → feeds as long as the longest."""
    ids_NT = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for index, row in enumerate(rows):
        ids_NT[index, : len(row)] = row
    return {"input_ids": ids_NT, "attention_mask": (ids_NT != 0).astype(np.int64)}


def embed_texts(session: ort.InferenceSession, rows: list[list[int]], batch: int = 32) -> np.ndarray:
    parts = range(0, len(rows), batch)
    return np.concatenate([session.run(["embeddings"], pad(rows[i : i + batch]))[0] for i in parts])
