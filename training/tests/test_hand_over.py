"""A vision tower handed over to a run: what learns, at which rate, from which frames; and the pack that comes of it."""

import base64
import json
import shutil
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from clip_checkpoints import TINY, TINY_RESNET, hf_model, official_from_hf, resnet_checkpoint
from lab_runs import pack_of, served, write_config, write_film, write_table

from reeltag_training.chinese_clip.published.checkpoint import load_clip
from reeltag_training.chinese_clip.towers.sizes import SIZES
from reeltag_training.lab.command import main
from reeltag_training.lab.config import load
from reeltag_training.lab.data.prepared import Prepared
from reeltag_training.lab.data.videos import sample
from reeltag_training.lab.training.rounds import embedded, new_tagger, trained_tagger
from reeltag_training.metrics.calibration import softmax
from reeltag_training.packs.manifests import read_pack
from reeltag_training.paths import REPO
from reeltag_training.taggers.backbones import BACKBONES
from reeltag_training.taggers.parts import BackboneConfig
from reeltag_training.taggers.seeing import Seeing
from reeltag_training.tricks.layer_rates import layer_rates

COLOURS = {"food/apple": (220, 30, 30), "food": (30, 220, 30), "sport/ball": (30, 30, 220), "sport/run": (220, 220, 30)}
PLATFORM = pytest.mark.skipif(
    not (REPO / "libs/inference/dist/index.js").exists() or not shutil.which("node"),
    reason="the platform is not built: run `npm ci && npm run build`",
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A tiny checkpoint, and a table of films whose colour tells their label, without any text that would."""
    monkeypatch.setitem(SIZES, "tiny", TINY)
    monkeypatch.setitem(SIZES, "tiny-resnet", TINY_RESNET)
    torch.save({"state_dict": official_from_hf(hf_model(TINY).state_dict())}, tmp_path / "clip.pt")
    for label, colour in COLOURS.items():
        write_film(tmp_path / f"{label.replace('/', '-')}.mp4", [colour], each=4)
    labels = list(COLOURS)
    # Titles are empty: only the films can teach anything.
    films = {f"v{i}": {"title": "", "frames": f"{labels[i % 4].replace('/', '-')}.mp4"} for i in range(48)}
    write_table(tmp_path, count=48, **films)
    return tmp_path


def config_of(place, **changed):
    sections = {
        "table": {"frames": "", "video": "frames"},
        "pretrain": {"steps": 0},
        "train": {"steps": 12, "batch": 8, "fgm": 0.0, "r_drop": 0.0},
        "pack": pack_of(place),
        "vision": {"checkpoint": "clip.pt"},
    }
    for key, value in changed.items():
        sections[key] = sections.get(key, {}) | value
    return write_config(place, **sections)


def run(place, config, *commands):
    for command in commands:
        assert main([command, config]) == 0
    return Prepared.load(place / "run")


def moved(before, after):
    """The names of weights that are not what they were."""
    return {name for name, value in after.items() if not torch.equal(value, before[name])}


@pytest.mark.parametrize(
    ("layers", "learning", "still"),
    [
        (0, set(), {"patches", "blocks.0", "blocks.1", "norm_post", "project"}),
        (1, {"blocks.1", "norm_post", "project"}, {"patches", "positions", "blocks.0"}),
        (-1, {"patches", "cls", "positions", "blocks.0", "blocks.1", "project"}, set()),
    ],
)
def test_so_many_layers_of_the_tower_learn(place, layers, learning, still):
    config = config_of(place, vision={"layers": layers, "rate": 1.0})
    data = run(place, config, "prepare", "train")
    before = load_clip(place / "clip.pt")[0].vision.state_dict()
    after = trained_tagger(load(Path(config)), data).backbone.tower.tower.state_dict()
    changed = moved(before, after)
    for part in learning:
        assert any(name.startswith(part) for name in changed), part
    for part in still:
        assert not any(name.startswith(part) for name in changed), part


def test_norms_of_what_stands_still_keep_their_averages(place):
    torch.save({"state_dict": resnet_checkpoint(TINY_RESNET)}, place / "clip.pt")
    model = load_clip(place / "clip.pt")[0].vision
    inner = BACKBONES["single-stream"](BackboneConfig(vocabulary=9, frame_width=24, width=16, heads=2, layers=1))
    backbone = Seeing(model, 128, 24, inner, layers=1).train()
    assert not backbone.tower.tower.stem[0].norm.training and not backbone.tower.tower.stages[2].training
    assert backbone.tower.tower.stages[3].training and backbone.inner.training
    assert Seeing(model, 128, 24, inner, layers=9).train().tower.tower.stem[0].norm.training


def test_a_tower_that_stands_still_says_what_its_embeddings_do(place):
    config = config_of(place)
    data = run(place, config, "prepare")
    tagger = new_tagger(load(Path(config)), data).eval()
    x = data.inputs(data.train[:3], 96, 32)
    assert x.frames_BFV.shape == (3, 2, 64 * 64 * 3)
    seen = embedded(tagger.backbone, x)
    assert seen.frames_BFV.shape == (3, 2, TINY.embedding)
    inner = tagger.backbone.inner(seen).pooled_BP
    assert torch.allclose(tagger.backbone(x).pooled_BP, inner, atol=1e-5)
    # What is no frame is not looked at.
    hidden = replace(x, frame_mask_BF=torch.zeros_like(x.frame_mask_BF))
    assert not tagger.backbone.embedded(hidden.frames_BFV, hidden.frame_mask_BF).any()


def test_the_tower_learns_more_slowly_than_the_rest_and_each_layer_more_slowly_than_the_one_above(place):
    config = config_of(place, vision={"layers": -1})
    tagger = new_tagger(load(Path(config)), run(place, config, "prepare"))
    factor = {p: group["factor"] for group in layer_rates(tagger, 1.0, 0.1) for p in group["params"]}
    tower = tagger.backbone.tower.tower
    assert len(factor) == len(list(tagger.parameters()))
    assert factor[tagger.head.fine.weight] == factor[tagger.backbone.inner.text.words.weight] == 1
    assert {factor[p] for p in tower.parameters()} == {0.1}
    factor = {p: group["factor"] for group in layer_rates(tagger, 0.5, 0.1) for p in group["params"]}
    top, below = factor[tower.project.weight], factor[tower.blocks[1].norm_feed.weight]
    assert top < 0.1 and below == top / 2 and factor[tower.cls] == min(factor.values())


@pytest.mark.slow
def test_pixels_alone_teach_what_the_titles_do_not_say(place):
    config = config_of(place, vision={"layers": -1, "rate": 1.0}, train={"steps": 60})
    run(place, config, "prepare", "train", "evaluate")
    report = json.loads((place / "run/evaluation.json").read_text())
    assert report["two-stream-cross"]["level 2"]["accuracy"] > 0.9


@pytest.mark.slow
def test_pretraining_leaves_the_tower_alone_and_training_goes_on_from_it(place):
    config = config_of(place, table={"text": ["title", "label"]}, pretrain={"steps": 2}, vision={"layers": 1})
    data = run(place, config, "prepare", "pretrain")
    state = torch.load(place / "run/backbone.pt", weights_only=True)
    assert not any(name.startswith("tower") for name in state)
    run(place, config, "train")
    assert trained_tagger(load(Path(config)), data)


def test_a_table_without_any_text_has_no_word_to_guess(place, capsys):
    assert main(["prepare", config_of(place)]) == 0
    assert main(["pretrain", config_of(place, pretrain={"steps": 2})]) == 1
    assert "no text to guess" in capsys.readouterr().err


@pytest.mark.slow
@PLATFORM
def test_the_pack_of_a_run_with_a_tower_answers_what_the_tagger_does(place):
    config = config_of(place, vision={"layers": 1})
    data = run(place, config, "prepare", "train", "export")
    assert read_pack(place / "models/packs/own/1.0.0").models["vision"] == "own-vision/1.0.0"
    clip = np.load(data.held_out[0].frames).reshape(-1, 64, 64, 3)
    answers = served(place, [{"frames": base64.b64encode(clip.tobytes()).decode(), "text": None}])
    with torch.no_grad():
        wanted = trained_tagger(load(Path(config)), data)(data.inputs(data.held_out[:1], 96, 2))[1].softmax(-1)
    np.testing.assert_allclose(softmax(answers)[0], wanted[0].numpy(), atol=5e-3)


def test_a_crop_keeps_the_middle_square_of_what_is_to_train_on(place):
    """A film of three panels: red, green, blue; its middle square is green."""
    with av.open(str(place / "panels.mp4"), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 192, 64, "yuv420p"
        panels = np.repeat(np.array([[(220, 20, 20), (20, 220, 20), (20, 20, 220)]], np.uint8), 64, 0)
        for _ in range(4):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.repeat(panels, 64, 1), format="rgb24")))
        out.mux(stream.encode())
    squashed, cropped = (sample(place / "panels.mp4", 1, 8, crop)[0] for crop in ("squash", "centre"))
    assert squashed[4, :, :].argmax(-1).tolist() == [0, 0, 0, 1, 1, 2, 2, 2] or len(set(squashed[4].argmax(-1))) == 3
    assert set(cropped[2:6, 2:6].argmax(-1).ravel().tolist()) == {1}
    config = config_of(place, vision={"crop": "centre"})
    for film in place.glob("*-*.mp4"):
        shutil.copy(place / "panels.mp4", film)
    data = run(place, config, "prepare")
    kinds = {len(set(np.load(i.frames)[0].reshape(64, 64, 3)[32].argmax(-1).tolist())) for i in data.held_out}
    trained = {len(set(np.load(i.frames)[0].reshape(64, 64, 3)[32, 8:56].argmax(-1).tolist())) for i in data.train}
    assert 3 in kinds and 3 not in trained


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"vision": {"layers": -2}}, "vision.layers: -2 is below -1"),
        ({"vision": {"rate": 0.0}}, "vision.rate"),
        ({"vision": {"crop": "left"}}, "none of squash, centre"),
        ({"vision": {"checkpoint": "", "layers": 2}}, "name the checkpoint"),
        ({"vision": {"checkpoint": "videos.tsv"}}, "videos.tsv"),
        ({"table": {"frames": "frames", "video": ""}}, "name the videos"),
    ],
)
def test_what_cannot_be_handed_over_is_refused(place, capsys, changed, reason):
    assert main(["prepare", config_of(place, **changed)]) == 1
    assert reason in capsys.readouterr().err
