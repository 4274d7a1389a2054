"""Manifests: what is written is what the platform reads, and what is read is what was written."""

import dataclasses
import json
import shutil
import subprocess

import pytest

from reeltag_training.packs.folders import PackFolders, write_model, write_pack
from reeltag_training.packs.manifests import (
    ModelFolder,
    Pack,
    pack_manifest,
    read_model,
    read_model_manifest,
    read_pack,
    squash,
)
from reeltag_training.packs.policy import MASKS, Facet, Never, Threshold, common_rule
from reeltag_training.packs.refusal import ImportRefusedError
from reeltag_training.paths import MODELS, REPO, TAXONOMIES, TRAINING
from reeltag_training.starter.pack import LICENCE, NAMES, PACK_FOLDER, VERSION, packed_files, starter_pack

TEMPERATURE = {"both": 0.8, "video": 0.9, "text": 1.2}
FEW = Never("3 items")
SURE = dict.fromkeys(MASKS, Threshold(0.7))
CONTRACTS = REPO / "libs/contracts/dist/index.js"


def pack_with(publish, role="deciding", format=2):
    models = {"vision": "v/1.0.0", "text": "t/1.0.0", "fusion": "f/1.0.0"}
    facets = {"subject": Facet(["a", "b"], TEMPERATURE, publish, role)}
    if role == "advisory":
        facets["mood"] = Facet(["c", "d"], TEMPERATURE, publish)
    return Pack("own", "1.0.0", models, 4, "own/1", facets, format=format)


def test_format_1_has_one_threshold_and_no_word_for_never():
    assert pack_manifest(pack_with(SURE, "advisory", 1))["facets"]["subject"] == {
        "leaves": ["a", "b"],
        "temperature": TEMPERATURE,
        "publishAt": 0.7,
        "advisory": True,
    }
    for publish in (SURE | {"video": FEW}, dict.fromkeys(MASKS, FEW)):
        with pytest.raises(ValueError, match="subject: format 1 has no word for a mask that is never published"):
            pack_manifest(pack_with(publish, format=1))


def test_format_2_has_a_rule_for_each_mask():
    manifest = pack_manifest(pack_with(SURE | {"video": FEW, "text": Threshold(0.9)}))
    plan = {"id": "even-4", "frames": 4}
    assert manifest["streams"] == {"video": {"encoder": "v/1.0.0", "plan": plan}, "text": {"encoder": "t/1.0.0"}}
    assert manifest["head"] == "f/1.0.0"
    assert manifest["facets"]["subject"] == {
        "leaves": ["a", "b"],
        "temperature": {"text+video": 0.8, "video": 0.9, "text": 1.2},
        "publish": {
            "text+video": {"kind": "threshold", "at": 0.7},
            "video": {"kind": "never", "because": "3 items"},
            "text": {"kind": "threshold", "at": 0.9},
        },
        "role": "deciding",
    }


@pytest.mark.skipif(not CONTRACTS.exists() or not shutil.which("node"), reason="not built: run `npm run build`")
@pytest.mark.parametrize("role", ["deciding", "advisory"])
def test_the_platform_reads_what_is_written(role):
    manifest = pack_manifest(pack_with(SURE | {"video": FEW}, role))
    manifest["checksums"] = {"models/v/1.0.0/model.onnx": "0" * 64}
    script = TRAINING / "tests/parsed_manifest.mjs"
    given = {"input": json.dumps(manifest), "capture_output": True, "text": True}
    done = subprocess.run(["node", str(script)], check=False, **given)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == manifest


def test_one_rule_is_that_of_what_is_published_and_else_every_reason():
    assert common_rule({"both": FEW, "video": Threshold(0.5), "text": Threshold(0.5)}) == Threshold(0.5)
    assert common_rule({"video": FEW, "text": Never("lies")}) == Never("video: 3 items; text: lies")
    with pytest.raises(ValueError, match=r"different thresholds: \[0.5, 0.6\]"):
        common_rule({"video": Threshold(0.6), "text": Threshold(0.5)})


@pytest.fixture
def folders(tmp_path):
    return PackFolders(tmp_path / "models", tmp_path / "taxonomies", "1.0.0")


