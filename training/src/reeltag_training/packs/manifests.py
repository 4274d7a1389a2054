"""Manifests of models and packs, as the platform reads them: the one writer and the one reader. No PyTorch here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .files import sha256
from .policy import MASKS, Facet, Never, Publish, Threshold, common_rule


@dataclass(frozen=True)
class Pack:
    """`models` are name/version by role, `taxonomy` is one; `checksums` are by path, as the platform names files.

    Format 1 has one threshold for all masks; the packs that are committed have it.
    """

    name: str
    version: str
    models: Mapping[str, str]
    frames: int
    taxonomy: str
    facets: Mapping[str, Facet]
    checksums: Mapping[str, str] = field(default_factory=dict)
    format: Literal[1, 2] = 2


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
    parts = _parts_of_1(manifest) if manifest["format"] == 1 else _parts_of_2(manifest)
    return Pack(
        **{key: manifest[key] for key in ("name", "version", "taxonomy", "checksums", "format")},
        **parts,
    )


def pack_manifest(pack: Pack) -> dict:
    head = {"format": pack.format, "name": pack.name, "version": pack.version, "reeltagMin": "0.1.0"}
    parts = _format_1(pack) if pack.format == 1 else _format_2(pack)
    return head | parts | {"checksums": dict(pack.checksums), "card": "CARD.md", "signature": None}


def _plan(pack: Pack) -> dict:
    return {"id": f"even-{pack.frames}", "frames": pack.frames}


def _format_1(pack: Pack) -> dict:
    return {
        "models": dict(pack.models),
        "sampling": _plan(pack),
        "taxonomy": pack.taxonomy,
        "facets": {name: _facet_1(name, facet) for name, facet in pack.facets.items()},
    }


def _facet_1(name: str, facet: Facet) -> dict:
    rule = common_rule(facet.publish)
    if isinstance(rule, Never) or any(isinstance(one, Never) for one in facet.publish.values()):
        raise ValueError(f"{name}: format 1 has no word for a mask that is never published; write format 2")
    policy = {"leaves": facet.leaves, "temperature": dict(facet.temperature), "publishAt": rule.at}
    return policy | ({"advisory": True} if facet.role == "advisory" else {})


def _format_2(pack: Pack) -> dict:
    return {
        "streams": {
            "video": {"encoder": pack.models["vision"], "plan": _plan(pack)},
            "text": {"encoder": pack.models["text"]},
        },
        "head": pack.models["fusion"],
        "taxonomy": pack.taxonomy,
        "facets": {name: _facet_2(facet) for name, facet in pack.facets.items()},
    }


def _facet_2(facet: Facet) -> dict:
    return {
        "leaves": facet.leaves,
        "temperature": {MASKS[mask]: temperature for mask, temperature in facet.temperature.items()},
        "publish": {MASKS[mask]: _rule_2(rule) for mask, rule in facet.publish.items()},
        "role": facet.role,
    }


def _rule_2(rule: Publish) -> dict:
    match rule:
        case Never(because):
            return {"kind": "never", "because": because}
        case Threshold(at):
            return {"kind": "threshold", "at": at}


def _parts_of_1(manifest: dict) -> dict:
    facets = {name: _facet_of_1(facet) for name, facet in manifest["facets"].items()}
    return {"models": manifest["models"], "frames": manifest["sampling"]["frames"], "facets": facets}


def _facet_of_1(facet: dict) -> Facet:
    calibrated = facet.get("calibrated", True)
    rule = Threshold(facet["publishAt"]) if calibrated else Never("nothing was fitted")
    role = "advisory" if facet.get("advisory") else "deciding"
    return Facet(facet["leaves"], facet["temperature"], dict.fromkeys(MASKS, rule), role)


def _parts_of_2(manifest: dict) -> dict:
    video, text = manifest["streams"]["video"], manifest["streams"]["text"]
    models = {"vision": video["encoder"], "text": text["encoder"], "fusion": manifest["head"]}
    facets = {name: _facet_of_2(facet) for name, facet in manifest["facets"].items()}
    return {"models": models, "frames": video["plan"]["frames"], "facets": facets}


def _facet_of_2(facet: dict) -> Facet:
    masks = {written: mask for mask, written in MASKS.items()}
    temperature = {masks[mask]: value for mask, value in facet["temperature"].items()}
    publish = {masks[mask]: _rule_of_2(rule) for mask, rule in facet["publish"].items()}
    return Facet(facet["leaves"], temperature, publish, facet["role"])


def _rule_of_2(rule: dict) -> Publish:
    return Never(rule["because"]) if rule["kind"] == "never" else Threshold(rule["at"])
