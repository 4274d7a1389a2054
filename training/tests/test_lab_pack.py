"""reeltag-train export: a run becomes a pack that the platform serves, and serves as the run answers."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from lab_runs import TOWER_SIDE, pack_of, served, write_config, write_film, write_table, write_tower

from reeltag_training.lab.command import main
from reeltag_training.lab.config import load
from reeltag_training.lab.data.prepared import SPECIALS, Prepared
from reeltag_training.lab.data.table import Item
from reeltag_training.lab.data.videos import VisionTower, embed_videos, sample
from reeltag_training.lab.export import pack_calibration, pack_taxonomy, tagger_pack
from reeltag_training.lab.export.served_tagger import character_tokenizer
from reeltag_training.lab.options import LabRefusedError
from reeltag_training.lab.training.rounds import trained_tagger
from reeltag_training.metrics.calibration import (
    Scores,
    binomial_tail,
    calibrate,
    fit_threshold,
    softmax,
    wrong_too_often,
)
from reeltag_training.packs.files import sha256
from reeltag_training.packs.manifests import read_pack
from reeltag_training.packs.policy import MASKS, Never, Threshold
from reeltag_training.paths import REPO, TRAINING
from reeltag_training.taggers.inputs import AtPublish

NEVER = Never("no threshold keeps the published error within 0.1")
FEW = {"pretrain": {"steps": 0}, "train": {"steps": 20}}
BUILT = REPO / "libs/inference/dist/index.js"
PLATFORM = pytest.mark.skipif(
    not BUILT.exists() or not shutil.which("node"), reason="the platform is not built: run `npm ci && npm run build`"
)
MODELS = {
    "single-stream": {"backbone": "single-stream"},
    "two-stream-concat": {"backbone": "two-stream-concat"},
    "two-stream-cross": {"backbone": "two-stream-cross"},
    "grams": {"backbone": "grams", "wide": 512},
    "wide": {"backbone": "two-stream-cross", "wide": 512},
    "levels": {"backbone": "two-stream-concat", "head": "levels"},
}


def run(folder, config, *commands):
    for command in commands:
        assert main([command, config]) == 0
    return Prepared.load(folder / "run")


def exported(folder, model, **changed):
    """A run over the small table and its pack; options of a head that is not there are off."""
    write_table(folder, **changed.pop("rows", {}))
    options = {name: 0 for name in ("coarse", "mapping", "smoothing", "balance")} if "head" in model else {}
    options |= {"fgm": 0.0} if model["backbone"] == "grams" else {}
    sections = {
        "pretrain": {"steps": 0},
        "train": {"steps": 20} | options,
        "pack": pack_of(folder),
        "model": model,
    } | changed
    config = write_config(folder, **sections)
    return config, run(folder, config, "prepare", "train", "export")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run over the small table, trained once."""
    folder = tmp_path_factory.mktemp("trained")
    write_table(folder)
    run(folder, write_config(folder, **FEW, pack=pack_of(folder)), "prepare", "train")
    return folder


@pytest.fixture
def place(trained, tmp_path):
    """A copy of the run, which a test may export, break or train again."""
    folder = Path(shutil.copytree(trained, tmp_path / "place"))
    write_config(folder, **FEW, pack=pack_of(folder))
    return folder


def picture(colour):
    return np.broadcast_to(np.array(colour, np.uint8), (2, TOWER_SIDE, TOWER_SIDE, 3))


@pytest.mark.slow
@PLATFORM
@pytest.mark.parametrize("name", MODELS)
def test_the_platform_answers_what_the_tagger_does(name, tmp_path):
    config, data = exported(tmp_path, MODELS[name])
    tagger, shown, text = trained_tagger(load(Path(config)), data), picture((255, 0, 128)), "苹果 ＡＢ\u3000日常 😀𠮷龘"
    requests = [
        {"frames": frames is not None and base64.b64encode(np.ascontiguousarray(frames).tobytes()).decode(), "text": t}
        for frames, t in ((shown, text), (None, text), (shown, None), (None, "足" * 200))
    ]
    given = softmax(served(tmp_path, [{k: v or None for k, v in request.items()} for request in requests]))
    clip = torch.tensor([[1.0, 0.0, 128 / 255, 1.0]] * 2)
    for answer, (seen, title) in zip(given, ((1, text), (0, text), (1, ""), (0, "足" * 200)), strict=True):
        ids = torch.tensor([data.encode([title], 96) if title else [0]])
        x = AtPublish(
            ids, torch.full(ids.shape, float(bool(title))), clip[None] * seen, torch.full((1, 2), float(seen))
        )
        with torch.no_grad():
            wanted = tagger(x)[1].softmax(-1)[0].numpy()
        # Embeddings are kept in 16 bits.
        np.testing.assert_allclose(answer, wanted, atol=5e-3)
    assert np.abs(given[0] - given[2]).max() > 1e-3


