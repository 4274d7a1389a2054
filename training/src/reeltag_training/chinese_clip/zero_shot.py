"""A classifier without training: a leaf's weights are the mean of its sentences' embeddings.

The head is a graph of its own that takes what every fusion head takes. It reads the text through the projection that
the text tower keeps for its class token, so the towers' outputs are all it needs.

N contents, F frames, T tokens, D width of the text tower, E embedding, K leaves
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from ..packs.files import tensor
from .graphs.towers import OPSET, Towers, embed_texts, open_session
from .prompts import TaxonomyPrompts
from .tokens import encode

# Of the picture's similarity; the title has the rest. Not fitted: there is nothing to fit it on.
IMAGE_WEIGHT = 0.7
_TINY = 1e-12


def unit(x: np.ndarray) -> np.ndarray:
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), _TINY)


def leaf_weights(
    towers: Towers, tokenizer: Tokenizer, taxonomy: TaxonomyPrompts, text_digest: str, cache: Path
) -> dict[str, np.ndarray]:
    """[E, K] by facet. Kept by taxonomy (its version and its very sentences) and by text tower."""
    name = f"{taxonomy.ref.replace('/', '-')}-{taxonomy.digest()[:16]}-{text_digest[:16]}.npz"
    kept = cache / name
    if kept.exists():
        with np.load(kept, allow_pickle=False) as found:
            return {facet.id: found[facet.id] for facet in taxonomy.facets}
    session = open_session(towers.text)
    weights = {}
    for facet in taxonomy.facets:
        counts = [len(texts) for texts in facet.leaves.values()]
        rows = [encode(tokenizer, text) for texts in facet.leaves.values() for text in texts]
        # Of one length as far as it goes: padding is work.
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        embedded_PE = np.empty((len(rows), towers.embedding), np.float32)
        embedded_PE[order] = unit(embed_texts(session, [rows[i] for i in order]))
        parts = np.split(embedded_PE, np.cumsum(counts)[:-1])
        weights[facet.id] = unit(np.stack([part.mean(0) for part in parts])).T.copy()
    cache.mkdir(parents=True, exist_ok=True)
    scratch = kept.with_suffix(".part.npz")
    np.savez(scratch, **weights)
    scratch.replace(kept)
    return weights


def head_shapes(towers: Towers, weights: dict[str, np.ndarray]) -> tuple[list[dict], list[dict]]:
    inputs = [
        tensor("frames", "float32", "n", "f", towers.embedding),
        tensor("frame_mask", "float32", "n", "f"),
        tensor("text_tokens", "float32", "n", "t", towers.width),
        tensor("text_mask", "float32", "n", "t"),
    ]
    return inputs, [tensor(f"logits_{facet}", "float32", "n", w.shape[1]) for facet, w in weights.items()]


def build_head(towers: Towers, weights: dict[str, np.ndarray], image_weight: float) -> onnx.ModelProto:
    """Frames normalised, averaged, normalised; the title's class token projected and normalised; logits of both mixed.

    What is missing weighs nothing; with nothing there all logits are zero.
    """
    nodes: list[onnx.NodeProto] = []
    constants = {
        "tiny": np.float32(_TINY),
        "last": np.array([-1], np.int64),
        "rows": np.array([1], np.int64),
        "first": np.int64(0),
        "projection": towers.text_projection_DE.astype(np.float32),
        "image_weight": np.float32(image_weight),
        "text_weight": np.float32(1 - image_weight),
        "scale": np.float32(towers.logit_scale),
    }

    def op(kind: str, *inputs: str, out: str, **attributes) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **attributes))
        return out

    def normalised(name: str) -> str:
        length = op("ReduceL2", name, out=f"{name}_length", axes=[-1], keepdims=1)
        return op("Div", name, op("Max", length, "tiny", out=f"{name}_divisor"), out=f"{name}_unit")

    mask_NF1 = op("Unsqueeze", "frame_mask", "last", out="frame_mask_column")
    op("Mul", normalised("frames"), mask_NF1, out="frames_seen")
    op("ReduceSum", "frames_seen", "rows", out="video", keepdims=0)
    op("MatMul", op("Gather", "text_tokens", "first", out="class_token", axis=1), "projection", out="text")
    for stream, mask in (("image", "frame_mask"), ("text", "text_mask")):
        present_N1 = op("ReduceMax", mask, out=f"has_{stream}", axes=[1], keepdims=1)
        op("Mul", present_N1, f"{stream}_weight", out=f"{stream}_share")
    total_N1 = op("Max", op("Add", "image_share", "text_share", out="shares"), "tiny", out="total")
    scales_N1 = op("Div", "scale", total_N1, out="scale_of_shares")
    mixed = {"video": "image_share", "text": "text_share"}
    parts = [op("Mul", normalised(name), share, out=f"{name}_part") for name, share in mixed.items()]
    # Both similarities are linear in the weights of the leaves, so the sides are mixed before the one product.
    query_NE = op("Mul", op("Add", *parts, out="mixed"), scales_N1, out="query")
    for facet, weight_EK in weights.items():
        constants[f"weights_{facet}"] = weight_EK
        op("MatMul", query_NE, f"weights_{facet}", out=f"logits_{facet}")
    return _model(nodes, constants, *head_shapes(towers, weights))


def _model(nodes: list[onnx.NodeProto], constants: dict, inputs: list[dict], outputs: list[dict]) -> onnx.ModelProto:
    def declared(specs: list[dict]) -> list[onnx.ValueInfoProto]:
        return [helper.make_tensor_value_info(s["name"], TensorProto.FLOAT, s["shape"]) for s in specs]

    initialisers = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "zero-shot", declared(inputs), declared(outputs), initialisers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model
