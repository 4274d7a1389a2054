"""Writes the model folders, the taxonomy and pack.json in the platform's formats. No PyTorch here."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ..art.clips import FRAMES, SIDE
from ..corpus.motion import motions
from ..packs.files import sha256, tensor, write_json
from ..paths import MODELS, REPO, TAXONOMIES
from ..words.tree import PROMPTS_ZH, leaves, synonyms, tree
from .motion_tree import motion_facet

VERSION = "2.0.0"
PACK_FOLDER = MODELS / "packs" / "starter" / VERSION
TAXONOMY_VERSION = 2
# Of a frame: what is seen, and where on a grid of 4 × 4 cells of 16.
FRAME_WIDTH = 192 + 4 * 4 * 16
TAXONOMY_FILE = TAXONOMIES / "starter" / f"{TAXONOMY_VERSION}.yaml"


@dataclass(frozen=True)
class ModelFacts:
    """What a manifest says beside the graph."""

    name: str
    kind: str
    inputs: list[dict]
    outputs: list[dict]
    preprocessing: dict
    training_data: str
    metrics: dict[str, float]
    files: list[Path] = field(default_factory=list)


def model_folder(name: str) -> Path:
    return MODELS / name / VERSION


def write_model(facts: ModelFacts, graph: Path) -> None:
    folder = model_folder(facts.name)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "model.onnx"
    shutil.copyfile(graph, target)
    extras = [Path(shutil.copyfile(f, folder / f.name)) for f in facts.files]
    manifest = {
        "format": 1,
        "name": facts.name,
        "version": VERSION,
        "kind": facts.kind,
        "graph": {"file": target.name, "sha256": sha256(target), "bytes": target.stat().st_size},
        "inputs": facts.inputs,
        "outputs": facts.outputs,
        "preprocessing": facts.preprocessing,
        "files": [{"path": f.name, "sha256": sha256(f), "bytes": f.stat().st_size} for f in extras],
        "licence": "Apache-2.0",
        "trainingData": facts.training_data,
        "metrics": facts.metrics,
    }
    write_json(folder / "manifest.json", manifest)


def taxonomy() -> dict:
    words = {language: synonyms(language) for language in ("zh", "en")}
    order = {leaf.id: i for i, leaf in enumerate(leaves())}

    def node(source: dict) -> dict:
        if "children" in source:
            return {"id": source["id"], "names": source["names"], "children": [node(c) for c in source["children"]]}
        row = order[source["id"]]
        return {
            "id": source["id"],
            "names": {"zh": source["zh"], "en": source["en"]},
            "synonyms": {language: words[language][row] for language in ("zh", "en")},
            "prompts": {"zh": [prompt.format(source["zh"]) for prompt in PROMPTS_ZH]},
        }

    names = {"zh": "主题", "en": "Subject"}
    subject = {"id": "subject", "kind": "single", "names": names, "nodes": [node(g) for g in tree()]}
    return {"format": 1, "name": "starter", "version": TAXONOMY_VERSION, "facets": [subject, motion_facet()]}


def write_taxonomy() -> None:
    TAXONOMY_FILE.parent.mkdir(parents=True, exist_ok=True)
    head = "# Written by `npm run train:starter` from tree.yaml in training/ and Unicode CLDR; edit there.\n"
    body = yaml.safe_dump(taxonomy(), allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)
    TAXONOMY_FILE.write_text(head + body, "utf8")


def write_pack(temperature: dict[str, float], publish_at: float, motion: tuple[float, float]) -> None:
    """`motion`: temperature and threshold of the motion facet."""
    names = {"vision": "starter-vision", "text": "starter-text", "fusion": "starter-fusion"}
    files = [f for n in names.values() for f in sorted(model_folder(n).iterdir())] + [TAXONOMY_FILE]
    pack = {
        "format": 1,
        "name": "starter",
        "version": VERSION,
        "reeltagMin": "0.1.0",
        "models": {role: f"{name}/{VERSION}" for role, name in names.items()},
        "sampling": {"id": f"even-{FRAMES}", "frames": FRAMES},
        "taxonomy": f"starter/{TAXONOMY_VERSION}",
        "facets": {
            "subject": {
                "leaves": [leaf.id for leaf in leaves()],
                "temperature": temperature,
                "publishAt": publish_at,
            },
            "motion": {
                "leaves": motions(),
                "temperature": dict.fromkeys(temperature, motion[0]),
                "publishAt": motion[1],
                # Most clips have a motion or none that counts: neither is a reason to call a reviewer.
                "advisory": True,
            },
        },
        "checksums": {f.relative_to(REPO).as_posix(): sha256(f) for f in files},
        "card": "CARD.md",
        "signature": None,
    }
    write_json(PACK_FOLDER / "pack.json", pack)


def vision_shapes() -> tuple[list[dict], list[dict]]:
    return [tensor("frames", "uint8", "n", SIDE, SIDE, 3)], [tensor("embeddings", "float32", "n", FRAME_WIDTH)]


def text_shapes() -> tuple[list[dict], list[dict]]:
    inputs = [tensor(name, "int64", "n", "t") for name in ("input_ids", "attention_mask")]
    return inputs, [tensor("tokens", "float32", "n", "t", 128)]


def fusion_shapes() -> tuple[list[dict], list[dict]]:
    inputs = [
        tensor("frames", "float32", "n", "f", FRAME_WIDTH),
        tensor("frame_mask", "float32", "n", "f"),
        tensor("text_tokens", "float32", "n", "t", 128),
        tensor("text_mask", "float32", "n", "t"),
    ]
    subject = tensor("logits_subject", "float32", "n", len(leaves()))
    return inputs, [subject, tensor("logits_motion", "float32", "n", len(motions()))]
