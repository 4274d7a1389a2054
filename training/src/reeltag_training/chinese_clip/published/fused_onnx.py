"""The fused graph that hubs offer (`onnx/model.onnx`: both towers, optimum's names) → the two served towers.

No PyTorch here: the graph is cut at its own outputs. Only the fp32 file is taken; smaller ones are made from it, gated.

N rows, L tokens of a frame, W width of the vision tower, D width of the text tower, E embedding, G pooled cells
"""

from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper, numpy_helper

from ...packs.hashing import AGAIN
from ...packs.refusal import ImportRefusedError
from ..graphs.towers import Towers, declare_shapes, write_graph
from ..towers.grid_weights import pooling_weights
from ..towers.sizes import PIXEL_MEAN, PIXEL_STD, SIZES, ClipConfig, VitConfig

_INPUTS = {"input_ids", "pixel_values", "attention_mask"}
_OUTPUTS = {"text_embeds", "image_embeds"}
_QUANTISED = {"DynamicQuantizeLinear", "QuantizeLinear", "DequantizeLinear", "MatMulInteger", "MatMulNBits"}
_OPSET_MIN = 13


class FusedGraph:
    def __init__(self, file: Path, sizes: dict[str, ClipConfig] = SIZES):
        self.file = file
        try:
            self.model = onnx.load(file)
        except (DecodeError, OSError, ValueError, onnx.checker.ValidationError) as error:
            cause = f"{file} is damaged or no ONNX file: {str(error)[:200]}"
            raise ImportRefusedError("CHECKPOINT_UNREADABLE", cause, AGAIN) from error
        graph = self.model.graph
        self._check_names()
        self.weights = {tensor.name: tensor for tensor in graph.initializer}
        self.makers = {name: node for node in graph.node for name in node.output}
        self.config = self._recognise(sizes)

    def refuse(self, cause: str) -> ImportRefusedError:
        remedy = "Give the fp32 onnx/model.onnx of a Chinese-CLIP repository, or a PyTorch or safetensors checkpoint"
        return ImportRefusedError("CHECKPOINT_MISMATCH", f"{self.file}: {cause}", remedy)

    def _check_names(self) -> None:
        graph = self.model.graph
        inputs, outputs = ({value.name for value in values} for values in (graph.input, graph.output))
        if not graph.node or inputs - {t.name for t in graph.initializer} != _INPUTS or not outputs >= _OUTPUTS:
            raise self.refuse(f"its inputs are {sorted(inputs)[:8]}, its outputs {sorted(outputs)[:8]}")
        if any(node.op_type in _QUANTISED for node in graph.node):
            raise self.refuse("it is quantised already")
        if any(tensor.data_type == TensorProto.FLOAT16 for tensor in graph.initializer):
            raise self.refuse("it is in half precision")
        opset = next((o.version for o in self.model.opset_import if o.domain in ("", "ai.onnx")), 0)
        if opset < _OPSET_MIN:
            raise self.refuse(f"it is of opset {opset}, {_OPSET_MIN} is the oldest that is understood")

    def _recognise(self, sizes: dict[str, ClipConfig]) -> ClipConfig:
        convolutions = [node for node in self.model.graph.node if node.op_type == "Conv"]
        dims = list(self.weights[convolutions[0].input[1]].dims) if len(convolutions) == 1 else []
        held = {tuple(t.dims)[-2:] for t in self.weights.values() if len(t.dims) >= 2}
        for config in sizes.values():
            vision = config.vision
            if isinstance(vision, VitConfig) and dims == [vision.width, 3, vision.patch, vision.patch]:
                if (vision.grid**2 + 1, vision.width) in held:
                    return config
        raise self.refuse(f"patches {dims} and positions are those of no known size")

    def array(self, name: str) -> np.ndarray | None:
        if name in self.weights:
            return numpy_helper.to_array(self.weights[name])
        maker = self.makers.get(name)
        if maker is not None and maker.op_type == "Constant":
            return numpy_helper.to_array(maker.attribute[0].t)
        if maker is not None and maker.op_type == "Identity":
            return self.array(maker.input[0])
        return None

    def find_back(self, name: str, wanted, what: str) -> onnx.NodeProto:
        """The nearest node above `name` that `wanted` accepts, breadth first."""
        queue, seen = [name], set()
        while queue:
            maker = self.makers.get(queue.pop(0))
            if maker is None or maker.output[0] in seen:
                continue
            seen.add(maker.output[0])
            if wanted(maker):
                return maker
            queue.extend(maker.input)
        raise self.refuse(f"{what} is not where it was expected")

    def projection(self, output: str) -> onnx.NodeProto:
        """The last product with a weight before a tower's output."""
        wanted = lambda n: n.op_type == "MatMul" and self.array(n.input[1]) is not None  # noqa: E731
        return self.find_back(output, wanted, f"the projection before {output}")

    def class_token(self, output: str) -> onnx.NodeProto:
        """Where a tower takes the first of its tokens."""

        def wanted(node: onnx.NodeProto) -> bool:
            axis = next((a.i for a in node.attribute if a.name == "axis"), 0)
            return node.op_type == "Gather" and axis == 1 and np.all(self.array(node.input[1]) == 0)

        return self.find_back(output, wanted, f"the class token before {output}")

    def logit_scale(self) -> float:
        for name in self.weights:
            if name.endswith("logit_scale"):
                return float(np.exp(self.array(name)))
        logits = next((o.name for o in self.model.graph.output if o.name.startswith("logits_")), "")

        def wanted(node: onnx.NodeProto) -> bool:
            return node.op_type == "Mul" and any(_is_scalar(self.array(name)) for name in node.input)

        node = self.find_back(logits, wanted, "the scale of the logits")
        return float(next(value for name in node.input if _is_scalar(value := self.array(name))))