@pytest.mark.slow
def test_a_pack_is_whole_and_says_what_it_is(place, capsys):
    config = str(place / "config.yaml")
    run(place, config, "export")
    assert "everything goes to review" in capsys.readouterr().out
    folder = place / "models/packs/own/1.0.0"
    pack = read_pack(folder)
    assert pack.models == {"vision": "tower/1.0.0", "text": "own-text/1.0.0", "fusion": "own-fusion/1.0.0"}
    assert (pack.format, pack.frames, pack.taxonomy) == (2, 2, "own/1")
    # The table has too few items: nothing is fitted, and nothing is published.
    facet = pack.facets["subject"]
    assert facet.temperature == dict.fromkeys(MASKS, 1) and facet.role == "deciding"
    assert all("held-out items to fit on" in rule.because for rule in facet.publish.values())
    assert all(sha256(place / file) == digest for file, digest in pack.checksums.items())
    # 'food' has items of its own beside a child: they get a leaf.
    nodes = yaml.safe_load((place / "taxonomies/own/1.yaml").read_text("utf8"))["facets"][0]["nodes"]
    assert [node["id"] for node in nodes] == ["food", "sport"]
    assert sorted(facet.leaves) == ["apple", "ball", "food-other", "run"]
    card = (folder / "CARD.md").read_text("utf8")
    assert "own 1.0.0" in card and "| video and text |" in card and "Everything goes to review" in card
    assert main(["export", config]) == 1 and "PACK_EXISTS" in capsys.readouterr().err


@pytest.mark.slow
@PLATFORM
def test_a_run_without_frames_becomes_a_pack_that_looks_at_no_frame(tmp_path):
    config, _ = exported(tmp_path, MODELS["two-stream-cross"], table={"frames": ""})
    frames = [base64.b64encode(picture(c).tobytes()).decode() for c in ((255, 0, 0), (0, 0, 255))]
    done = served(tmp_path, [{"frames": f, "text": "苹果"} for f in frames] + [{"frames": None, "text": "苹果"}])
    np.testing.assert_allclose(done[0], done[1])
    np.testing.assert_allclose(done[0], done[2], atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"pack": {"name": ""}}, "pack.name is empty"),
        ({"pack": {"name": "Own Pack"}}, "pack.name: 'Own Pack' does not match"),
        ({"pack": {"frames": 40}}, "above model.frames_max"),
        ({"pack": {"vision": "absent/1.0.0"}}, "pack.vision: absent/1.0.0 cannot be read"),
        ({"pack": {"facet": "mood"}, "taxonomy": True}, "has no facet 'mood'"),
        ({"table": {"text": ["title", "author"]}}, "table.joined is false"),
        ({"table": {"tokens": "words"}}, "no segmenter"),
        ({"table": {"video": "frames"}}, "name one of the two columns"),
    ],
)
def test_what_cannot_be_served_is_refused_and_nothing_is_written(place, capsys, changed, reason):
    if "taxonomy" in changed:
        made, _ = pack_taxonomy.made_of(["a", "b"], "own/1", "subject")
        (place / "taxonomies/own").mkdir(parents=True)
        (place / "taxonomies/own/1.yaml").write_text(yaml.safe_dump(made))
    sections = {key: value for key, value in changed.items() if key not in ("taxonomy", "pack")}
    config = write_config(place, **FEW, pack=pack_of(place, **changed.get("pack", {})), **sections)
    if "text" in changed.get("table", {}) or "tokens" in changed.get("table", {}):
        shutil.rmtree(place / "run")
        run(place, config, "prepare", "train")
    assert main(["export", config]) == 1
    assert reason in capsys.readouterr().err
    assert [file.name for file in (place / "models").iterdir()] == ["tower"]


@pytest.mark.slow
def test_frames_of_another_tower_are_refused(place, capsys):
    config, data = str(place / "config.yaml"), Prepared.load(place / "run")
    manifest = json.loads((place / "models/tower/1.0.0/manifest.json").read_text())
    manifest["outputs"][0]["shape"][-1] = 5
    (place / "models/tower/1.0.0/manifest.json").write_text(json.dumps(manifest))
    assert data.frame_width == 4 and main(["export", config]) == 1
    assert "gives frames of width 5, the run was trained on 4" in capsys.readouterr().err


