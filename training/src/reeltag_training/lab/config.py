"""What a run is: one YAML file. Keys that are not fields are refused by name."""

from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import torch
import yaml

from .options import (
    DistillConfig,
    DoubtsConfig,
    EnsembleConfig,
    KernelConfig,
    LabRefusedError,
    ModelConfig,
    PackConfig,
    PretrainConfig,
    PriorConfig,
    RetagConfig,
    SplitConfig,
    TableConfig,
    TrainConfig,
    VisionConfig,
    choose,
)


@dataclass(frozen=True)
class LabConfig:
    """`device` is where the steps run; what is drawn is drawn on the CPU, so that a seed means the same on both."""

    table: TableConfig
    folder: str
    seed: int = 0
    device: str = "cpu"
    split: SplitConfig = SplitConfig()
    model: ModelConfig = ModelConfig()
    vision: VisionConfig = VisionConfig()
    pretrain: PretrainConfig = PretrainConfig()
    train: TrainConfig = TrainConfig()
    prior: PriorConfig = PriorConfig()
    retag: RetagConfig = RetagConfig()
    doubts: DoubtsConfig = DoubtsConfig()
    ensemble: EnsembleConfig = EnsembleConfig()
    distill: DistillConfig = DistillConfig()
    pack: PackConfig = PackConfig()
    kernel: KernelConfig = KernelConfig()

    def __post_init__(self):
        choose("device", self.device, ("cpu", "cuda"))
        if self.device == "cuda" and not torch.cuda.is_available():
            raise LabRefusedError("device: PyTorch sees no CUDA device here; say cpu")
        self.train.refuse_other_heads(self.model.head)
        if self.vision.checkpoint and not self.table.video:
            raise LabRefusedError("vision.checkpoint: name the videos that it is to see, by table.video")
        if self.model.backbone == "grams" and (self.pretrain.steps or self.train.fgm or self.train.pgd):
            raise LabRefusedError("model.backbone: grams have no states to pretrain and no words to attack")

    def at(self, folder: Path) -> "LabConfig":
        """With every path in it taken from that folder."""

        def path(given: str) -> str:
            return str(folder / given) if given else ""

        return replace(
            self,
            table=replace(self.table, file=path(self.table.file), taxonomy=path(self.table.taxonomy)),
            folder=path(self.folder),
            vision=replace(self.vision, checkpoint=path(self.vision.checkpoint)),
            ensemble=replace(self.ensemble, members=[path(member) for member in self.ensemble.members]),
            distill=replace(self.distill, pool=path(self.distill.pool)),
            pack=replace(self.pack, models=path(self.pack.models), taxonomies=path(self.pack.taxonomies)),
            kernel=replace(self.kernel, embeddings={name: path(f) for name, f in self.kernel.embeddings.items()}),
        )


def load(file: Path) -> LabConfig:
    """Paths in it are relative to the file itself."""
    return built(LabConfig, read_yaml(file), "").at(file.resolve().parent)


def read_yaml(file: Path) -> Any:
    try:
        return yaml.safe_load(file.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise LabRefusedError(f"{file}: {error}") from error


def built(kind: type, given: Any, where: str):
    """The dataclass `kind` of keys and values; `where` names the section in what is refused."""
    if not isinstance(given, dict):
        raise LabRefusedError(f"{where.rstrip('.') or 'the file'} must hold keys and values")
    known = {f.name: f for f in fields(kind)}
    # Files that were written before a key was renamed are still read.
    former = {f.metadata["former"]: f.name for f in fields(kind) if "former" in f.metadata}
    given = {former.get(key, key): value for key, value in given.items()}
    for key, value in given.items():
        if key not in known:
            raise LabRefusedError(f"{where}{key}: no such key; there are {', '.join(known)}")
        expected = known[key].type
        if not is_dataclass(expected) and expected in (int, float, str, bool) and not _fits(value, expected):
            raise LabRefusedError(f"{where}{key}: {value!r} is not of type {expected.__name__}")
    missing = [k for k, f in known.items() if k not in given and f.default is MISSING and f.default_factory is MISSING]
    if missing:
        raise LabRefusedError(f"{where}{missing[0]} is missing")
    parts = {k: built(known[k].type, v, f"{where}{k}.") if is_dataclass(known[k].type) else v for k, v in given.items()}
    try:
        return kind(**parts)
    except TypeError as error:
        raise LabRefusedError(f"{where or 'the file'}: {error}") from error


def _fits(value: Any, kind: type) -> bool:
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    return isinstance(value, (int, float) if kind is float else kind)
