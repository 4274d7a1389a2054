"""The fused graph that hubs offer is cut into the served towers, and needs no PyTorch for it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
import yaml
from clip_checkpoints import TINY, TINY_SIZES, hf_model, write_pictures, write_vocabulary
from test_clip_pack import TAXONOMY, ids, noise

from reeltag_training.chinese_clip.graphs.towers import open_session, pad
from reeltag_training.chinese_clip.published.fused_onnx import FusedGraph, cut_towers
from reeltag_training.chinese_clip.towers.model import ServedText, ServedVision
from reeltag_training.packs.manifests import read_pack
from reeltag_training.packs.refusal import ImportRefusedError
from reeltag_training.paths import TRAINING


class Fused(torch.nn.Module):
    """What optimum traces: both towers, embeddings normalised, logits scaled."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, pixel_values, attention_mask):
        image = self.model.visual_projection(self.model.vision_model(pixel_values=pixel_values).pooler_output)
        states = self.model.text_model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        text = self.model.text_projection(states[:, 0, :])
        image, text = (x / x.norm(p=2, dim=-1, keepdim=True) for x in (image, text))
        per_text = text @ image.t() * self.model.logit_scale.exp()
        return per_text.t(), per_text, text, image


def export_fused(model, file, side: int, opset: int) -> None:
    names = ["input_ids", "pixel_values", "attention_mask"]
    outputs = ["logits_per_image", "logits_per_text", "text_embeds", "image_embeds"]
    words, pictures = {0: "text_batch_size", 1: "sequence_length"}, {0: "image_batch_size"}
    axes = {"input_ids": words, "attention_mask": words, "pixel_values": pictures}
    axes |= {"text_embeds": {0: "text_batch_size"}, "image_embeds": {0: "image_batch_size"}}
    example = torch.ones(2, 9, dtype=torch.long), torch.zeros(2, 3, side, side), torch.ones(2, 9, dtype=torch.long)
    torch.onnx.export(
        Fused(model).eval(),
        example,
        str(file),
        opset_version=opset,
        input_names=names,
        output_names=outputs,
        dynamic_axes=axes,
        dynamo=False,
    )


@pytest.fixture(scope="module", params=[14, 17])
def fused(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fused")
    model = hf_model(TINY)
    export_fused(model, folder / "model.onnx", TINY.vision.resolution, request.param)
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    return folder


def refused(*parts: str, of) -> None:
    with pytest.raises(ImportRefusedError) as refusal:
        of()
    for part in parts:
        assert part in str(refusal.value)


def test_the_cut_towers_equal_ours(fused, tmp_path):
    from reeltag_training.chinese_clip.published.checkpoint import load_clip

    towers = cut_towers(FusedGraph(fused / "model.onnx", TINY_SIZES), tmp_path)
    model, _ = load_clip(fused / "pytorch_model.bin", sizes=TINY_SIZES)
    frames, feeds = noise(3, 64), pad(ids(5))
    with torch.no_grad():
        vision = ServedVision(model.vision).eval()(torch.from_numpy(frames))
        text = ServedText(model.text).eval()(*map(torch.from_numpy, feeds.values()))
    found = open_session(towers.vision).run(["embeddings", "tokens"], {"frames": frames})
    found += open_session(towers.text).run(["embeddings", "tokens"], feeds)
    for one, wanted in zip(found, (*vision, *text), strict=True):
        np.testing.assert_allclose(one, wanted.numpy(), atol=2e-5)
    np.testing.assert_allclose(towers.text_projection_DE, model.text.project.weight.detach().numpy().T)
    assert towers.logit_scale == pytest.approx(1 / 0.07, rel=1e-4)
    # Neither tower drags the other's weights along.
    whole = (fused / "model.onnx").stat().st_size
    assert towers.vision.stat().st_size + towers.text.stat().st_size < whole * 1.05


def test_a_pack_is_made_where_there_is_no_pytorch(fused, tmp_path):
    (tmp_path / "taxonomies" / "tiny").mkdir(parents=True)
    (tmp_path / "taxonomies" / "tiny" / "2.yaml").write_text(yaml.safe_dump(TAXONOMY, allow_unicode=True), "utf8")
    write_vocabulary(tmp_path / "vocab.txt")
    write_pictures(tmp_path / "pictures")
    program = f"""
import sys
sys.modules["torch"] = None
sys.path.insert(0, {str(TRAINING / "tests")!r})
from dataclasses import replace
from pathlib import Path
from reeltag_training.chinese_clip import importing
from reeltag_training.packs.folders import PackFolders
from reeltag_training.chinese_clip.towers.sizes import BertConfig, ClipConfig, VitConfig
tiny = ClipConfig("tiny", VitConfig(2, 48, 3, 8, 64), BertConfig(layers=2, width=32, heads=2, positions=64), 24)
here = Path({str(tmp_path)!r})
made = importing.import_clip(importing.ImportRequest(
    checkpoint=Path({str(fused / "model.onnx")!r}), folders=PackFolders(here / "models", here / "taxonomies", "1.0.0"),
    cache=here / "cache", calibration=here / "pictures", taxonomy="tiny/2", vocabulary=here / "vocab.txt",
    precision="int8", sizes=(tiny,)), lambda step, detail: None)
print(made.folder)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    folder = run.stdout.strip().splitlines()[-1]
    assert read_pack(Path(folder)).models["vision"].startswith("chinese-clip-tiny-int8")


def test_other_graphs_are_refused_by_what_they_are(fused, tmp_path):
    other = tmp_path / "other.onnx"

    def opening(model=None):
        if model is not None:
            onnx.save(model, other)
        return lambda: FusedGraph(other, TINY_SIZES)

    other.write_bytes((fused / "model.onnx").read_bytes()[:5000])
    refused("CHECKPOINT_UNREADABLE", of=opening())
    other.write_bytes(b"no graph")
    refused(str(other), of=opening())
    model = onnx.load(fused / "model.onnx")
    model.graph.input[0].name = "tokens"
    refused("CHECKPOINT_MISMATCH", "its inputs are", of=opening(model))
    model = onnx.load(fused / "model.onnx")
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            value = onnx.numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(onnx.numpy_helper.from_array(value, tensor.name))
    refused("half precision", of=opening(model))
    other.write_bytes((fused / "model.onnx").read_bytes())
    refused("no known size", of=lambda: FusedGraph(other))