def test_labels_become_ids_and_both_names(tmp_path):
    paths = ["美食", "体育", "美食/家常菜", "美食/其他", "体育/其他", "体育/~", "体育/!"]
    made, ids = pack_taxonomy.made_of(paths, "own/3", "subject")
    assert list(ids) == paths and len(set(ids.values())) == len(paths)
    food, sport = made["facets"][0]["nodes"]
    assert made["name"] == "own" and made["version"] == 3
    assert food["id"] == "mei-shi" and food["names"] == {"zh": "美食", "en": "美食"}
    assert [n["id"] for n in food["children"]] == ["jia-chang-cai", "qi-ta"]
    assert [n["id"] for n in sport["children"]] == ["ti-yu-qi-ta", "ti-yu-other", "node"]
    assert sport["children"][1]["names"] == {"zh": "其他", "en": "Other"}


def test_a_taxonomy_that_is_there_is_taken_by_id_or_by_name():
    made, _ = pack_taxonomy.made_of(["美食", "美食/家常菜", "sport"], "own/1", "subject")
    found = pack_taxonomy.leaf_ids(made, ["sport", "mei-shi/家常菜"], "subject", "a.yaml")
    assert found == ["sport", "jia-chang-cai"]
    for paths, reason in (
        (["sport"], "no item to train on has the leaf jia-chang-cai"),
        (["sport", "美食/汤"], "no node is '汤' of the label '美食/汤'"),
        (["sport", "美食"], "is no leaf"),
    ):
        with pytest.raises(LabRefusedError, match=reason):
            pack_taxonomy.leaf_ids(made, paths, "subject", "a.yaml")


