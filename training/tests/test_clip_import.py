"""Published checkpoints become ours, exactly, or are refused by name."""

import pickle

import pytest
import torch
from clip_checkpoints import (
    TINY,
    TINY_RESNET,
    TINY_SIZES,
    data_parallel,
    flash_from_official,
    hf_model,
    official_from_hf,
    resnet_checkpoint,
    resnet_reference,
    resnet_vision_state,
)

from reeltag_training.chinese_clip.published.checkpoint import load_clip
from reeltag_training.chinese_clip.published.layouts import LAYOUTS
from reeltag_training.chinese_clip.towers.bert import mask_of
from reeltag_training.chinese_clip.towers.grid import resample_positions
from reeltag_training.chinese_clip.towers.grid_weights import pooling_weights
from reeltag_training.chinese_clip.towers.model import ChineseClip
from reeltag_training.chinese_clip.towers.sizes import SIZES
from reeltag_training.packs.hashing import check_sha256, sha256_of
from reeltag_training.packs.refusal import ImportRefusedError

COUNTS = {
    "rn50": (76_989_537, 38_316_896, 37_886_208, 394),
    "vit-b-16": (188_262_913, 86_192_640, 101_677_056, 351),
    "vit-l-14": (406_233_089, 303_966_208, 101_677_056, 495),
    "vit-l-14-336": (406_560_769, 304_293_888, 101_677_056, 495),
    "vit-h-14": (957_598_209, 632_076_800, 324_472_832, 783),
}


def count(module) -> int:
    return sum(p.numel() for p in module.parameters())


@pytest.fixture(scope="module")
def hf():
    return hf_model(TINY)


@pytest.fixture(scope="module")
def official(hf):
    return official_from_hf(hf.state_dict())


def load(state, tmp_path, **options):
    file = tmp_path / "checkpoint.pt"
    torch.save({"epoch": 3, "name": "job", "state_dict": state}, file)
    return load_clip(file, sizes=TINY_SIZES, **options)[0]


def refused(code, *parts, of):
    with pytest.raises(ImportRefusedError) as refusal:
        of()
    assert refusal.value.code == code
    assert refusal.value.remedy
    for part in parts:
        assert part in str(refusal.value)


def inputs(config):
    torch.manual_seed(5)
    side = config.vision.resolution
    ids = torch.randint(5, config.text.vocabulary, (3, 9))
    ids[1, 6:] = 0
    return torch.randn(3, 3, side, side), ids, mask_of(ids)


@torch.no_grad()
def outputs(model, config):
    pixels, ids, mask = inputs(config)
    return model.vision(pixels), model.text(ids, mask)


