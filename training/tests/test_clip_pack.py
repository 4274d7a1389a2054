"""From a checkpoint to a pack that the platform can serve, at tiny shapes."""

import base64
import json
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import onnxruntime as ort
import pytest
import torch
import yaml
from clip_checkpoints import (
    TINY,
    TINY_RESNET,
    TINY_SIZES,
    hf_model,
    official_from_hf,
    resnet_checkpoint,
    write_pictures,
    write_vocabulary,
)

from reeltag_training import import_clip as command
from reeltag_training.chinese_clip import importing, zero_shot
from reeltag_training.chinese_clip.graphs.export_towers import export_towers
from reeltag_training.chinese_clip.graphs.gates import gate
from reeltag_training.chinese_clip.graphs.precision import to_fp16, to_int8
from reeltag_training.chinese_clip.graphs.towers import embed_frames, embed_texts, open_session, pad
from reeltag_training.chinese_clip.importing import ImportRequest, import_clip
from reeltag_training.chinese_clip.prompts import TEMPLATES_ZH, read_prompts, sentences
from reeltag_training.chinese_clip.published.checkpoint import load_clip
from reeltag_training.chinese_clip.towers.model import ServedText, ServedVision
from reeltag_training.chinese_clip.towers.resnet import Resnet
from reeltag_training.packs.files import sha256
from reeltag_training.packs.folders import PackFolders
from reeltag_training.packs.manifests import read_model_manifest, read_pack
from reeltag_training.packs.policy import MASKS, Never
from reeltag_training.packs.refusal import ImportRefusedError
from reeltag_training.paths import REPO, TRAINING

TAXONOMY = {
    "format": 1,
    "name": "tiny",
    "version": 2,
    "facets": [
        {
            "id": "subject",
            "kind": "single",
            "names": {"zh": "主题", "en": "Subject"},
            "templates": {"zh": ["{}", "视频里有{}。"]},
            "nodes": [
                {
                    "id": "animals",
                    "names": {"zh": "动物", "en": "Animals"},
                    "children": [
                        {"id": "cat", "names": {"zh": "猫", "en": "Cat"}, "synonyms": {"zh": ["小猫"]}},
                        {"id": "dog", "names": {"zh": "狗", "en": "Dog"}, "prompts": {"zh": ["一只狗在跑", "狗"]}},
                    ],
                },
                {"id": "food", "names": {"zh": "食物", "en": "Food"}},
            ],
        },
        {
            "id": "content-form",
            "kind": "multi",
            "names": {"zh": "形式", "en": "Form"},
            "nodes": [
                {"id": "vlog", "names": {"zh": "日常", "en": "Vlog"}},
                {"id": "news", "names": {"zh": "新闻", "en": "News"}},
            ],
        },
    ],
}


def noise(count: int, side: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (count, side, side, 3), dtype=np.uint8)


