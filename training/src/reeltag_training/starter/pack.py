"""What the starter pack holds: its taxonomy, its facets, the shapes of its models. No PyTorch here."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from ..art.clips import FRAMES, SIDE
from ..corpus.motion import motions
from ..packs.files import tensor
from ..packs.folders import PackFolders
from ..packs.manifests import Pack
from ..packs.policy import MASKS, Facet, Publish
from ..paths import MODELS, TAXONOMIES
from ..words.tree import PROMPTS_ZH, leaves, synonyms, tree
from .motion_tree import motion_facet

VERSION = "2.0.0"
FOLDERS = PackFolders(MODELS, TAXONOMIES, VERSION)
PACK_FOLDER = FOLDERS.pack("starter")
NAMES = {"vision": "starter-vision", "text": "starter-text", "fusion": "starter-fusion"}
LICENCE = "Apache-2.0"
TAXONOMY_VERSION = 2
# Of a frame: what is seen, and where on a grid of 4 × 4 cells of 16.
FRAME_WIDTH = 192 + 4 * 4 * 16
TAXONOMY_FILE = TAXONOMIES / "starter" / f"{TAXONOMY_VERSION}.yaml"


def model_folder(name: str) -> Path:
    return FOLDERS.model(name)


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


def starter_pack(
    temperature: Mapping[str, float], publish: Mapping[str, Publish], motion: tuple[float, Publish]
) -> Pack:
    """`motion`: temperature and rule of publishing of the motion facet."""
    subject = Facet([leaf.id for leaf in leaves()], temperature, publish)
    # Most clips have a motion or none that counts: neither is a reason to call a reviewer.
    moving = Facet(motions(), dict.fromkeys(MASKS, motion[0]), dict.fromkeys(MASKS, motion[1]), role="advisory")
    return Pack(
        name="starter",
        version=VERSION,
        models={role: f"{name}/{VERSION}" for role, name in NAMES.items()},
        frames=FRAMES,
        taxonomy=f"starter/{TAXONOMY_VERSION}",
        facets={"subject": subject, "motion": moving},
        format=1,
    )


def packed_files(folders: PackFolders) -> list[Path]:
    """What the pack's checksums cover."""
    models = [file for name in NAMES.values() for file in sorted(folders.model(name).iterdir())]
    return [*models, folders.taxonomies / "starter" / f"{TAXONOMY_VERSION}.yaml"]


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
