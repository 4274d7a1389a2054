"""fp32 graphs → fp16 and INT8. No PyTorch here."""

from pathlib import Path

import onnx
from onnxruntime.transformers.float16 import convert_float_to_float16

from ...packs.quantise import quantise
from .integer_products import Feeds, make_integer
from .towers import write_graph

# Sums of squares outgrow half precision, and pixels are scaled where they are still exact.
_KEPT_FLOAT = ["ReduceL2", "Pow", "ReduceMean", "Sqrt", "LayerNormalization", "Cast", "Clip"]


def to_fp16(source: Path, target: Path) -> None:
    """Weights and products in half precision; inputs and outputs stay as they are."""
    # By its path: above 2 GB a graph cannot be handed over in memory.
    graph = convert_float_to_float16(str(source), keep_io_types=True, op_block_list=_KEPT_FLOAT)
    write_graph(graph, target)


def to_int8(source: Path, target: Path, feeds: Feeds) -> None:
    """Products with weights become integer products; their input ranges are those that `feeds` show.

    Convolutions, where there are more than the patch embedding, take the static way (QDQ): without it their integer
    form is several times slower than fp32.
    """
    graph = onnx.load(source)
    if sum(node.op_type == "Conv" for node in graph.graph.node) > 1:
        quantise(source, target, feeds, ["Conv", "Gemm", "MatMul"])
    else:
        make_integer(graph, source, feeds)
        write_graph(graph, target)
