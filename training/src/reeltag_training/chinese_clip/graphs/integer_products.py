"""Products with weights, as integers: unsigned activations, signed weights per channel, float results.

The range of each input is fixed. Ranges taken anew each run would be taken over the whole batch, so that an item's
embedding depended on its neighbours; quantised results (QDQ) are slower and less exact.

K inputs, M outputs of a product
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .towers import open_session, write_graph

Feeds = list[dict[str, np.ndarray]]
# ONNX Runtime's own operators.
DOMAIN = "com.microsoft"


def make_integer(model: onnx.ModelProto, source: Path, feeds: Feeds) -> None:
    """Rewrites `model`, which is what `source` holds."""
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    products = [n for n in graph.node if n.op_type == "MatMul" and n.input[1] in weights]
    ranges = _ranges(source, list(dict.fromkeys(n.input[0] for n in products)), feeds)
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    replaced: dict[str, list[onnx.NodeProto]] = {}
    dropped: set[str] = set()
    quantised: dict[str, list[str]] = {}
    for product in products:
        made = []
        value, weight = product.input
        if value not in quantised:
            quantised[value] = _activation(graph, value, ranges[value])
            made.append(helper.make_node("QuantizeLinear", [value, *quantised[value][1:]], quantised[value][:1]))
        bias, result = _bias(product, readers, weights)
        integer, scale, zero = quantised[value]
        inputs = [integer, *_weight(graph, weights[weight], scale, zero), *bias]
        made.append(helper.make_node("MatMulIntegerToFloat", inputs, [result.output[0]], product.name, domain=DOMAIN))
        replaced[product.output[0]] = made
        if result is not product:
            dropped.add(result.output[0])
    nodes = [n for n in graph.node if not dropped & set(n.output) or n.output[0] in replaced]
    nodes = [new for n in nodes for new in replaced.get(n.output[0], [n])]
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    if all(opset.domain != DOMAIN for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid(DOMAIN, 1))


def _ranges(source: Path, names: list[str], feeds: Feeds) -> dict[str, tuple[float, float]]:
    """Least and greatest value that reached each product; zero is always within."""
    probed = onnx.load(source)
    extra = []
    for name in names:
        for op in ("ReduceMin", "ReduceMax"):
            probed.graph.node.append(helper.make_node(op, [name], [f"{name}/{op}"], keepdims=0))
            extra.append(f"{name}/{op}")
    probed.graph.output.extend(helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, []) for n in extra)
    probe = source.with_suffix(".probe.onnx")
    write_graph(probed, probe)
    del probed
    session = open_session(probe)
    found = np.array([session.run(extra, feed) for feed in feeds], np.float64)
    for part in probe.parent.glob(probe.name + "*"):
        part.unlink()
    lows, highs = found[:, 0::2].min(0), found[:, 1::2].max(0)
    return {name: (min(low, 0.0), max(high, 0.0)) for name, low, high in zip(names, lows, highs, strict=True)}


def _activation(graph: onnx.GraphProto, name: str, limits: tuple[float, float]) -> list[str]:
    low, high = limits
    step = max(high - low, 1e-9) / 255
    constants = {f"{name}/scale": np.float32(step), f"{name}/zero": np.uint8(np.clip(round(-low / step), 0, 255))}
    graph.initializer.extend(numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items())
    return [f"{name}/integer", *constants]


def _weight(graph: onnx.GraphProto, tensor: onnx.TensorProto, scale: str, zero: str) -> list[str]:
    """Inputs of the integer product after its first."""
    weight_KM = numpy_helper.to_array(tensor).astype(np.float32)
    step_M = np.maximum(np.abs(weight_KM).max(0), 1e-9) / 127
    constants = {
        f"{tensor.name}/integer": np.rint(weight_KM / step_M).astype(np.int8),
        f"{tensor.name}/scale": step_M.astype(np.float32),
        f"{tensor.name}/zero": np.zeros_like(step_M, np.int8),
    }
    if all(known.name not in constants for known in graph.initializer):
        graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in constants.items())
    integer, step, origin = constants
    return [integer, scale, step, zero, origin]


def _bias(product: onnx.NodeProto, readers: dict, weights: dict) -> tuple[list[str], onnx.NodeProto]:
    """The bias that the product can take along, and the node whose result is then the product's."""
    following = readers.get(product.output[0], [])
    if len(following) == 1 and following[0].op_type == "Add":
        other = next((name for name in following[0].input if name != product.output[0]), None)
        if other in weights and list(weights[other].dims) == [weights[product.input[1]].dims[1]]:
            return [other], following[0]
    return [], product
