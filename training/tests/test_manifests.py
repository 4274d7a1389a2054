"""Manifests: what is written is what the platform reads, and what is read is what was written."""

import json
import shutil

import pytest

from reeltag_training.packs.folders import PackFolders, write_model, write_pack
from reeltag_training.packs.manifests import (
    MASKS,
    Facet,
    ModelFolder,
    Never,
    Pack,
    Threshold,
    common_rule,
    pack_manifest,
    read_model,
    read_model_manifest,
    read_pack,
    squash,
)
from reeltag_training.packs.refusal import ImportRefusedError
from reeltag_training.paths import MODELS, TAXONOMIES
from reeltag_training.starter.pack import LICENCE, NAMES, PACK_FOLDER, VERSION, packed_files, starter_pack

TEMPERATURE = {"both": 0.8, "video": 0.9, "text": 1.2}
FEW = Never("3 items")


def pack_with(publish, role="deciding"):
    facet = Facet(["a", "b"], TEMPERATURE, publish, role)
    return Pack("own", "1.0.0", {"vision": "v/1.0.0"}, 4, "own/1", {"subject": facet})


def written(publish, role="deciding"):
    return pack_manifest(pack_with(publish, role))["facets"]["subject"]


def test_what_is_never_published_is_never_sure_and_the_rest_keeps_its_threshold():
    publish = {"both": Threshold(0.7), "video": FEW, "text": Threshold(0.7)}
    assert written(publish) == {
        "leaves": ["a", "b"],
        "temperature": {"both": 0.8, "video": 100.0, "text": 1.2},
        "publishAt": 0.7,
    }
    assert written(dict.fromkeys(MASKS, Threshold(0.7)), "advisory")["advisory"] is True


def test_a_facet_that_is_never_published_says_that_it_is_not_calibrated():
    nothing = {"temperature": {"both": 1, "video": 1, "text": 1}, "publishAt": 1, "calibrated": False}
    assert written(dict.fromkeys(MASKS, FEW)) == {"leaves": ["a", "b"], **nothing}


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
    for role in ("deciding", "advisory"):
        pack = pack_with(dict.fromkeys(MASKS, Threshold(0.7)), role)
        folder = write_pack(folders, pack, files, {"CARD.md": role}, replace=role == "advisory")
        read = read_pack(folder)
        assert read.facets == pack.facets and read.models == pack.models and read.frames == 4
        assert list(read.checksums) == [f"models/tower/1.0.0/{file.name}" for file in files]
        assert (folder / "CARD.md").read_text() == role
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
