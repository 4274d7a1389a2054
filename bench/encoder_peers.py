"""Encoders of true shape with random weights: makes them, and measures the Python peers of bench/encoders.

python bench/encoder_peers.py make FOLDER --size vit-b-16
    models/bench-<size>-<role>-<precision>/1.0.0 (graph and manifest, as the platform loads them), <size>.pt, and
    <size>-hub: both towers in one graph, as hubs offer them to transformers.js
python bench/encoder_peers.py measure FOLDER --size vit-b-16 --peer onnxruntime --precision int8
    a JSON object a line: {"peer", "size", "role", "precision", "batch", "threads", "perSecond", "bestMs", "cpuMsPerItem",
    "rssMiB"}; CPU time stands where the machine is shared and wall time does not
python bench/encoder_peers.py limit
    {"peer": "limit", "precision", "threads", "gigaMacsPerSecond"}: the fastest large product that this machine does

Needs training/requirements.txt, and training/src on PYTHONPATH. One process measures one thing, so that RSS means it.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

# A title of a short video; every text has this many tokens, so that no peer gains from padding.
TOKENS = 20
ROLES = ("vision", "text")


def make(folder: Path, size: str) -> None:
    import torch

    from reeltag_training.chinese_clip.graphs.export_towers import export_towers
    from reeltag_training.chinese_clip.graphs.towers import pad
    from reeltag_training.chinese_clip.towers.model import ChineseClip
    from reeltag_training.packs.folders import PackFolders, write_model
    from reeltag_training.packs.manifests import ModelFolder
    from reeltag_training.chinese_clip.graphs.precision import to_int8
    from tiny_size import BENCH_SIZES

    torch.manual_seed(0)
    model = ChineseClip(BENCH_SIZES[size]).eval()
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), folder / f"{size}.pt")
    towers = export_towers(model, folder / "scratch" / size)
    folders = PackFolders(folder / "models", folder, "1.0.0")
    frames = frames_of(16, towers.side)
    feeds = {
        "vision": [{"frames": frames[i : i + 4]} for i in range(0, 16, 4)],
        "text": [pad(ids_of(16).tolist())],
    }
    shapes = {"vision": towers.vision_shapes(), "text": towers.text_shapes()}
    for role, graph in (("vision", towers.vision), ("text", towers.text)):
        small = folder / "scratch" / f"{size}-int8" / role / "model.onnx"
        to_int8(graph, small, feeds[role])
        for precision, file in (("fp32", graph), ("int8", small)):
            preparation = {"id": "bench", "size": towers.side} if role == "vision" else {"id": "bench"}
            name, kind = f"bench-{size}-{role}-{precision}", f"{role}-encoder"
            write_model(folders, ModelFolder(name, kind, file, shapes[role], preparation, "none", "random", {}))

    write_hub_model(model, towers.side, folder / f"{size}-hub")


def write_hub_model(model, side: int, folder: Path) -> None:
    """One graph with the names that transformers.js looks for, and how pictures are prepared for it."""
    import torch

    from reeltag_training.chinese_clip.towers.model import unit
    from reeltag_training.chinese_clip.towers.sizes import PIXEL_MEAN, PIXEL_STD

    class Fused(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.clip = model

        def forward(self, ids, pixels, mask):
            image = unit(self.clip.vision.tokens(pixels)[:, 0])
            text = unit(self.clip.text.project(self.clip.text.bert(ids, mask)[:, 0]))
            per_text = text @ image.t() * self.clip.logit_scale.exp()
            return per_text.t(), per_text, text, image

    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    words, pictures = {0: "texts", 1: "length"}, {0: "images"}
    torch.onnx.export(
        Fused().eval(),
        (torch.ones(2, 9, dtype=torch.long), torch.zeros(2, 3, side, side), torch.ones(2, 9, dtype=torch.long)),
        str(folder / "onnx" / "model.onnx"),
        opset_version=17,
        input_names=["input_ids", "pixel_values", "attention_mask"],
        output_names=["logits_per_image", "logits_per_text", "text_embeds", "image_embeds"],
        dynamic_axes={"input_ids": words, "attention_mask": words, "pixel_values": pictures},
        dynamo=False,
    )
    write_json(folder / "config.json", {"model_type": "chinese_clip", "architectures": ["ChineseCLIPModel"]})
    size = {"height": side, "width": side}
    preparation = {"do_resize": True, "size": size, "resample": 3, "do_center_crop": False, "do_convert_rgb": True}
    preparation |= {"do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True}
    preparation |= {"image_mean": list(PIXEL_MEAN), "image_std": list(PIXEL_STD)}
    preparation |= {"image_processor_type": "ChineseCLIPFeatureExtractor"}
    write_json(folder / "preprocessor_config.json", preparation)


def write_json(file: Path, value: dict) -> None:
    file.write_text(json.dumps(value), "utf8")


def frames_of(count: int, side: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (count, side, side, 3), dtype=np.uint8)


def ids_of(count: int) -> np.ndarray:
    ids = np.random.default_rng(0).integers(200, 21128, (count, TOKENS))
    ids[:, 0], ids[:, -1] = 101, 102
    return ids


def feeds_of(role: str, batch: int, side: int) -> dict[str, np.ndarray]:
    if role == "vision":
        return {"frames": frames_of(batch, side)}
    ids = ids_of(batch)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def with_onnxruntime(folder: Path, size: str, role: str, precision: str, threads: int):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    graph = folder / "models" / f"bench-{size}-{role}-{precision}" / "1.0.0" / "model.onnx"
    session = ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    return lambda feeds: session.run(["embeddings"], feeds)


def with_pytorch(folder: Path, size: str, role: str, precision: str, threads: int):
    import torch

    from reeltag_training.chinese_clip.towers.model import ChineseClip, ServedText, ServedVision
    from tiny_size import BENCH_SIZES

    if precision != "fp32":
        raise SystemExit("PyTorch is measured in fp32")
    torch.set_num_threads(threads)
    model = ChineseClip(BENCH_SIZES[size])
    model.load_state_dict(torch.load(folder / f"{size}.pt", weights_only=True))
    served = (ServedVision(model.vision) if role == "vision" else ServedText(model.text)).eval()

    def run(feeds: dict[str, np.ndarray]) -> None:
        with torch.inference_mode():
            served(*map(torch.from_numpy, feeds.values()))

    return run


PEERS = {"onnxruntime": with_onnxruntime, "pytorch": with_pytorch}


def measure(options: argparse.Namespace) -> None:
    from tiny_size import BENCH_SIZES

    run = PEERS[options.peer](options.folder, options.size, options.role, options.precision, options.threads)
    for batch in map(int, options.batches.split(",")):
        feeds = feeds_of(options.role, batch, BENCH_SIZES[options.size].vision.resolution)
        run(feeds)
        times: list[float] = []
        worked: list[float] = []
        while sum(times) < options.seconds or len(times) < 3:
            started, worked_before = time.perf_counter(), time.process_time()
            run(feeds)
            times.append(time.perf_counter() - started)
            worked.append(time.process_time() - worked_before)
        say(
            peer=options.peer,
            size=options.size,
            role=options.role,
            precision=options.precision,
            batch=batch,
            threads=options.threads,
            perSecond=round(batch * len(times) / sum(times), 2),
            bestMs=round(min(times) * 1000, 2),
            cpuMsPerItem=round(min(worked) * 1000 / batch, 2),
            rssMiB=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        )


def limit(threads: int, seconds: float) -> None:
    """A product large enough that nothing but arithmetic counts, through the same runtime."""
    import onnxruntime as ort
    from onnx import TensorProto, helper, numpy_helper

    side = 2048
    rng = np.random.default_rng(0)
    for precision in ("fp32", "int8"):
        small = precision == "int8"
        left = rng.integers(0, 255, (side, side)).astype(np.uint8 if small else np.float32)
        right = rng.integers(-127, 127, (side, side)).astype(np.int8 if small else np.float32)
        kinds = (TensorProto.UINT8, TensorProto.INT32) if small else (TensorProto.FLOAT, TensorProto.FLOAT)
        node = helper.make_node("MatMulInteger" if small else "MatMul", ["a", "b"], ["c"])
        graph = helper.make_graph(
            [node],
            "limit",
            [helper.make_tensor_value_info("a", kinds[0], [side, side])],
            [helper.make_tensor_value_info("c", kinds[1], [side, side])],
            [numpy_helper.from_array(right, "b")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        session.run(None, {"a": left})
        times: list[float] = []
        while sum(times) < seconds or len(times) < 3:
            started = time.perf_counter()
            session.run(None, {"a": left})
            times.append(time.perf_counter() - started)
        rate = round(side**3 / min(times) / 1e9, 1)
        say(peer="limit", precision=precision, threads=threads, gigaMacsPerSecond=rate)


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=4, help="of each measurement, at least")
    parser.add_argument("--batches", default="1,4,8,16")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "measure"):
        command = commands.add_parser(name)
        command.add_argument("folder", type=Path)
        command.add_argument("--size", required=True)
    command.add_argument("--peer", choices=list(PEERS), required=True)
    command.add_argument("--role", choices=ROLES, default="vision")
    command.add_argument("--precision", choices=["fp32", "int8"], default="fp32")
    commands.add_parser("limit")
    options = parser.parse_args()
    if options.command == "make":
        make(options.folder, options.size)
    elif options.command == "measure":
        measure(options)
    else:
        limit(options.threads, options.seconds)


if __name__ == "__main__":
    sys.exit(main())