def _is_scalar(value: np.ndarray | None) -> bool:
    return value is not None and value.size == 1


def cut_towers(fused: FusedGraph, folder: Path) -> Towers:
    config = fused.config
    towers = Towers(
        vision=folder / "vision" / "model.onnx",
        text=folder / "text" / "model.onnx",
        side=config.vision.resolution,
        embedding=config.embedding,
        width=config.text.width,
        text_projection_DE=fused.array(fused.projection("text_embeds").input[1]),
        logit_scale=fused.logit_scale(),
    )
    if towers.text_projection_DE.shape != (config.text.width, config.embedding):
        raise fused.refuse(f"its text projection is {towers.text_projection_DE.shape}")
    write_graph(_vision(fused, towers), towers.vision)
    write_graph(_text(fused, towers), towers.text)
    return towers


def _vision(fused: FusedGraph, towers: Towers) -> onnx.ModelProto:
    config = fused.config.vision
    class_token, project = fused.class_token("image_embeds"), fused.projection("image_embeds")
    std = np.array(PIXEL_STD, np.float32)[:, None, None]
    mean = np.array(PIXEL_MEAN, np.float32)[:, None, None]
    states, projected = class_token.input[0], project.input[1]
    constants = {
        "pixel_scale": 1 / (255 * std),
        "pixel_shift": -mean / std,
        "pooling_GP": pooling_weights(config.grid),
        "first": np.array([0], np.int64),
        "second": np.array([1], np.int64),
        "end": np.array([2**31], np.int64),
        "axis_of_tokens": np.array([1], np.int64),
        "first_token": np.int64(0),
    }
    before = [
        helper.make_node("Transpose", ["frames"], ["frames_NCSS"], perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["frames_NCSS"], ["frames_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["frames_float", "pixel_scale"], ["pixels_scaled"]),
        helper.make_node("Add", ["pixels_scaled", "pixel_shift"], ["pixel_values"]),
    ]
    # The last norm works on one token as on all of them, so it is given all; the grid is pooled behind it.
    after = [
        helper.make_node("Slice", [project.input[0], "second", "end", "axis_of_tokens"], ["patch_states"]),
        helper.make_node("Slice", [project.input[0], "first", "second", "axis_of_tokens"], ["class_state"]),
        helper.make_node("MatMul", ["pooling_GP", "patch_states"], ["grid_states"]),
        helper.make_node("Concat", ["class_state", "grid_states"], ["kept_states"], axis=1),
        helper.make_node("MatMul", ["kept_states", projected], ["tokens"]),
        helper.make_node("Gather", ["tokens", "first_token"], ["class_embedding"], axis=1),
        *_unit("class_embedding", "embeddings"),
    ]
    dropped = {class_token.output[0], project.output[0]}
    nodes = [*before, *(n for n in fused.model.graph.node if not dropped & set(n.output)), *after]
    renamed = {class_token.output[0]: states}
    return _model(fused, nodes, constants | {"last_axis": np.array([-1], np.int64)}, renamed, towers.vision_shapes())


def _text(fused: FusedGraph, towers: Towers) -> onnx.ModelProto:
    states = fused.class_token("text_embeds").input[0]
    after = [
        helper.make_node("Identity", ["text_embeds"], ["embeddings"]),
        helper.make_node("Identity", [states], ["tokens"]),
    ]
    return _model(fused, [*fused.model.graph.node, *after], {}, {}, towers.text_shapes())


def _unit(name: str, out: str) -> list[onnx.NodeProto]:
    """Sum and root, not a norm operator: its form changed between opsets."""
    return [
        helper.make_node("Mul", [name, name], [f"{name}_squares"]),
        helper.make_node("ReduceSum", [f"{name}_squares", "last_axis"], [f"{name}_sum"], keepdims=1),
        helper.make_node("Sqrt", [f"{name}_sum"], [f"{name}_length"]),
        helper.make_node("Div", [name, f"{name}_length"], [out]),
    ]


_DTYPES = {"uint8": TensorProto.UINT8, "int64": TensorProto.INT64, "float32": TensorProto.FLOAT}


def _model(fused: FusedGraph, nodes, constants: dict, renamed: dict, shapes) -> onnx.ModelProto:
    """Only the nodes that the outputs need, in the order they had."""
    nodes = [_renamed(node, renamed) for node in nodes]
    makers = {name: node for node in nodes for name in node.output}
    inputs, outputs = shapes
    needed, queue = set(), [spec["name"] for spec in outputs]
    while queue:
        name = queue.pop()
        maker = makers.get(name)
        if name in needed:
            continue
        needed.add(name)
        if maker is not None:
            queue.extend([*maker.input, *_read_inside(maker)])
    kept = [node for node in nodes if needed & set(node.output)]
    held = [t for t in fused.model.graph.initializer if t.name in needed]
    held += [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items() if name in needed]
    declared = [
        [helper.make_tensor_value_info(s["name"], _DTYPES[s["dtype"]], s["shape"]) for s in specs] for specs in shapes
    ]
    graph = helper.make_graph(kept, "tower", *declared, held)
    opsets = list(fused.model.opset_import)
    model = helper.make_model(graph, opset_imports=opsets, ir_version=fused.model.ir_version)
    declare_shapes(model, (inputs, outputs))
    return model


def _renamed(node: onnx.NodeProto, renamed: dict[str, str]) -> onnx.NodeProto:
    if not renamed.keys() & set(node.input):
        return node
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    for index, name in enumerate(copy.input):
        copy.input[index] = renamed.get(name, name)
    return copy


def _read_inside(node: onnx.NodeProto) -> list[str]:
    """What the branches of an If or a Loop take from outside."""
    return [name for a in node.attribute if a.HasField("g") for inner in a.g.node for name in inner.input]
