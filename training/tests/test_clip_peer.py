"""The same checkpoint through transformers.js: equal where both are given the same; how far apart where not."""

import base64
import json
import shutil
import subprocess

import numpy as np
import pytest
import torch
import transformers
from clip_checkpoints import TINY, TINY_SIZES, hf_model, write_vocabulary
from test_clip_fused import export_fused
from test_clip_pack import ids, noise

from reeltag_training.chinese_clip.graphs.export_towers import export_towers
from reeltag_training.chinese_clip.graphs.towers import embed_frames, embed_texts, open_session
from reeltag_training.chinese_clip.published.checkpoint import load_clip
from reeltag_training.chinese_clip.tokens import build_tokenizer, encode, read_vocabulary
from reeltag_training.paths import TRAINING

PEER = TRAINING / "peer"
SIDE = TINY.vision.resolution
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
ALIKE = ["一张猫的照片，好！", "Hello, World 2024", "新闻。", ""]
# Ours first, then theirs: what the published evaluation does to curly quotes, and does not do to long words.
UNLIKE = ["“你好”", "a" * 150]


def picture(side: int) -> np.ndarray:
    """Like a photograph: power falls with frequency, and there is much of it beyond what a small frame can hold."""
    rng = np.random.default_rng(3)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side))) + 1 / side
    layers = [np.fft.ifft2(np.fft.fft2(rng.normal(size=(side, side))) / frequency).real for _ in range(3)]
    return np.stack([np.clip(128 + 50 * x / x.std(), 0, 255) for x in layers], -1).astype(np.uint8)


def write_model(folder) -> None:
    (folder / "onnx").mkdir(parents=True)
    model = hf_model(TINY)
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    export_fused(model, folder / "onnx" / "model.onnx", SIDE, 17)
    model.config.save_pretrained(folder)
    write_vocabulary(folder / "vocab.txt")
    words = str(folder / "vocab.txt")
    transformers.BertTokenizerFast(vocab_file=words, vocab=words).save_pretrained(folder)
    size = {"height": SIDE, "width": SIDE}
    preparation = {"do_resize": True, "size": size, "resample": 3, "do_center_crop": False, "do_convert_rgb": True}
    preparation |= {"do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True}
    preparation |= {"image_mean": MEAN, "image_std": STD, "image_processor_type": "ChineseCLIPFeatureExtractor"}
    (folder / "preprocessor_config.json").write_text(json.dumps(preparation), "utf8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("peer") / "tiny"
    write_model(place)
    return place


@pytest.fixture(scope="module")
def theirs(folder):
    if shutil.which("node") is None or not (PEER / "node_modules").exists():
        why = "transformers.js is not installed: run `npm ci --no-workspaces --ignore-scripts` in training/peer"
        pytest.skip(why)
    plain = {"side": 2 * SIDE, "rgb": base64.b64encode(picture(2 * SIDE).tobytes()).decode()}
    frames = base64.b64encode(noise(3, SIDE).tobytes()).decode()
    request = {"side": SIDE, "frames": frames, "ids": ids(5), "texts": [*ALIKE, *UNLIKE], "picture": plain}
    given = ["node", str(PEER / "embed.mjs"), str(folder)]
    run = subprocess.run(given, input=json.dumps(request), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def towers(folder, tmp_path_factory):
    model, _ = load_clip(folder / "pytorch_model.bin", sizes=TINY_SIZES)
    return export_towers(model, tmp_path_factory.mktemp("towers"))


def cosines(ours, others) -> np.ndarray:
    unit = [np.asarray(x) / np.linalg.norm(x, axis=-1, keepdims=True) for x in (ours, others)]
    return (unit[0] * unit[1]).sum(-1)


def test_the_same_pixels_and_the_same_tokens_have_the_same_embeddings(towers, theirs):
    frames = embed_frames(open_session(towers.vision), noise(3, SIDE))
    texts = embed_texts(open_session(towers.text), ids(5))
    print(f"cosine at least {cosines(frames, theirs['images']).min():.7f}, {cosines(texts, theirs['texts']).min():.7f}")
    assert cosines(frames, theirs["images"]).min() >= 0.9999
    assert cosines(texts, theirs["texts"]).min() >= 0.9999
    # Random towers tell one from another too.
    assert np.abs(cosines(frames[:1], np.asarray(theirs["images"])[1:])).max() < 0.9999


def test_tokens_are_theirs_but_for_curly_quotes_and_long_words(folder, theirs):
    vocabulary = read_vocabulary(folder / "vocab.txt")
    tokenizer = build_tokenizer(vocabulary)
    ours = [encode(tokenizer, text) for text in [*ALIKE, *UNLIKE]]
    assert theirs["tokens"][: len(ALIKE)] == ours[: len(ALIKE)]
    quotes, long_word = (theirs["tokens"][len(ALIKE) + i] for i in range(2))
    assert quotes == [101, 100, *ours[4][2:4], 100, 102] and 100 not in ours[4]
    assert long_word == [101, 100, 102] and len(ours[5]) == 52


def test_their_frames_are_not_smoothed_before_they_are_made_smaller(theirs):
    large = torch.from_numpy(picture(2 * SIDE)).permute(2, 0, 1)[None].float()
    # Pillow's filter; the platform's sampler is held to it by apps/ingest's golden pictures.
    smoothed = torch.nn.functional.interpolate(large, (SIDE, SIDE), mode="bicubic", antialias=True).clamp(0, 255)
    other = np.asarray(theirs["resized"]) * np.reshape(STD, (3, 1, 1)) + np.reshape(MEAN, (3, 1, 1))
    error = np.abs(other * 255 - smoothed[0].numpy()).mean()
    print(f"mean difference {error:.1f} grey levels")
    assert 2 < error < 40
