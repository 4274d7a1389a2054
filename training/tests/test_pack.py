import json

import onnxruntime as ort
import pytest

from reeltag_training.corpus.motion import motions
from reeltag_training.packs.files import sha256
from reeltag_training.paths import REPO
from reeltag_training.starter.card import card
from reeltag_training.starter.pack import PACK_FOLDER, model_folder
from reeltag_training.words.tree import leaves

NAMES = ("starter-vision", "starter-text", "starter-fusion")
PACK = json.loads((PACK_FOLDER / "pack.json").read_text("utf8"))
FIGURES = json.loads((PACK_FOLDER / "figures.json").read_text("utf8"))
TYPES = {"uint8": "tensor(uint8)", "int64": "tensor(int64)", "float32": "tensor(float)"}


def manifest(name: str) -> dict:
    return json.loads((model_folder(name) / "manifest.json").read_text("utf8"))


def test_every_checksum_of_the_pack_holds_and_none_is_missing():
    for path, expected in PACK["checksums"].items():
        assert sha256(REPO / path) == expected, path
    files = {f.relative_to(REPO).as_posix() for n in NAMES for f in model_folder(n).iterdir()}
    assert files <= set(PACK["checksums"])


@pytest.mark.parametrize("name", NAMES)
def test_the_manifest_describes_its_graph(name):
    facts = manifest(name)
    graph = model_folder(name) / facts["graph"]["file"]
    assert facts["graph"]["sha256"] == sha256(graph) and facts["graph"]["bytes"] == graph.stat().st_size
    session = ort.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    for stated, real in ((facts["inputs"], session.get_inputs()), (facts["outputs"], session.get_outputs())):
        assert [(t["name"], TYPES[t["dtype"]]) for t in stated] == [(t.name, t.type) for t in real]
        for wanted, found in zip(stated, real, strict=True):
            assert [d for d in wanted["shape"] if isinstance(d, int)] == [d for d in found.shape if isinstance(d, int)]


def test_the_three_models_fit_in_16_megabytes():
    assert sum(f.stat().st_size for n in NAMES for f in model_folder(n).iterdir()) <= 16e6


def test_logits_are_in_the_order_of_the_trees_leaves():
    assert PACK["facets"]["subject"]["leaves"] == [leaf.id for leaf in leaves()]
    assert PACK["facets"]["motion"]["leaves"] == motions()


def test_the_card_states_the_figures_that_were_measured():
    assert (PACK_FOLDER / "CARD.md").read_text("utf8") == card(FIGURES)
    assert FIGURES["publishAt"] == PACK["facets"]["subject"]["publishAt"]
    assert FIGURES["temperature"] == PACK["facets"]["subject"]["temperature"]


@pytest.mark.parametrize(
    ("role", "modality", "leaf", "level1"),
    [
        ("test", "video", 0.50, 0.70),
        ("evaluate", "video", 0.38, 0.58),
        ("test", "both", 0.65, 0.80),
        ("evaluate", "both", 0.58, 0.75),
    ],
)
def test_the_goals_are_met_on_art_that_nothing_has_seen(role, modality, leaf, level1):
    found = FIGURES["figures"][role][modality]
    assert found["leaf"] >= leaf and found["level1"] >= level1


@pytest.mark.parametrize("role", ["test", "evaluate"])
def test_motion_is_distinguished_from_its_reversal_on_art_that_nothing_has_seen(role):
    assert FIGURES["motion"]["figures"][role]["pairs"] >= 0.80


def test_the_head_that_ships_is_the_better_one():
    score = {name: FIGURES["tried"][name]["test"]["both"]["leaf"] for name in ("product", "starter-fusion")}
    assert FIGURES["fusion"] == max(score, key=score.get)
