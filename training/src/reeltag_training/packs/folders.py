"""Folders of models and of packs. Nothing is visible under its name before it is whole."""

import dataclasses
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .files import parts_of, write_json
from .hashing import sha256_of
from .manifests import ModelFolder, Pack, model_manifest, pack_manifest, read_model_manifest
from .refusal import ImportRefusedError


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


def write_model(folders: PackFolders, model: ModelFolder, replace: bool = False) -> list[Path]:
    """@returns its files. A folder that holds the same model already is kept, since packs may share towers; one that
    holds another is refused unless `replace`.
    """
    target = folders.model(model.name)
    with _staging(target) as staged:
        graph, *beside = [Path(shutil.copyfile(part, staged / part.name)) for part in parts_of(model.graph)]
        beside += [Path(shutil.copyfile(file, staged / file.name)) for file in model.files]
        manifest = model_manifest(model, folders.version, graph, beside)
        write_json(staged / "manifest.json", manifest)
        if replace:
            shutil.rmtree(target, ignore_errors=True)
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
    held = read_model_manifest(target)
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


def write_pack(
    folders: PackFolders, pack: Pack, files: list[Path], texts: dict[str, str], replace: bool = False
) -> Path:
    """Last of all: with the pack's folder the pack is there. Checksums are those of `files`."""
    target = folders.pack(pack.name)
    with _staging(target) as staged:
        whole = dataclasses.replace(pack, checksums={folders.listed(file): sha256_of(file) for file in files})
        write_json(staged / "pack.json", pack_manifest(whole))
        for file, text in texts.items():
            (staged / file).write_text(text, "utf8")
        if replace:
            shutil.rmtree(target, ignore_errors=True)
        if not _take_place(staged, target):
            assert_free(folders, pack.name)
    return target