@PLATFORM
def test_the_served_tokenizer_gives_the_ids_that_were_trained_on(tmp_path):
    texts = ["小猫在 跑\u3000步 ＡBC㎏", "\x1c\u200b\u00a0é\u0301ß İ ΑΣ", "😀𠮷👨‍👩‍👧 [SEP] [MASK]", "龘" * 200, "ﬁ①½"]
    known = sorted({c for text in texts[:3] for c in character_tokenizer([*SPECIALS]).normalizer.normalize_str(text)})
    data = Prepared([], [*SPECIALS, *known], 1)
    character_tokenizer(data.vocabulary).save(str(tmp_path / "tokenizer.json"))
    given = "\n".join(json.dumps(text) for text in texts)
    script = [str(TRAINING / "tests/served_tokenizer.mjs"), str(tmp_path)]
    done = subprocess.run(["node", *script], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [data.encode([text], 52) for text in texts]


class Halves:
    """Answers that are sure and right of the first half asked; of the second, sure and wrong where `lies`, else not
    sure of every fifth, which is wrong.
    """

    def __init__(self, truth: dict[str, int], lies: bool):
        self.truth, self.lies, self.asked = truth, lies, []

    def logits(self, asked, frames, modality):
        self.asked.append(asked)
        second = len(self.asked) > 1
        rows = []
        for n, item in enumerate(asked):
            doubtful = n % 5 == 0 and not (second and self.lies)
            wrong = doubtful or (second and self.lies)
            rows.append(np.eye(3)[(self.truth[item.id] + wrong) % 3] * (1.0 if doubtful else 4.0))
        return np.array(rows)


def held_out(count):
    """Items of 'a', 'b' and 'c' by authors of four each; the answers that are right, by id."""
    train = [Item(f"t{k}", ["t"], k, "", "", False) for k in "abc"]
    held = [Item(f"item {i}", ["t"], "abc"[i % 3], f"author {i // 4}", "", True) for i in range(count)]
    return Prepared([*train, *held], [*SPECIALS], 1), {item.id: "abc".index(item.label) for item in held}


def test_a_threshold_is_fitted_on_one_half_and_judged_on_the_other():
    data, truth = held_out(1200)
    served = Halves(truth, lies=False)
    found = pack_calibration.calibrated(served, data, 0.1, 2)
    first, second = ({item.author for item in half} for half in served.asked)
    assert first and second and not first & second and len(served.asked[0]) + len(served.asked[1]) == 1200
    assert set(found.figures) == {"text"} and found.figures["text"]["items"] == len(served.asked[1])
    assert found.figures["text"]["leaf"] == pytest.approx(0.8, abs=0.03)
    # Only the sure answers are published, and they are right.
    assert found.figures["text"]["published"] == pytest.approx(0.8, abs=0.03)
    assert found.figures["text"]["error"] == 0
    assert isinstance(found.publish["text"], Threshold)
    too_few = Never("0 held-out items to fit on, one half of all; 200 are needed")
    assert found.publish["video"] == found.publish["both"] == too_few


def test_what_is_wrong_on_the_other_half_shows():
    data, truth = held_out(1200)
    row = pack_calibration.calibrated(Halves(truth, lies=True), data, 0.1, 2).figures["text"]
    assert (row["leaf"], row["published"], row["error"]) == (0, 1, 1)


class Luck:
    """Equally sure of every answer, of which one in eleven is wrong."""

    def __init__(self, truth: dict[str, int]):
        self.truth = truth

    def logits(self, asked, frames, modality):
        return np.array([np.eye(3)[(self.truth[item.id] + (n % 11 == 0)) % 3] * 4.0 for n, item in enumerate(asked)])


def test_an_error_that_may_be_small_by_chance_publishes_nothing():
    data, truth = held_out(1200)
    # 9.1 % are wrong: below the 10 % that are allowed, and not enough to refute that the true share is above.
    found = pack_calibration.calibrated(Luck(truth), data, 0.1, 2)
    assert found.publish["text"] == NEVER and found.figures["text"]["published"] == 0
    assert isinstance(pack_calibration.calibrated(Luck(truth), data, 0.15, 2).publish["text"], Threshold)


class Wrong:
    """Graphs whose logits are not the tagger's."""

    def __init__(self, value: float):
        self.value = value

    def logits(self, items, frames, modality="both", stored=True):
        return np.array([[self.value, 0.0, 0.0]] * len(items))


@pytest.mark.parametrize(("value", "reason"), [(np.nan, "by nan"), (0.01, "differ from the model by")])
def test_graphs_that_do_not_answer_as_the_tagger_are_refused(value, reason, tmp_path):
    data, _ = held_out(8)
    write_table(tmp_path)
    config = load(Path(write_config(tmp_path, pack=pack_of(tmp_path))))
    tagger = torch.nn.Module()
    tagger.forward = lambda x: (None, torch.zeros(len(x.ids_BT), 3))
    tagger_pack._assert_same_answers(tagger, Wrong(0.0), data, config)
    with pytest.raises(LabRefusedError, match=reason):
        tagger_pack._assert_same_answers(tagger, Wrong(value), data, config)


def test_nothing_is_fitted_on_fewer_items_than_it_takes():
    data, truth = held_out(1200)
    served = Halves(truth, lies=False)
    pack_calibration.calibrated(served, data, 0.1, 2)
    fitted_on = len(served.asked[0])
    for least, published in ((fitted_on, True), (fitted_on + 1, False)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pack_calibration, "FITTED_MIN", least)
            found = pack_calibration.calibrated(Halves(truth, lies=False), data, 0.1, 2)
        assert isinstance(found.publish["text"], Threshold) == published
    assert found.figures["text"]["published"] == 0 and list(found.never) == ["both", "video", "text"]
    assert f"text: {fitted_on} held-out items to fit on" in found.summary()


def test_a_film_is_sampled_in_the_middle_of_equal_parts(tmp_path):
    write_film(tmp_path / "film.mp4", [(200, 20, 20), (20, 200, 20), (20, 20, 200)])
    frames = sample(tmp_path / "film.mp4", 3, 8)
    assert frames.shape == (3, 8, 8, 3) and frames.mean((1, 2)).argmax(-1).tolist() == [0, 1, 2]
    # More than it has: each frame once.
    assert len(sample(tmp_path / "film.mp4", 64, 8)) == 30


@pytest.mark.slow
def test_a_table_of_videos_is_embedded_once_and_what_cannot_be_read_is_listed(tmp_path, monkeypatch):
    write_film(tmp_path / "red.mp4", [(250, 5, 5)])
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    films = {i: ("broken.mp4" if i == 5 else "absent.mp4" if i == 6 else "red.mp4") for i in range(80)}
    write_table(tmp_path, **{f"v{i}": {"frames": film} for i, film in films.items()})
    table = {"frames": "", "video": "frames"}
    config = write_config(tmp_path, **FEW, table=table, pack=pack_of(tmp_path))
    data = run(tmp_path, config, "prepare")
    skipped = json.loads((tmp_path / "run/skipped.json").read_text())
    assert [row["id"] for row in skipped] == ["v5", "v6"] and all("cannot be read" in row["reason"] for row in skipped)
    clip = np.load(data.train[0].frames)
    assert clip.shape == (2, 4) and clip[0, 0] == pytest.approx(250 / 255, abs=0.05) and clip[0, 3] == 1
    tower = VisionTower.load(tmp_path / "models", "tower/1.0.0")
    monkeypatch.setattr(VisionTower, "embed", lambda *_: pytest.fail("it is embedded already"))
    files, faults = embed_videos({"v0": tmp_path / "red.mp4"}, tower, 2, "squash", tmp_path / "run/frames")
    assert files["v0"] == data.train[0].frames and not faults
    run(tmp_path, config, "train")


def test_texts_are_joined_as_the_platform_joins_them(tmp_path):
    write_table(tmp_path, v3={"title": " 苹果 ", "author": "王"}, v4={"title": "", "author": "李"})
    config = write_config(tmp_path, table={"text": ["title", "author"], "joined": True})
    data = run(tmp_path, config, "prepare")
    texts = {item.id: item.texts for item in data.items}
    assert texts["v3"] == ["苹果 王"] and texts["v4"] == ["李"]
    assert write_tower(tmp_path / "models") == "tower/1.0.0"


def test_a_threshold_must_refute_a_greater_error():
    # P(X ≤ 1) of 20 throws at 0.1, by hand: 0.9^20 + 20 · 0.1 · 0.9^19.
    assert binomial_tail(1, 20, 0.1) == pytest.approx(0.9**20 + 2 * 0.9**19)
    right = np.arange(60) >= 4
    assert not wrong_too_often(right, 0.1, None) and wrong_too_often(right, 0.1, 0.1)
    assert not wrong_too_often(np.ones(60, bool), 0.1, 0.1) and wrong_too_often(np.ones(20, bool), 0.1, 0.1)
    # Fewer than 50 items above every threshold say nothing, and all above the lowest are too often wrong.
    assert fit_threshold(np.full(49, 0.95), np.ones(49, bool), 0.1) == NEVER
    assert fit_threshold(np.full(200, 0.95), np.arange(200) % 4 > 0, 0.1, 0.1) == NEVER
    # 0.9 and above are right, below it half are.
    confidence = np.concatenate([np.full(100, 0.905), np.full(100, 0.805)])
    assert fit_threshold(confidence, np.arange(200) % 2 + (np.arange(200) < 100) > 0, 0.1, 0.1) == Threshold(0.81)


def test_a_tagger_that_guesses_publishes_nothing():
    rng = np.random.default_rng(1)
    scores = Scores(rng.normal(size=(600, 5)) * 4, rng.integers(0, 5, 600))
    assert calibrate({"both": scores, "text": scores}, 0.1, 0.1)[1] == dict.fromkeys(("both", "text"), NEVER)


@pytest.mark.slow
def test_weights_of_another_table_are_not_taken_for_those_of_this_one(place, capsys):
    """Renaming a class reorders the logits: what was 'run' would become 'apple'."""
    config = str(place / "config.yaml")
    write_table(place, **{f"v{i}": {"label": "zoo"} for i in range(0, 80, 4)})
    assert main(["prepare", config]) == 0
    for command in ("evaluate", "export"):
        assert main([command, config]) == 1
        assert "is of another table or model; run `reeltag-train train` again" in capsys.readouterr().err
    shutil.rmtree(place / "run/train")
    run(place, config, "train", "evaluate")
    write_config(place, **FEW, pack=pack_of(place), model={"text_max": 40})
    assert main(["evaluate", config]) == 1 and "another table or model" in capsys.readouterr().err


@pytest.mark.parametrize("changed", [{"table": {"text": ["author"]}}, {"split": {"fold": 1}}, {"seed": 5}])
def test_settings_that_the_items_were_not_made_by_are_not_believed(tmp_path, capsys, changed):
    write_table(tmp_path)
    run(tmp_path, write_config(tmp_path, **FEW), "prepare")
    assert main(["train", write_config(tmp_path, **FEW, **changed)]) == 1
    assert "prepared by other settings" in capsys.readouterr().err


@pytest.mark.parametrize(
    "paths",
    [
        ["a", "a/其他", "b", "a/~"],
        ["a", "a/brother", "b", "a/~"],
        ["家", "家/other", "b", "家/~"],
        ["a b", "a-b", "A B"],
        ["other", "Other", "Other/other"],
    ],
)
def test_a_taxonomy_of_labels_that_resemble_each_other_keeps_them_apart(paths):
    made, ids = pack_taxonomy.made_of(paths, "own/1", "subject")
    assert len(set(ids.values())) == len(paths) and made["facets"][0]["names"] == {"zh": "主题", "en": "Subject"}


@pytest.mark.slow
@PLATFORM
def test_labels_that_look_like_numbers_or_nothing_are_served_as_texts(tmp_path):
    labels = ["1e3", "0o17", "null", "no", "2026-11-28", "- x", "a: b", "#c"]
    write_table(tmp_path, **{f"v{i}": {"label": labels[i // 4 % 8]} for i in range(80)})
    config = write_config(tmp_path, **FEW, pack=pack_of(tmp_path))
    run(tmp_path, config, "prepare", "train", "export")
    assert served(tmp_path, [{"frames": None, "text": "苹果"}]).shape == (1, 8)


@pytest.mark.slow
def test_a_full_disk_leaves_no_half_of_anything(place, capsys, monkeypatch):
    config = str(place / "config.yaml")
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(tagger_pack, "write_whole", lambda *_: (_ for _ in ()).throw(full))
    assert main(["export", config]) == 1 and "No space left" in capsys.readouterr().err
    assert not (place / "taxonomies").exists() and not (place / "models/packs/own").exists()
    assert not [file for file in (place / "models").rglob(".*")]
    monkeypatch.undo()
    run(place, config, "export")


@pytest.mark.slow
def test_a_tower_whose_graph_was_changed_is_refused(place, capsys):
    config = str(place / "config.yaml")
    graph = place / "models/tower/1.0.0/model.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")
    assert main(["export", config]) == 1
    assert "is not the file that its manifest lists" in capsys.readouterr().err


def test_what_the_platform_would_not_take_is_not_learnt_from(tmp_path):
    import cv2

    cv2.imwrite(str(tmp_path / "picture.png"), np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "picture.png").rename(tmp_path / "picture.mp4")
    write_film(tmp_path / "film.mp4", [(9, 9, 9)])
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile film.mp4\n")
    os.mkfifo(tmp_path / "pipe.mp4")
    tower = VisionTower.load(tmp_path / "models", write_tower(tmp_path / "models"))
    names = ("picture", "list", "pipe", "film")
    videos = {name: tmp_path / f"{name}.mp4" for name in names}
    files, faults = embed_videos(videos, tower, 2, "squash", tmp_path / "frames")
    assert set(files) == {"film"} and set(faults) == {"picture", "list", "pipe"}
    assert "no regular file" in faults["pipe"]


def test_a_table_of_which_nothing_can_be_read_says_why(tmp_path, capsys):
    gone = {f"v{i}": {"title": "", "frames": "absent.npy"} for i in range(80)}
    write_table(tmp_path, **gone)
    config = write_config(tmp_path)
    assert main(["prepare", config]) == 1
    assert "all 80 rows were skipped, such as for: frames cannot be read" in capsys.readouterr().err
    assert len(json.loads((tmp_path / "run/skipped.json").read_text())) == 80


def test_a_spreadsheets_mark_is_no_part_of_a_name_and_other_encodings_are_named(tmp_path, capsys):
    write_table(tmp_path)
    text = (tmp_path / "videos.tsv").read_text("utf8")
    config = write_config(tmp_path)
    (tmp_path / "videos.tsv").write_text(text, "utf-8-sig")
    run(tmp_path, config, "prepare")
    (tmp_path / "videos.tsv").write_text(text, "gbk")
    assert main(["prepare", config]) == 1 and "save it as UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"split": {"folds": 0}}, "split.folds"),
        ({"model": {"heads": 0}}, "model.heads"),
        ({"model": {"width": 33}}, "does not divide"),
        ({"model": {"text_max": 1}}, "model.text_max"),
        ({"table": {"text": "title"}}, "table.text must be a list"),
        ({"table": 3}, "table must hold keys and values"),
        ({"vision": {"checkpoint": "absent.pt"}, "table": {"frames": "", "video": "frames"}}, "absent.pt"),
    ],
)
def test_settings_out_of_range_are_named(tmp_path, capsys, changed, reason):
    write_table(tmp_path)
    assert main(["prepare", write_config(tmp_path, **changed)]) == 1
    assert reason in capsys.readouterr().err
