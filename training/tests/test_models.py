import numpy as np
import pytest
import torch

from reeltag_training.packs.export import export, session
from reeltag_training.starter.export_models import export_fusion, export_text
from reeltag_training.starter.models.fusion import FusionConfig, FusionHead, ServedFusion
from reeltag_training.starter.models.motion import MotionHead
from reeltag_training.starter.models.text import TextConfig, TextEncoder
from reeltag_training.starter.models.vision import PlaceGrid, ServedVisionTower, VisionConfig, VisionTower
from reeltag_training.starter.training.train_fusion import Streams


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def streams(b=3, f=5, t=6, width=192):
    return torch.randn(b, f, width), torch.ones(b, f), torch.randn(b, t, 128), torch.ones(b, t)


def test_cross_attention_starts_as_the_product_of_experts():
    crossed = FusionHead(FusionConfig(leaves=10)).eval()
    product = FusionHead(FusionConfig(leaves=10, cross=False)).eval()
    product.load_state_dict(crossed.state_dict(), strict=False)
    given = streams()
    torch.testing.assert_close(crossed(*given), product(*given))


def test_a_missing_modality_leaves_the_other_experts_opinion():
    head = FusionHead(FusionConfig(leaves=10)).eval()
    torch.nn.init.normal_(head.bend.weight)
    frames, frame_mask, tokens, text_mask = streams()
    alone = head(frames, frame_mask, tokens, text_mask * 0)
    torch.testing.assert_close(alone, head.frame_expert(frames).log_softmax(-1).mean(1))


def test_text_padding_is_masked():
    encoder = TextEncoder(TextConfig(vocabulary=50)).eval()
    ids = torch.randint(5, 50, (2, 6))
    padded = torch.cat([ids, torch.zeros(2, 4, dtype=torch.long)], 1)
    mask = (padded > 0).long()
    torch.testing.assert_close(encoder(padded, mask)[:, :6], encoder(ids, torch.ones_like(ids)), atol=1e-5, rtol=1e-4)


def test_onnx_equals_torch_at_sizes_that_were_not_traced(tmp_path):
    subject = FusionHead(FusionConfig(leaves=10)).eval()
    torch.nn.init.normal_(subject.bend.weight, std=0.1)
    head = ServedFusion(subject, 192, MotionHead(256)).eval()
    export_fusion(head, [Streams(*streams(width=448))], tmp_path / "fusion")
    names = ("frames", "frame_mask", "text_tokens", "text_mask")
    for b, f, t in ((1, 1, 1), (3, 5, 9), (7, 4, 30)):
        given = streams(b, f, t, 448)
        feeds = {n: x.numpy() for n, x in zip(names, given, strict=True)}
        found = session(tmp_path / "fusion" / "fp32" / "model.onnx").run(None, feeds)
        for logits, wanted in zip(found, head(*given), strict=True):
            np.testing.assert_allclose(logits, wanted.detach().numpy(), atol=1e-4)

    encoder = TextEncoder(TextConfig(vocabulary=50)).eval()
    ids = torch.randint(5, 50, (5, 11))
    export_text(encoder, [(ids, torch.ones_like(ids))], tmp_path / "text")
    feeds = {"input_ids": ids.numpy(), "attention_mask": torch.ones_like(ids).numpy()}
    found = session(tmp_path / "text" / "fp32" / "model.onnx").run(None, feeds)[0]
    np.testing.assert_allclose(found, encoder(ids, torch.ones_like(ids)).detach().numpy(), atol=1e-4)


def test_the_exported_tower_normalises_in_the_graph(tmp_path):
    tower = ServedVisionTower(VisionTower(VisionConfig(width=8)), PlaceGrid(8)).eval()
    axes = {"frames": {0: "n"}}, {"embeddings": {0: "n"}}
    export(tower, (torch.zeros(2, 96, 96, 3, dtype=torch.uint8),), *axes, tmp_path / "vision.onnx")
    frames = torch.randint(0, 255, (5, 96, 96, 3), dtype=torch.uint8)
    found = session(tmp_path / "vision.onnx").run(None, {"frames": frames.numpy()})[0]
    np.testing.assert_allclose(found, tower(frames).detach().numpy(), atol=1e-4)
