"""Manifests of models and packs, as the platform reads them: the one writer and the one reader. No PyTorch here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .files import sha256

# What a content has of video and text.
MASKS = ("both", "video", "text")


@dataclass(frozen=True)
class Never:
    """Nothing is published, and all goes to review."""

    because: str


@dataclass(frozen=True)
class Threshold:
    """Published is what is at least as probable."""

    at: float


Publish = Never | Threshold


def common_rule(publish: Mapping[str, Publish]) -> Publish:
    """The threshold of all masks that are ever published; where none is, never, with every reason.

    @raises ValueError where masks have different thresholds
    """
    thresholds = {rule.at for rule in publish.values() if isinstance(rule, Threshold)}
    if len(thresholds) > 1:
        raise ValueError(f"masks have different thresholds: {sorted(thresholds)}")
    reasons = dict.fromkeys(f"{mask}: {rule.because}" for mask, rule in publish.items() if isinstance(rule, Never))
    return Threshold(thresholds.pop()) if thresholds else Never("; ".join(reasons))


@dataclass(frozen=True)
class Facet:
    """Leaves in the order of the logits; a temperature and a rule of publishing for each mask."""

    leaves: list[str]
    temperature: Mapping[str, float]
    publish: Mapping[str, Publish]
    role: Literal["deciding", "advisory"] = "deciding"

    @classmethod
    def unfitted(cls, leaves: list[str], because: str) -> "Facet":
        return cls(leaves, dict.fromkeys(MASKS, 1), dict.fromkeys(MASKS, Never(because)))


@dataclass(frozen=True)
class Pack:
    """`models` are name/version by role, `taxonomy` is one; `checksums` are by path, as the platform names files."""

    name: str
    version: str
    models: Mapping[str, str]
    frames: int
    taxonomy: str
    facets: Mapping[str, Facet]
    checksums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelFolder:
    """A model that is to be written to `models/<name>/<version>/`; `files` are copied beside its graph."""

    name: str
    kind: str
    graph: Path
    shapes: tuple[list[dict], list[dict]]
    preprocessing: dict
    licence: str
    training_data: str
    metrics: dict
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Model:
    """What is read of a model's manifest: `digest` is its graph's SHA-256."""

    graph: Path
    digest: str
    preprocessing: dict
    outputs: dict[str, list]


def squash(side: int) -> dict:
    """What a vision tower's manifest says of the making of its frames."""
    return {"id": f"squash-bicubic-{side}", "size": side}


def model_manifest(model: ModelFolder, version: str, graph: Path, beside: list[Path]) -> dict:
    """`graph` and the files `beside` it are where they will lie."""
    inputs, outputs = model.shapes
    return {
        "format": 1,
        "name": model.name,
        "version": version,
        "kind": model.kind,
        "graph": {"file": graph.name, "sha256": sha256(graph), "bytes": graph.stat().st_size},
        "inputs": inputs,
        "outputs": outputs,
        "preprocessing": model.preprocessing,
        "files": [{"path": f.name, "sha256": sha256(f), "bytes": f.stat().st_size} for f in beside],
        "licence": model.licence,
        "trainingData": model.training_data,
        "metrics": model.metrics,
    }


def read_model_manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text("utf8"))


def read_model(folder: Path) -> Model:
    """@raises ValueError where the graph is not the one that the manifest lists"""
    manifest = read_model_manifest(folder)
    graph, digest = folder / manifest["graph"]["file"], manifest["graph"]["sha256"]
    if sha256(graph) != digest:
        raise ValueError(f"{graph} is not the file that its manifest lists; restore it")
    return Model(graph, digest, manifest["preprocessing"], {o["name"]: o["shape"] for o in manifest["outputs"]})


def read_pack(folder: Path) -> Pack:
    manifest = json.loads((folder / "pack.json").read_text("utf8"))
    return Pack(
        name=manifest["name"],
        version=manifest["version"],
        models=manifest["models"],
        frames=manifest["sampling"]["frames"],
        taxonomy=manifest["taxonomy"],
        facets={name: _facet_of(facet) for name, facet in manifest["facets"].items()},
        checksums=manifest["checksums"],
    )


def pack_manifest(pack: Pack) -> dict:
    return {
        "format": 1,
        "name": pack.name,
        "version": pack.version,
        "reeltagMin": "0.1.0",
        "models": dict(pack.models),
        "sampling": {"id": f"even-{pack.frames}", "frames": pack.frames},
        "taxonomy": pack.taxonomy,
        "facets": {name: _facet_manifest(facet) for name, facet in pack.facets.items()},
        "checksums": dict(pack.checksums),
        "card": "CARD.md",
        "signature": None,
    }


# Format 1 has one threshold for all masks. One that is never published gets a temperature at which no answer is sure.
_UNSURE = 100.0


def _facet_manifest(facet: Facet) -> dict:
    match common_rule(facet.publish):
        case Never():
            policy = {"temperature": dict.fromkeys(MASKS, 1), "publishAt": 1, "calibrated": False}
        case Threshold(at):
            never = {mask: _UNSURE for mask, rule in facet.publish.items() if isinstance(rule, Never)}
            policy = {"temperature": {**facet.temperature, **never}, "publishAt": at}
    return {"leaves": facet.leaves, **policy} | ({"advisory": True} if facet.role == "advisory" else {})


def _facet_of(manifest: dict) -> Facet:
    if manifest.get("calibrated") is False:
        rule: Publish = Never("nothing was fitted")
    else:
        rule = Threshold(manifest["publishAt"])
    role = "advisory" if manifest.get("advisory") else "deciding"
    return Facet(manifest["leaves"], manifest["temperature"], dict.fromkeys(MASKS, rule), role)