@torch.no_grad()
def hf_outputs(model, config):
    pixels, ids, mask = inputs(config)
    image = model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)
    text = model.text_model(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
    return image, model.text_projection(text)


@pytest.mark.parametrize("name", COUNTS)
def test_every_size_has_the_published_parameters_and_tensors(name):
    with torch.device("meta"):
        model = ChineseClip(SIZES[name])
    assert (count(model), count(model.vision), count(model.text.bert)) == COUNTS[name][:3]
    rows = LAYOUTS["official"](SIZES[name])
    assert len({key for row in rows for key in row.theirs}) == COUNTS[name][3]
    assert {row.ours for row in rows} == set(model.state_dict())


def test_the_hugging_face_keys_are_those_of_transformers():
    with torch.device("meta"):
        theirs = set(hf_model(SIZES["vit-b-16"]).state_dict())
    assert {key for row in LAYOUTS["hf"](SIZES["vit-b-16"]) for key in row.theirs} == theirs
    assert len(theirs) == 399


@pytest.mark.parametrize("write", [lambda s: s, data_parallel, flash_from_official], ids=["plain", "module", "flash"])
def test_the_original_layout_gives_the_references_outputs(write, hf, official, tmp_path):
    image, text = outputs(load(write(official), tmp_path), TINY)
    expected_image, expected_text = hf_outputs(hf, TINY)
    assert (image - expected_image).abs().max() <= 2e-6
    assert (text - expected_text).abs().max() <= 3e-6


def test_the_hugging_face_layout_gives_the_references_outputs(hf, tmp_path):
    import safetensors.torch as safetensors

    file = tmp_path / "model.safetensors"
    state = {k: v.contiguous() for k, v in hf.state_dict().items()}
    # Older files carry this buffer, and the pooler.
    state["text_model.embeddings.position_ids"] = torch.arange(64)[None]
    state["text_model.pooler.dense.weight"] = torch.zeros(32, 32)
    safetensors.save_file(state, file)
    image, text = outputs(load_clip(file, sizes=TINY_SIZES)[0], TINY)
    expected_image, expected_text = hf_outputs(hf, TINY)
    assert (image - expected_image).abs().max() <= 2e-6
    assert (text - expected_text).abs().max() <= 3e-6


@pytest.mark.slow
def test_both_layouts_agree_at_the_true_shape_of_vit_b_16(tmp_path):
    config = SIZES["vit-b-16"]
    reference = hf_model(config)
    expected = hf_outputs(reference, config)
    torch.save(reference.state_dict(), tmp_path / "pytorch_model.bin")
    torch.save({"state_dict": data_parallel(official_from_hf(reference.state_dict()))}, tmp_path / "clip_cn.pt")
    del reference
    for file in ("pytorch_model.bin", "clip_cn.pt"):
        image, text = outputs(load_clip(tmp_path / file, "vit-b-16")[0], config)
        assert (image - expected[0]).abs().max() <= 2e-6
        assert (text - expected[1]).abs().max() <= 3e-6


def test_the_resnet_gives_the_references_outputs(tmp_path):
    state = resnet_checkpoint(TINY_RESNET)
    model = load(state, tmp_path)
    pixels = inputs(TINY_RESNET)[0]
    with torch.no_grad():
        torch.testing.assert_close(
            model.vision(pixels), resnet_reference(state, TINY_RESNET.vision, pixels), atol=2e-6, rtol=1e-5
        )
        torch.testing.assert_close(model.vision.tokens(pixels)[:, 0], model.vision(pixels), atol=2e-6, rtol=1e-5)


@pytest.mark.slow
def test_rn50_gives_the_references_outputs_at_its_true_shape():
    from reeltag_training.chinese_clip.published.layouts import to_ours

    config = SIZES["rn50"]
    state = resnet_checkpoint(config)
    # A pooler is what tidy() takes away.
    model = ChineseClip(config)
    model.load_state_dict(to_ours({k: v for k, v in state.items() if "pooler" not in k}, config, "official"))
    pixels = inputs(config)[0][:1]
    with torch.no_grad():
        found, expected = model.eval().vision(pixels), resnet_reference(state, config.vision, pixels)
    assert (found - expected).abs().max() <= 1e-5 * expected.abs().max()


def test_padding_changes_nothing_and_the_mask_matters(official, tmp_path):
    model = load(official, tmp_path)
    _, ids, _ = inputs(TINY)
    padded = torch.cat([ids, torch.zeros(3, 43, dtype=torch.long)], 1)
    with torch.no_grad():
        trimmed = model.text(ids, mask_of(ids))
        assert padded.shape[1] == 52
        assert (model.text(padded, mask_of(padded)) - trimmed).abs().max() < 1e-5
        assert (model.text(padded, torch.ones_like(padded)) - trimmed).abs().max() > 1e-2


def test_another_resolution_stretches_the_grid_and_keeps_the_class_token(official, tmp_path):
    plain, wide = load(official, tmp_path), load(official, tmp_path, resolution=96)
    assert wide.vision.positions.shape == (145, 48)
    torch.testing.assert_close(wide.vision.positions[0], plain.vision.positions[0])
    # Aligned corners: the corners of the grid keep their vectors.
    for old, new in ((1, 1), (8, 12), (57, 133), (64, 144)):
        torch.testing.assert_close(wide.vision.positions[new], plain.vision.positions[old], atol=1e-5, rtol=1e-5)
    assert resample_positions(plain.vision.positions, 8) is plain.vision.positions
    with torch.no_grad():
        assert wide.vision(torch.randn(1, 3, 96, 96)).shape == (1, 24)
    refused("RESOLUTION_INVALID", "100", of=lambda: load(official, tmp_path, resolution=100))


def test_the_pooled_grid_is_adaptive_average_pooling():
    x = torch.randn(2, 5, 14, 14)
    expected = torch.nn.functional.adaptive_avg_pool2d(x, 4).flatten(2).transpose(1, 2)
    torch.testing.assert_close(torch.from_numpy(pooling_weights(14)) @ x.flatten(2).transpose(1, 2), expected)


def test_size_is_recognised_and_held_to_what_was_said(official, tmp_path):
    assert load(official, tmp_path).config.name == "tiny"
    assert load(resnet_checkpoint(TINY_RESNET), tmp_path).config.name == "tiny-resnet"
    wide = official_from_hf(hf_model(TINY_SIZES["tiny-96"]).state_dict())
    assert load(wide, tmp_path).config.name == "tiny-96"
    refused("CHECKPOINT_MISMATCH", "a tiny, not a tiny-96", of=lambda: load(official, tmp_path, size="tiny-96"))
    refused("CHECKPOINT_MISMATCH", "official layout", of=lambda: load(official, tmp_path, layout="hf"))


def test_a_key_too_many_too_few_or_misshapen_is_named(official, tmp_path):
    less = {k: v for k, v in official.items() if k != "visual.ln_post.bias"}
    refused("CHECKPOINT_MISMATCH", "lacks 1 keys: visual.ln_post.bias", of=lambda: load(less, tmp_path))
    more = official | {"visual.extra": torch.zeros(1)}
    refused("CHECKPOINT_MISMATCH", "unexpected 1 keys: visual.extra", of=lambda: load(more, tmp_path))
    bent = official | {"text_projection": torch.zeros(31, 24)}
    refused("CHECKPOINT_MISMATCH", "text_projection has the shape 24×31", of=lambda: load(bent, tmp_path))
    broken = official | {"visual.class_embedding": torch.full((48,), float("nan"))}
    refused("CHECKPOINT_MISMATCH", "visual.class_embedding", "not finite", of=lambda: load(broken, tmp_path))


def test_other_files_are_refused_with_their_reason(official, tmp_path):
    file = tmp_path / "checkpoint.pt"

    def loading(content=None):
        if content is not None:
            file.write_bytes(content)
        return lambda: load_clip(file, sizes=TINY_SIZES)

    refused("CHECKPOINT_UNREADABLE", "neither", of=loading(b"no checkpoint at all"))
    refused("CHECKPOINT_UNREADABLE", of=loading(b""))
    refused("CHECKPOINT_UNREADABLE", of=loading(b"\x50\x00\x00\x00\x00\x00\x00\x00{"))
    torch.save({"state_dict": official}, file)
    whole = file.read_bytes()
    refused("CHECKPOINT_UNREADABLE", "damaged", of=loading(whole[: len(whole) // 2]))
    for other in ({"fc.weight": torch.zeros(2, 2)}, {}):
        torch.save(other, file)
        refused("CHECKPOINT_MISMATCH", of=loading())
    torch.save([1, 2], file)
    refused("CHECKPOINT_MISMATCH", "not a state_dict", of=loading())
    refused("CHECKPOINT_UNREADABLE", "absent.pt", of=lambda: sha256_of(tmp_path / "absent.pt"))


class Harmful:
    def __reduce__(self):
        return (exec, ("raise SystemExit('ran')",))


@pytest.mark.parametrize("legacy", [False, True])
def test_pickled_code_is_refused_and_never_runs(legacy, tmp_path):
    file = tmp_path / "checkpoint.pt"
    if legacy:
        file.write_bytes(pickle.dumps({"state_dict": Harmful()}, protocol=2))
    else:
        torch.save({"state_dict": Harmful()}, file)
    refused("CHECKPOINT_UNSAFE", "run code", of=lambda: load_clip(file, sizes=TINY_SIZES))


def test_the_files_hash_is_recorded_and_held_to_what_was_said(tmp_path):
    file = tmp_path / "a.pt"
    file.write_bytes(b"abc")
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert check_sha256(file, None) == check_sha256(file, abc.upper()) == abc
    refused("CHECKPOINT_TAMPERED", abc, of=lambda: check_sha256(file, "0" * 64))


def test_a_half_precision_checkpoint_is_read_as_single(official, tmp_path):
    model = load({k: v.half() if v.is_floating_point() else v for k, v in official.items()}, tmp_path)
    assert all(p.dtype == torch.float32 for p in model.parameters())


def test_the_vision_state_of_a_resnet_is_as_long_as_the_original():
    assert len(resnet_vision_state(SIZES["rn50"].vision, 1024)) == 339