def model(folder, content):
    folder.mkdir(exist_ok=True)
    graph, words = folder / "model.onnx", folder / "words.json"
    graph.write_bytes(content)
    words.write_text("{}")
    shapes = [], [{"name": "embeddings", "dtype": "float32", "shape": ["n", 7]}]
    return ModelFolder("tower", "vision-encoder", graph, shapes, squash(8), "none", "none", {}, (words,))


def test_a_model_is_read_as_it_was_written_and_not_when_its_graph_was_changed(tmp_path, folders):
    files = write_model(folders, model(tmp_path / "made", b"graph"))
    assert [file.name for file in files] == ["manifest.json", "model.onnx", "words.json"]
    read = read_model(folders.model("tower"))
    assert (read.graph.read_bytes(), read.preprocessing["size"], read.outputs["embeddings"]) == (b"graph", 8, ["n", 7])
    read.graph.write_bytes(b"grapf")
    with pytest.raises(ValueError, match="is not the file that its manifest lists"):
        read_model(folders.model("tower"))


def test_a_released_model_is_replaced_only_on_demand(tmp_path, folders):
    write_model(folders, model(tmp_path / "made", b"one"))
    write_model(folders, model(tmp_path / "made", b"one"))
    with pytest.raises(ImportRefusedError, match="PACK_EXISTS"):
        write_model(folders, model(tmp_path / "made", b"two"))
    assert read_model(folders.model("tower")).graph.read_bytes() == b"one"
    write_model(folders, model(tmp_path / "made", b"two"), replace=True)
    assert read_model(folders.model("tower")).graph.read_bytes() == b"two"
    assert [entry.name for entry in folders.model("tower").parent.iterdir()] == ["1.0.0"]


def test_a_pack_is_read_as_it_was_written_and_is_replaced_only_on_demand(tmp_path, folders):
    files = write_model(folders, model(tmp_path / "made", b"graph"))
    for format, publish in ((1, SURE), (2, SURE | {"text": FEW})):
        pack = pack_with(publish, "advisory", format)
        folder = write_pack(folders, pack, files, {"CARD.md": f"{format}"}, replace=format == 2)
        read = read_pack(folder)
        assert dataclasses.replace(read, checksums={}) == pack
        assert list(read.checksums) == [f"models/tower/1.0.0/{file.name}" for file in files]
        assert (folder / "CARD.md").read_text() == f"{format}"
        with pytest.raises(ImportRefusedError, match="PACK_EXISTS"):
            write_pack(folders, pack, files, {})


def test_the_starter_is_written_as_it_is_committed(tmp_path):
    folders = PackFolders(tmp_path / "models", tmp_path / "taxonomies", VERSION)
    shutil.copytree(TAXONOMIES / "starter", folders.taxonomies / "starter")
    for name in NAMES.values():
        committed = MODELS / name / VERSION
        held = read_model_manifest(committed)
        shapes, files = (held["inputs"], held["outputs"]), tuple(committed / file["path"] for file in held["files"])
        facts = (shapes, held["preprocessing"], LICENCE, held["trainingData"], held["metrics"], files)
        write_model(folders, ModelFolder(name, held["kind"], committed / "model.onnx", *facts))
        for file in committed.iterdir():
            assert (folders.model(name) / file.name).read_bytes() == file.read_bytes()
    figures = json.loads((PACK_FOLDER / "figures.json").read_text("utf8"))
    motion = figures["motion"]["temperature"], Threshold(figures["motion"]["publishAt"])
    pack = starter_pack(figures["temperature"], dict.fromkeys(MASKS, Threshold(figures["publishAt"])), motion)
    folder = write_pack(folders, pack, packed_files(folders), {})
    assert (folder / "pack.json").read_bytes() == (PACK_FOLDER / "pack.json").read_bytes()


def test_a_pack_of_format_1_that_was_never_fitted_publishes_nothing(tmp_path):
    facet = {"leaves": ["a", "b"], "temperature": TEMPERATURE, "publishAt": 1, "calibrated": False}
    manifest = pack_manifest(pack_with(SURE, format=1)) | {"facets": {"subject": facet}}
    (tmp_path / "pack.json").write_text(json.dumps(manifest))
    assert read_pack(tmp_path).facets["subject"].publish == dict.fromkeys(MASKS, Never("nothing was fitted"))