def ids(count: int, seed: int = 0) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [[101, *rng.integers(200, 21128, rng.integers(1, 40)).tolist(), 102] for _ in range(count)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A checkpoint, a vocabulary, a taxonomy, and empty folders for what is made of them."""
    root = tmp_path_factory.mktemp("place")
    (root / "taxonomies" / "tiny").mkdir(parents=True)
    (root / "taxonomies" / "tiny" / "2.yaml").write_text(yaml.safe_dump(TAXONOMY, allow_unicode=True), "utf8")
    write_vocabulary(root / "vocab.txt")
    write_pictures(root / "pictures")
    torch.save({"state_dict": official_from_hf(hf_model(TINY).state_dict())}, root / "clip.pt")
    torch.save({"state_dict": resnet_checkpoint(TINY_RESNET)}, root / "resnet.pt")
    return root


def request(place, models, **changes) -> ImportRequest:
    made = ImportRequest(
        checkpoint=place / "clip.pt",
        folders=PackFolders(models, place / "taxonomies", "1.0.0"),
        cache=place / "cache",
        calibration=place / "pictures",
        taxonomy="tiny/2",
        sizes=tuple(TINY_SIZES.values()),
    )
    return replace(made, **changes)


def silent(step: str, detail: str) -> None:
    pass


@pytest.fixture(scope="module")
def pack(place):
    models = place / "models"
    made = import_clip(request(place, models), silent)
    return models, read_pack(made.folder), made


def refused(code: str, of) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as refusal:
        of()
    assert refusal.value.code == code
    return refusal.value


@pytest.fixture(scope="module", params=["clip.pt", "resnet.pt"])
def exported(request, place, tmp_path_factory):
    model, _ = load_clip(place / request.param, sizes=TINY_SIZES)
    return model, export_towers(model, tmp_path_factory.mktemp("towers"))


def test_graphs_equal_torch_at_batches_and_lengths_that_were_not_traced(exported):
    model, towers = exported
    vision, text = ServedVision(model.vision).eval(), ServedText(model.text).eval()
    session = open_session(towers.vision)
    for count in (1, 2, 5):
        frames = noise(count, towers.side, count)
        with torch.no_grad():
            expected = [x.numpy() for x in vision(torch.from_numpy(frames))]
        for found, wanted in zip(session.run(["embeddings", "tokens"], {"frames": frames}), expected, strict=True):
            np.testing.assert_allclose(found, wanted, atol=1e-4)
    session = open_session(towers.text)
    for length in (3, 17, 52):
        feeds = np.random.default_rng(1).integers(200, 21128, (3, length))
        mask = np.ones_like(feeds)
        mask[1, 2:] = 0
        with torch.no_grad():
            expected = [x.numpy() for x in text(torch.from_numpy(feeds), torch.from_numpy(mask))]
        found = session.run(["embeddings", "tokens"], {"input_ids": feeds, "attention_mask": mask})
        for one, wanted in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, wanted, atol=1e-4)


def test_embeddings_have_length_one_and_tokens_are_the_class_token_and_a_grid(exported):
    _, towers = exported
    embeddings, tokens = open_session(towers.vision).run(["embeddings", "tokens"], {"frames": noise(3, towers.side)})
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
    assert tokens.shape == (3, 17, towers.embedding)
    np.testing.assert_allclose(zero_shot.unit(tokens[:, 0]), embeddings, atol=1e-5)


def test_a_text_does_not_depend_on_its_padding_nor_a_frame_on_its_batch(exported, tmp_path):
    _, towers = exported
    to_int8(towers.vision, tmp_path / "int8.onnx", [{"frames": noise(4, towers.side, 7)}])
    frames = noise(4, towers.side, 8)
    for file in (towers.vision, tmp_path / "int8.onnx"):
        session = open_session(file)
        alone = embed_frames(session, frames[2:3])
        np.testing.assert_allclose(embed_frames(session, frames)[2:3], alone, atol=1e-5)
    rows, session = ids(6), open_session(towers.text)
    np.testing.assert_allclose(embed_texts(session, rows)[4:5], embed_texts(session, rows[4:5]), atol=1e-5)


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_smaller_graphs_keep_to_their_gates_and_are_smaller(exported, precision, tmp_path):
    model, towers = exported
    frames, rows = noise(8, towers.side, 3), ids(16, 3)
    vision, text = tmp_path / "vision.onnx", tmp_path / "text.onnx"
    if precision == "fp16":
        to_fp16(towers.vision, vision)
        to_fp16(towers.text, text)
    else:
        to_int8(towers.vision, vision, [{"frames": noise(8, towers.side, 4)}])
        to_int8(towers.text, text, [pad(ids(16, 4))])
    for small, large, embed, items in (
        (vision, towers.vision, embed_frames, frames),
        (text, towers.text, embed_texts, rows),
    ):
        assert small.stat().st_size < large.stat().st_size
        expected, found = embed(open_session(large), items), embed(open_session(small), items)
        if precision == "int8" and large == towers.vision and isinstance(model.vision, Resnet):
            # Rounding adds up over random convolutions, so the gate would refuse this one; it must not be nonsense.
            assert (expected * found).sum(1).min() > 0.95
        else:
            gate("a tower", precision, expected, found)
    types = {value.type for value in open_session(vision).get_inputs() + open_session(vision).get_outputs()}
    assert types == {"tensor(uint8)", "tensor(float)"}


def test_a_gate_refuses_what_differs_and_what_is_no_number():
    same = zero_shot.unit(np.random.default_rng(0).normal(size=(4, 8)))
    assert gate("x", "fp32", same, same).least == pytest.approx(1)
    bent = same.copy()
    bent[2] = zero_shot.unit(bent[2] + 0.1)
    assert "x in int8" in str(refused("EXPORT_INEXACT", lambda: gate("x", "int8", same, bent)))
    bent[2] = np.nan
    refused("EXPORT_INEXACT", lambda: gate("x", "int8", same, bent))


def test_a_failing_gate_writes_no_pack(place, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "to_fp16", lambda source, target: _spoil(source, target))
    refused("EXPORT_INEXACT", lambda: import_clip(request(place, tmp_path / "m", precision="fp16"), silent))
    assert not (tmp_path / "m").exists()


def _spoil(source, target):
    import onnx
    from onnx import numpy_helper

    model = onnx.load(source)
    for tensor in model.graph.initializer:
        if len(tensor.dims) == 2:
            value = numpy_helper.to_array(tensor)
            tensor.CopyFrom(numpy_helper.from_array(np.roll(value, 1, 0), tensor.name))
            break
    target.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, target)


def test_the_pack_names_and_hashes_every_file_and_certifies_nothing(pack, place):
    models, written, made = pack
    assert made.pack == "chinese-clip-tiny-tiny/1.0.0"
    roots = {"models": models, "taxonomies": place / "taxonomies"}
    for path, expected in written.checksums.items():
        top, rest = path.split("/", 1)
        assert sha256(roots[top] / rest) == expected
    files = [f for ref in written.models.values() for f in (models / ref).iterdir()]
    assert {f"models/{f.relative_to(models).as_posix()}" for f in files} <= set(written.checksums)
    assert list(written.facets) == ["subject", "content-form"]
    assert written.facets["subject"].leaves == ["cat", "dog", "food"]
    never = dict.fromkeys(MASKS, Never("an imported pack is not calibrated"))
    assert all(facet.publish == never for facet in written.facets.values())
    card = (made.folder / "CARD.md").read_text("utf8")
    assert "accuracy has not been measured" in card and sha256(place / "clip.pt") in card
    assert not [path for path in models.rglob("*") if path.name.startswith(".")]


def test_every_manifest_describes_its_graph(pack):
    models, written, _ = pack
    types = {"uint8": "tensor(uint8)", "int64": "tensor(int64)", "float32": "tensor(float)"}
    for ref in written.models.values():
        facts = read_model_manifest(models / ref)
        session = ort.InferenceSession(str(models / ref / "model.onnx"), providers=["CPUExecutionProvider"])
        for stated, real in ((facts["inputs"], session.get_inputs()), (facts["outputs"], session.get_outputs())):
            assert [(t["name"], types[t["dtype"]], t["shape"]) for t in stated] == [
                (t.name, t.type, t.shape) for t in real
            ]
    assert read_model_manifest(models / written.models["vision"])["metrics"]["cosineMin"] >= 0.9999


def head_reference(frames, mask, tokens, text_mask, projection, weights, share, scale):
    unit = zero_shot.unit
    video = unit((unit(frames) * mask[..., None]).sum(1))
    text = unit(tokens[:, 0] @ projection)
    a, b = share * mask.max(1, keepdims=True), (1 - share) * text_mask.max(1, keepdims=True)
    return scale * (a * (video @ weights) + b * (text @ weights)) / np.maximum(a + b, 1e-12)


def test_the_head_mixes_both_similarities_and_ignores_what_is_missing(exported):
    _, towers = exported
    rng = np.random.default_rng(0)
    weights = {"subject": zero_shot.unit(rng.normal(size=(5, towers.embedding))).T.astype(np.float32).copy()}
    head = zero_shot.build_head(towers, weights, 0.6)
    session = ort.InferenceSession(head.SerializeToString(), providers=["CPUExecutionProvider"])
    frames = rng.normal(size=(4, 3, towers.embedding)).astype(np.float32)
    tokens = rng.normal(size=(4, 6, towers.width)).astype(np.float32)
    mask, text_mask = np.ones((4, 3), np.float32), np.ones((4, 6), np.float32)
    mask[1, 2] = mask[2] = text_mask[1] = text_mask[3] = 0
    mask[3] = 0
    feeds = {"frames": frames, "frame_mask": mask, "text_tokens": tokens, "text_mask": text_mask}
    found = session.run(["logits_subject"], feeds)[0]
    expected = head_reference(
        frames, mask, tokens, text_mask, towers.text_projection_DE, weights["subject"], 0.6, towers.logit_scale
    )
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.all(found[3] == 0)


def test_leaf_weights_are_the_normalised_mean_and_are_kept_by_taxonomy_and_text_tower(exported, place, tmp_path):
    from reeltag_training.chinese_clip.tokens import build_tokenizer, encode, read_vocabulary

    _, towers = exported
    tokenizer = build_tokenizer(read_vocabulary(place / "vocab.txt"))
    taxonomy = read_prompts(place / "taxonomies" / "tiny" / "2.yaml")
    weights = zero_shot.leaf_weights(towers, tokenizer, taxonomy, "a" * 64, tmp_path)
    rows = [encode(tokenizer, text) for text in taxonomy.facets[0].leaves["dog"]]
    expected = zero_shot.unit(zero_shot.unit(embed_texts(open_session(towers.text), rows)).mean(0))
    np.testing.assert_allclose(weights["subject"][:, 1], expected, atol=1e-5)
    (kept,) = tmp_path.iterdir()
    stamp = kept.stat().st_mtime_ns
    again = zero_shot.leaf_weights(towers, tokenizer, taxonomy, "a" * 64, tmp_path)
    np.testing.assert_array_equal(again["content-form"], weights["content-form"])
    assert kept.stat().st_mtime_ns == stamp
    zero_shot.leaf_weights(towers, tokenizer, taxonomy, "b" * 64, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_leafs_sentences_are_its_own_and_the_facets_templates_each_once(place):
    facets = {f.id: f for f in read_prompts(place / "taxonomies" / "tiny" / "2.yaml").facets}
    assert facets["subject"].leaves["cat"] == ["猫", "视频里有猫。", "小猫", "视频里有小猫。"]
    assert facets["subject"].leaves["dog"] == ["一只狗在跑", "狗", "视频里有狗。"]
    assert facets["content-form"].leaves["vlog"] == [t.replace("{}", "日常") for t in TEMPLATES_ZH]
    assert len(set(TEMPLATES_ZH)) == len(TEMPLATES_ZH)
    assert sentences({"names": {"zh": "{}"}}, ["有{}"]) == ["有{}"]


def test_the_platform_serves_the_pack_as_the_graphs_say(pack, place):
    from reeltag_training.chinese_clip.tokens import build_tokenizer, encode, read_vocabulary

    served = REPO / "libs" / "inference" / "dist" / "index.js"
    if shutil.which("node") is None or not served.exists():
        why = "libs/inference is not compiled, or there is no node: npm run build"
        pytest.skip(why)
    models, written, made = pack
    frames = noise(3, TINY.vision.resolution, 5)
    both = [(frames, "一只猫，“你好”"), (frames[:1], None), (None, "新闻"), (frames, "狗" * 90)]
    lines = [
        json.dumps({"frames": None if f is None else base64.b64encode(f.tobytes()).decode(), "text": t})
        for f, t in both
    ]
    script = TRAINING / "tests" / "served_pack.mjs"
    given = ["node", str(script), str(models), str(place / "taxonomies"), made.pack]
    run = subprocess.run(given, input="\n".join(lines), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    vision, text, head = (open_session(models / ref / "model.onnx") for ref in written.models.values())
    tokenizer = build_tokenizer(read_vocabulary(place / "vocab.txt"))
    for (f, t), line in zip(both, run.stdout.splitlines(), strict=True):
        embedded = np.zeros((1, 24), np.float32) if f is None else embed_frames(vision, f)
        tokens = text.run(["tokens"], pad([encode(tokenizer, t or "")]))[0]
        feeds = {
            "frames": embedded[None],
            "frame_mask": np.full((1, len(embedded)), float(f is not None), np.float32),
            "text_tokens": tokens,
            "text_mask": np.full(tokens.shape[:2], float(t is not None), np.float32),
        }
        for facet, logits in json.loads(line).items():
            np.testing.assert_allclose(logits, head.run([f"logits_{facet}"], feeds)[0][0], atol=1e-3)


def test_packs_share_towers_and_a_released_version_never_changes(pack, place, tmp_path):
    models, written, _ = pack
    refused("PACK_EXISTS", lambda: import_clip(request(place, models), silent))
    second = import_clip(request(place, models, name="second"), silent)
    other = read_pack(second.folder)
    assert other.models["vision"] == written.models["vision"]
    torch.save({"state_dict": official_from_hf(hf_model(TINY, seed=9).state_dict())}, tmp_path / "other.pt")
    changed = {"checkpoint": tmp_path / "other.pt", "vocabulary": place / "vocab.txt", "name": "third"}
    refused("PACK_EXISTS", lambda: import_clip(request(place, models, **changed), silent))
    assert not (models / "packs" / "third").exists() or not list((models / "packs" / "third").iterdir())


def test_what_cannot_be_used_is_refused_before_anything_is_written(place, tmp_path):
    models = tmp_path / "models"

    def importing_with(**changes):
        return lambda: import_clip(request(place, models, **changes), silent)

    refused("CHECKPOINT_TAMPERED", importing_with(sha256="0" * 64))
    refused("VOCABULARY_INVALID", importing_with(vocabulary=tmp_path / "absent.txt"))
    short = tmp_path / "short.txt"
    short.write_text("[PAD]\n", "utf8")
    refused("VOCABULARY_INVALID", importing_with(vocabulary=short))
    refused("TAXONOMY_INVALID", importing_with(taxonomy="absent/1"))
    refused("CALIBRATION_UNUSABLE", importing_with(calibration=tmp_path))
    assert not models.exists()


def test_the_command_speaks_json_lines_and_ends_with_its_verdict(place, tmp_path, capsys):
    folders = ["--models", str(tmp_path), "--taxonomies", str(place / "taxonomies"), "--taxonomy", "tiny/2", "--json"]
    given = [
        "--checkpoint",
        str(place / "clip.pt"),
        "--size",
        "tiny",
        "--calibration",
        str(place / "pictures"),
        *folders,
    ]
    assert command.main(given, TINY_SIZES) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["kind"] for line in lines[:-1]} == {"progress"}
    assert lines[-1]["kind"] == "done" and lines[-1]["pack"] == "chinese-clip-tiny-tiny/1.0.0"
    assert command.main([*given, "--sha256", "0" * 64], TINY_SIZES) == 1
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["kind"] == "refused" and last["code"] == "CHECKPOINT_TAMPERED" and last["cause"] and last["remedy"]


def test_the_vocabulary_beside_the_checkpoint_is_found(place, tmp_path):
    shutil.copy(place / "clip.pt", tmp_path / "clip.pt")
    alone = request(place, tmp_path / "models", checkpoint=tmp_path / "clip.pt")
    refused("VOCABULARY_INVALID", lambda: import_clip(alone, silent))
