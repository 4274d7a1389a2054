"""What a run is: one YAML file. Keys that are not fields are refused by name."""

from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from ..taggers.backbones import BACKBONES


class LabRefusedError(ValueError):
    """The user's file, table or folder cannot be worked with; the message says which part and what to do."""


@dataclass(frozen=True)
class TableConfig:
    """`label` holds a path with slashes. `frames` names a NumPy file [F, V]; `taxonomy` one of paths, a line each."""

    file: str
    id: str
    text: list[str]
    label: str
    author: str = ""
    frames: str = ""
    taxonomy: str = ""
    depth_max: int = 3


@dataclass(frozen=True)
class SplitConfig:
    """Held out: fold `fold` of `folds`, by author where there is one; or, with `column`, the rows that say 'test'."""

    folds: int = 5
    fold: int = 0
    column: str = ""


@dataclass(frozen=True)
class ModelConfig:
    """`wide`: so many buckets for hashed 1- to 3-grams, whose logits are added to the leaves'; 0 is off."""

    backbone: str = "single-stream"
    width: int = 128
    heads: int = 4
    layers: int = 2
    cross_layers: int = 3
    text_max: int = 96
    frames_max: int = 32
    dropout: float = 0.1
    wide: int = 0

    def __post_init__(self):
        if self.wide < 0:
            raise LabRefusedError(f"model.wide: {self.wide} is below 0")
        if self.backbone not in BACKBONES:
            raise LabRefusedError(f"model.backbone: {self.backbone!r} is none of {', '.join(BACKBONES)}")


@dataclass(frozen=True)
class PretrainConfig:
    """`objectives` and their weights; left out: those that the table's modalities allow."""

    steps: int = 0
    batch: int = 64
    rate: float = 1e-3
    objectives: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainConfig:
    """Every option is off at 0, and then costs nothing."""

    steps: int = 1000
    batch: int = 64
    rate: float = 1e-3
    coarse: float = 0.0
    mapping: float = 0.0
    hxe: float = 0.0
    smoothing: float = 0.0
    balance: float = 0.0
    r_drop: float = 0.0
    ema: float = 0.0
    fgm: float = 0.0
    pgd: float = 0.0

    def __post_init__(self):
        if self.hxe and (self.smoothing or self.balance):
            raise LabRefusedError("train: hxe replaces the loss that smoothing and balance belong to; choose one")


@dataclass(frozen=True)
class EnsembleConfig:
    """`members` are the YAML files of trained runs over the same prepared items."""

    members: list[str] = field(default_factory=list)

    def __post_init__(self):
        if not isinstance(self.members, list) or not all(isinstance(member, str) for member in self.members):
            raise LabRefusedError("ensemble.members must be a list of files")


@dataclass(frozen=True)
class DistillConfig:
    """`pool` is a table like `table.file`, without labels; the members of `ensemble` are the teachers."""

    pool: str = ""
    temperature: float = 4.0
    steps: int = 1000
    batch: int = 64
    rate: float = 1e-3

    def __post_init__(self):
        if not self.temperature > 0:
            raise LabRefusedError(f"distill.temperature: {self.temperature} is not above 0")


@dataclass(frozen=True)
class LabConfig:
    table: TableConfig
    folder: str
    seed: int = 0
    split: SplitConfig = SplitConfig()
    model: ModelConfig = ModelConfig()
    pretrain: PretrainConfig = PretrainConfig()
    train: TrainConfig = TrainConfig()
    ensemble: EnsembleConfig = EnsembleConfig()
    distill: DistillConfig = DistillConfig()


def load(file: Path) -> LabConfig:
    """Paths in it are relative to the file itself."""
    try:
        given = yaml.safe_load(file.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise LabRefusedError(f"{file}: {error}") from error
    config = _build(LabConfig, given, "")
    here = file.resolve().parent
    table = {**vars(config.table), "file": str(here / config.table.file)}
    if config.table.taxonomy:
        table["taxonomy"] = str(here / config.table.taxonomy)
    members = [str(here / member) for member in config.ensemble.members]
    pool = str(here / config.distill.pool) if config.distill.pool else ""
    return replace(
        config,
        table=TableConfig(**table),
        folder=str(here / config.folder),
        ensemble=EnsembleConfig(members),
        distill=replace(config.distill, pool=pool),
    )


def _build(kind: type, given: Any, where: str):
    if not isinstance(given, dict):
        raise LabRefusedError(f"{where or 'the file'} must hold keys and values")
    known = {f.name: f for f in fields(kind)}
    for key, value in given.items():
        if key not in known:
            raise LabRefusedError(f"{where}{key}: no such key; there are {', '.join(known)}")
        expected = known[key].type
        if not is_dataclass(expected) and expected in (int, float, str) and not _fits(value, expected):
            raise LabRefusedError(f"{where}{key}: {value!r} is not of type {expected.__name__}")
    parts = {
        k: _build(known[k].type, v, f"{where}{k}.") if is_dataclass(known[k].type) else v for k, v in given.items()
    }
    try:
        return kind(**parts)
    except TypeError as error:
        raise LabRefusedError(f"{where or 'the file'}: {error}") from error


def _fits(value: Any, kind: type) -> bool:
    return isinstance(value, (int, float) if kind is float else kind) and not isinstance(value, bool)
