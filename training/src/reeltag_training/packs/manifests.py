"""Model folders and the pack, in the platform's formats. Nothing is visible under its name before it is whole."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .files import parts_of, write_json
from .hashing import sha256_of
from .refusal import ImportRefusedError


@dataclass(frozen=True)
class ModelFolder:
    """One model as it will lie in `models/<name>/<version>/`."""

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
class PackFolders:
    models: Path
    taxonomies: Path
    version: str

    def model(self, name: str) -> Path:
        return self.models / name / self.version

    def pack(self, name: str) -> Path:
        return self.models / "packs" / name / self.version

    def listed(self, file: Path) -> str:
        """As the pack's checksum list names it."""
        if file.is_relative_to(self.models):
            return f"models/{file.relative_to(self.models).as_posix()}"
        return f"taxonomies/{file.relative_to(self.taxonomies).as_posix()}"


def write_model(folders: PackFolders, model: ModelFolder) -> list[Path]:
    """@returns its files. A folder that holds the same graph already is kept: packs may share towers."""
    target = folders.model(model.name)
    with _staging(target) as staged:
        graph, *beside = [Path(shutil.copyfile(part, staged / part.name)) for part in parts_of(model.graph)]
        beside += [Path(shutil.copyfile(file, staged / file.name)) for file in model.files]
        inputs, outputs = model.shapes
        manifest = {
            "format": 1,
            "name": model.name,
            "version": folders.version,
            "kind": model.kind,
            "graph": {"file": graph.name, "sha256": sha256_of(graph), "bytes": graph.stat().st_size},
            "inputs": inputs,
            "outputs": outputs,
            "preprocessing": model.preprocessing,
            "files": [{"path": f.name, "sha256": sha256_of(f), "bytes": f.stat().st_size} for f in beside],
            "licence": model.licence,
            "trainingData": model.training_data,
            "metrics": model.metrics,
        }
        write_json(staged / "manifest.json", manifest)
        if not _take_place(staged, target):
            _assert_same(target, manifest)
    return sorted(target.iterdir())


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A folder beside the target, gone afterwards unless it took its place."""
    staged = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _take_place(staged: Path, target: Path) -> bool:
    """False where somebody else's is there; of two at once, one is."""
    try:
        staged.rename(target)
    except OSError:
        if not target.exists():
            raise
        return False
    return True


def _assert_same(target: Path, manifest: dict) -> None:
    held = json.loads((target / "manifest.json").read_text("utf8"))
    if any(held[part] != manifest[part] for part in ("graph", "files", "preprocessing", "inputs", "outputs")):
        cause = f"{target} holds another model already, and a released version never changes"
        raise ImportRefusedError(
            "PACK_EXISTS", cause, "Choose another version (--version; pack.version), or remove that folder"
        )


def assert_free(folders: PackFolders, name: str) -> None:
    if folders.pack(name).exists():
        cause = f"{folders.pack(name)} exists already, and a released version never changes"
        raise ImportRefusedError(
            "PACK_EXISTS",
            cause,
            "Choose another version or name (--version, --name; pack.version, pack.name), or remove it",
        )


# Of a facet for which nothing was fitted: nothing is published, all goes to review.
UNFITTED = {"temperature": {"both": 1, "video": 1, "text": 1}, "publishAt": 1, "calibrated": False}


def squash(side: int) -> dict:
    """What a vision tower's manifest says of the making of its frames."""
    return {"id": f"squash-bicubic-{side}", "size": side}


def pack_manifest(
    folders: PackFolders, name: str, models: dict[str, str], frames: int, taxonomy: str, facets: dict[str, dict]
) -> dict:
    """`models` are name/version by role, `taxonomy` is one; `write_pack` adds checksums, card and signature."""
    return {
        "format": 1,
        "name": name,
        "version": folders.version,
        "reeltagMin": "0.1.0",
        "models": models,
        "sampling": {"id": f"even-{frames}", "frames": frames},
        "taxonomy": taxonomy,
        "facets": facets,
    }


def write_pack(folders: PackFolders, name: str, manifest: dict, files: list[Path], texts: dict[str, str]) -> Path:
    """Last of all: with the pack's folder the pack is there."""
    target = folders.pack(name)
    with _staging(target) as staged:
        checksums = {folders.listed(file): sha256_of(file) for file in files}
        write_json(staged / "pack.json", manifest | {"checksums": checksums, "card": "CARD.md", "signature": None})
        for file, text in texts.items():
            (staged / file).write_text(text, "utf8")
        if not _take_place(staged, target):
            assert_free(folders, name)
    return target
