"""A small table of videos, and configs over it, for the tests of the lab's commands."""

import json
import subprocess

import av
import numpy as np
import onnx
import yaml
from onnx import TensorProto, helper, numpy_helper

from reeltag_training.packs.files import sha256, tensor
from reeltag_training.paths import TRAINING

WORDS = {"food/apple": "苹果", "food": "美食", "sport/ball": "足球", "sport/run": "跑步"}


def write_table(folder, count=80, **changed):
    """Titles that name their label; every second video has frames, of which one file is broken. `changed` by id."""
    rng, rows = np.random.default_rng(0), []
    for i in range(count):
        label = list(WORDS)[i % 4]
        frames = f"{i}.npy" if i % 2 else ""
        if frames:
            np.save(folder / frames, np.eye(4, dtype=np.float32)[[i % 4] * 2] + rng.normal(0, 0.1, (2, 4)))
        row = {"id": f"v{i}", "title": f"{WORDS[label]} 日常 {i % 7}", "label": label, "author": f"a{i // 4}"}
        rows.append(row | {"frames": frames, "side": "test" if i % 8 == 0 else "train"} | changed.get(f"v{i}", {}))
    (folder / "1.npy").write_bytes(b"broken")
    text = "\n".join("\t".join(row.values()) for row in rows)
    (folder / "videos.tsv").write_text("\t".join(rows[0]) + "\n" + text + "\n")


TOWER_WIDTH, TOWER_SIDE = 4, 8


def write_tower(models, name="tower"):
    """A vision tower in the platform's form: of a frame its mean red, green and blue, and 1. Returns name/version."""
    folder = models / name / "1.0.0"
    folder.mkdir(parents=True)
    weights = numpy_helper.from_array(np.eye(3, TOWER_WIDTH, dtype=np.float32) / 255, "weights")
    lift = numpy_helper.from_array(np.eye(1, TOWER_WIDTH, TOWER_WIDTH - 1, dtype=np.float32), "lift")
    axes = numpy_helper.from_array(np.array([1, 2]), "axes")
    nodes = [
        helper.make_node("Cast", ["frames"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats", "axes"], ["means"], keepdims=0),
        helper.make_node("MatMul", ["means", "weights"], ["colours"]),
        helper.make_node("Add", ["colours", "lift"], ["embeddings"]),
    ]
    shape = [TOWER_SIDE, TOWER_SIDE, 3]
    inputs = [helper.make_tensor_value_info("frames", TensorProto.UINT8, ["n", *shape])]
    outputs = [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["n", TOWER_WIDTH])]
    graph = helper.make_graph(nodes, "tower", inputs, outputs, [weights, lift, axes])
    file = folder / "model.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), file)
    manifest = {
        "format": 1,
        "name": name,
        "version": "1.0.0",
        "kind": "vision-encoder",
        "graph": {"file": file.name, "sha256": sha256(file), "bytes": file.stat().st_size},
        "inputs": [tensor("frames", "uint8", "n", *shape)],
        "outputs": [tensor("embeddings", "float32", "n", TOWER_WIDTH)],
        "preprocessing": {"id": f"squash-bicubic-{TOWER_SIDE}", "size": TOWER_SIDE},
        "files": [],
        "licence": "none",
        "trainingData": "none",
        "metrics": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return f"{name}/1.0.0"


def pack_of(root, **changed):
    """The section `pack` of a config: the tower, and folders below `root` for what is made."""
    vision = "tower/1.0.0" if (root / "models/tower").exists() else write_tower(root / "models")
    folders = {"models": str(root / "models"), "taxonomies": str(root / "taxonomies")}
    return {"name": "own", "vision": vision, "frames": 2, "taxonomy": "own/1"} | folders | changed


def write_config(into, file="config.yaml", **changed):
    """Where the config lies; `changed` by section, added to what a section has."""
    config = {
        "table": {"file": "videos.tsv", "id": "id", "text": ["title"], "label": "label", "author": "author"}
        | {"frames": "frames"},
        "folder": "run",
        "split": {"folds": 4},
        "model": {"backbone": "two-stream-cross", "width": 32, "heads": 2, "layers": 1, "cross_layers": 1},
        "pretrain": {"steps": 6, "batch": 16},
        "train": {"steps": 40, "batch": 32, "rate": 0.005, "coarse": 0.5, "mapping": 0.2, "ema": 0.5, "r_drop": 0.3}
        | {"smoothing": 0.05, "balance": 0.9, "fgm": 0.1},
    }
    for key, value in changed.items():
        config[key] = config.get(key, {}) | value if isinstance(value, dict) else value
    (into / file).write_text(yaml.safe_dump(config))
    return str(into / file)


def served(folder, requests):
    """Logits of the subject by the pack own/1.0.0, from the classes that serve."""
    script, root = TRAINING / "tests/served_pack.mjs", [str(folder / "models"), str(folder / "taxonomies"), "own/1.0.0"]
    lines = "\n".join(json.dumps(request) for request in requests)
    answer = subprocess.run(["node", str(script), *root], input=lines, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return np.array([json.loads(line)["subject"] for line in answer.stdout.splitlines()])


def write_film(file, colours, rate=10, each=10, size=(64, 64)):
    """A film of flat colours, so many frames each."""
    with av.open(str(file), "w") as out:
        stream = out.add_stream("mpeg4", rate=rate)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for colour in colours:
            for _ in range(each):
                frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), colour, np.uint8), format="rgb24")
                out.mux(stream.encode(frame))
        out.mux(stream.encode())
