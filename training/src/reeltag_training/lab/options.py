"""What each section of a run's YAML file may say, with its defaults; contradictions within a section are refused."""

import re
from dataclasses import dataclass, field

from ..paths import MODELS, TAXONOMIES
from ..taggers.backbones import BACKBONES
from ..taggers.heads import HEADS

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
CROPS = ("squash", "centre")
VERSION = r"\d+\.\d+\.\d+"


class LabRefusedError(ValueError):
    """The user's file, table or folder cannot be worked with; the message says which part and what to do."""


def choose(where: str, value: str, choices) -> None:
    if value not in choices:
        raise LabRefusedError(f"{where}: {value!r} is none of {', '.join(choices)}")


def within(where: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise LabRefusedError(f"{where}: {value} is not within {low} to {high}")


def matching(where: str, value: str, form: str) -> None:
    """What is empty is left out, and is nobody's fault."""
    if value and not re.fullmatch(form, value):
        raise LabRefusedError(f"{where}: {value!r} does not match {form}")


@dataclass(frozen=True)
class TableConfig:
    """`label` holds a path with slashes. `frames` names a NumPy file [F, V]; `taxonomy` one of paths, a line each.

    `tokens`: 'characters', or 'words' that occur twice, all else in characters. `signals` are columns of numbers that
    only `retag` looks at, such as likes. `video` names a video, in the place of `frames`: `prepare` samples it and has
    the vision tower of `pack` embed it. `joined`: the texts are one, as the platform reads a content's; else each ends
    with a mark of its own.
    """

    file: str
    id: str
    text: list[str]
    label: str
    author: str = ""
    frames: str = ""
    video: str = ""
    taxonomy: str = ""
    depth_max: int = 3
    tokens: str = "characters"
    joined: bool = False
    signals: list[str] = field(default_factory=list)

    def __post_init__(self):
        for key in ("text", "signals"):
            if not isinstance(getattr(self, key), list):
                raise LabRefusedError(f"table.{key} must be a list of columns, such as [title]")
        choose("table.tokens", self.tokens, ("characters", "words"))
        if self.frames and self.video:
            raise LabRefusedError("table: frames are what a video becomes; name one of the two columns")


@dataclass(frozen=True)
class SplitConfig:
    """Held out: fold `fold` of `folds`; or, with `column`, the rows that say 'test'.

    `by` 'author' keeps an author on one side; 'item' does not, for figures of videos by authors who are known.
    """

    folds: int = 5
    fold: int = 0
    column: str = ""
    by: str = "author"

    def __post_init__(self):
        if self.folds < 2:
            raise LabRefusedError(f"split.folds: {self.folds} is below 2")
        choose("split.by", self.by, ("author", "item"))


@dataclass(frozen=True)
class ModelConfig:
    """`wide`: so many buckets for hashed 1- to 3-grams, whose logits are added to the leaves'; 0 is off. The backbone
    'grams' has nothing but such buckets, 65,536 unless said here.

    Of a clip with more than `frames_max` frames, so many are taken at even distances.
    """

    backbone: str = "single-stream"
    width: int = 128
    heads: int = 4
    layers: int = 2
    cross_layers: int = 3
    text_max: int = 96
    frames_max: int = 32
    dropout: float = 0.1
    wide: int = 0
    head: str = "coarse-fine"

    def __post_init__(self):
        if self.wide < 0:
            raise LabRefusedError(f"model.wide: {self.wide} is below 0")
        for key, least in (("width", 1), ("heads", 1), ("layers", 1), ("cross_layers", 1), ("text_max", 3)):
            within(f"model.{key}", getattr(self, key), least, 65_536)
        within("model.frames_max", self.frames_max, 1, 4096)
        if self.width % self.heads:
            raise LabRefusedError(f"model.heads: {self.heads} does not divide the width {self.width}")
        choose("model.backbone", self.backbone, BACKBONES)
        choose("model.head", self.head, HEADS)
        if self.wide and self.head != "coarse-fine":
            raise LabRefusedError(f"model: wide adds to the leaves of a coarse-fine head, and {self.head} has none")


@dataclass(frozen=True)
class VisionConfig:
    """A vision tower handed over: `checkpoint` is Chinese-CLIP's, whose tower then sees the table's videos itself.

    `layers`: so many of the tower's layers learn, from the top down, and what projects them; 0 none, -1 all. They learn
    at the share `rate` of train.rate, and of that at train.layer_rate a layer. `crop` 'centre': videos to train on lose
    what is beyond their middle square, rather than being squashed into one; others are squashed, as the platform does.
    """

    checkpoint: str = ""
    layers: int = 0
    rate: float = 0.1
    crop: str = "squash"

    def __post_init__(self):
        choose("vision.crop", self.crop, CROPS)
        if self.layers < -1:
            raise LabRefusedError(f"vision.layers: {self.layers} is below -1, which is all of them")
        if not 0 < self.rate <= 1:
            raise LabRefusedError(f"vision.rate: {self.rate} is not above 0 and up to 1")
        if self.layers and not self.checkpoint:
            raise LabRefusedError("vision.layers: name the checkpoint whose layers are to learn")


@dataclass(frozen=True)
class PretrainConfig:
    """`objectives` and their weights; left out: those that the table's modalities allow.

    `frames`: each batch draws one of these counts and takes so many frames of each clip, such as [10, 30], so that the
    model is pretrained on as many frames as it is tuned and used with; empty takes all.
    """

    steps: int = 0
    batch: int = 64
    rate: float = 1e-3
    objectives: dict[str, float] = field(default_factory=dict)
    frames: list[int] = field(default_factory=list)

    def __post_init__(self):
        if not isinstance(self.frames, list) or not all(isinstance(n, int) and n > 0 for n in self.frames):
            raise LabRefusedError(f"pretrain.frames: {self.frames} is not a list of counts from 1")


@dataclass(frozen=True)
class TrainConfig:
    """Every option is off at 0, and then costs nothing; `layer_rate` is off at 1.

    `hmc` belongs to the head 'levels', weighing the penalty where a child exceeds its parent; `swa` is the number of
    states, from the last quarter of the steps, whose mean is evaluated; `layer_rate` the share of its rate that each
    layer passes on to the one below; `metric` the weight of supervised contrast of the pooled vectors; without doubts,
    items whose label `doubts` found contradicted are not learnt from.
    """

    steps: int = 1000
    batch: int = 64
    rate: float = 1e-3
    coarse: float = 0.0
    mapping: float = 0.0
    hxe: float = 0.0
    hmc: float = 0.0
    smoothing: float = 0.0
    balance: float = 0.0
    r_drop: float = 0.0
    metric: float = 0.0
    ema: float = 0.0
    swa: int = 0
    fgm: float = 0.0
    pgd: float = 0.0
    layer_rate: float = 1.0
    without_doubts: bool = False

    def __post_init__(self):
        if self.hxe and (self.smoothing or self.balance):
            raise LabRefusedError("train: hxe replaces the loss that smoothing and balance belong to; choose one")
        if self.swa < 0:
            raise LabRefusedError(f"train.swa: {self.swa} is below 0")
        if not 0 < self.layer_rate <= 1:
            raise LabRefusedError(f"train.layer_rate: {self.layer_rate} is not above 0 and up to 1")

    def refuse_other_heads(self, head: str) -> None:
        """A loss of one head set beside another would be silently unused."""
        options_of = {
            "coarse-fine": ("coarse", "mapping", "hxe", "smoothing", "balance"),
            "levels": ("hmc",),
            "nodes": (),
        }
        for owner, names in options_of.items():
            strange = [name for name in names if getattr(self, name)] if owner != head else []
            if strange:
                raise LabRefusedError(f"train: {', '.join(strange)} belong to the head {owner}, not to {head}")


@dataclass(frozen=True)
class PriorConfig:
    """What an author usually publishes, added to the logits times `kappa`; 0 is off. `strength`: see AuthorPrior."""

    kappa: float = 0.0
    strength: float = 20.0

    def __post_init__(self):
        if self.kappa < 0 or not self.strength > 0:
            raise LabRefusedError(f"prior: kappa {self.kappa} must be 0 or more, strength {self.strength} above 0")


@dataclass(frozen=True)
class RetagConfig:
    """The head that corrects a trained tagger by posterior signals."""

    steps: int = 300
    batch: int = 64
    rate: float = 1e-3


@dataclass(frozen=True)
class DoubtsConfig:
    """An item is doubted where a tagger that has not learnt it gives its label less than `label_max` and another more
    than `other_min`; also where one does that was stopped after the share `early_stop` of its steps. `hard`: so many
    items of the smallest margin between the best two classes are listed too.
    """

    folds: int = 5
    label_max: float = field(default=0.1, metadata={"former": "own_max"})
    other_min: float = 0.8
    early_stop: float = 0.0
    hard: int = 0

    def __post_init__(self):
        if self.folds < 2:
            raise LabRefusedError(f"doubts.folds: {self.folds} is below 2")
        for name in ("label_max", "other_min", "early_stop"):
            within(f"doubts.{name}", getattr(self, name), 0, 1)


@dataclass(frozen=True)
class EnsembleConfig:
    """`members` are the YAML files of trained runs over the same prepared items; `linear`: linear models of characters
    join the product.
    """

    members: list[str] = field(default_factory=list)
    linear: bool = False

    def __post_init__(self):
        if not isinstance(self.members, list) or not all(isinstance(member, str) for member in self.members):
            raise LabRefusedError("ensemble.members must be a list of files")


@dataclass(frozen=True)
class KernelConfig:
    """`embeddings`: encoder → a NumPy archive of `ids` and `embeddings`, its embedding of every item's text.

    Their kernel counts `weight` times that of the grams and falls off with `sharpness`. `ridge` holds the fit back.
    `balance` 0 weighs all items alike, 1 all labels; `family` is the share of parent and best child in a node's score.
    `choose` finds weight, balance and family on the training side instead.
    """

    embeddings: dict[str, str] = field(default_factory=dict)
    weight: float = 1.0
    sharpness: float = 2.0
    ridge: float = 1.0
    balance: float = 0.25
    family: float = 0.5
    choose: bool = False

    def __post_init__(self):
        files = self.embeddings
        if not isinstance(files, dict) or not all(isinstance(x, str) and x for pair in files.items() for x in pair):
            raise LabRefusedError("kernel.embeddings must be a file by the name of each encoder")
        if not self.ridge > 0:
            raise LabRefusedError(f"kernel.ridge: {self.ridge} is not above 0")
        for name in ("weight", "sharpness", "balance", "family"):
            if not getattr(self, name) >= 0:
                raise LabRefusedError(f"kernel.{name}: {getattr(self, name)} is below 0")


@dataclass(frozen=True)
class DistillConfig:
    """`pool` is a table like `table.file`, without labels; the members of `ensemble` label it.

    `labels` 'teachers': their mean probabilities, softened by `temperature`. 'neighbours': the class that at least
    `votes` of the `nearest` training items agree on, where the nearest is no farther than all but the share `far` of
    training items have theirs; other items of the pool are left out.
    """

    pool: str = ""
    labels: str = "teachers"
    temperature: float = 4.0
    nearest: int = 10
    votes: int = 7
    far: float = 0.1
    steps: int = 1000
    batch: int = 64
    rate: float = 1e-3

    def __post_init__(self):
        choose("distill.labels", self.labels, ("teachers", "neighbours"))
        if not self.temperature > 0:
            raise LabRefusedError(f"distill.temperature: {self.temperature} is not above 0")
        within("distill.votes", self.votes, 1, self.nearest)
        within("distill.far", self.far, 0, 1)


@dataclass(frozen=True)
class PackConfig:
    """What `export` makes: `name`/`version` over the platform's vision tower `vision`, whose embeddings the run was
    trained on, with so many `frames` a video. `models` and `taxonomies` are the platform's folders.

    `taxonomy` is name/version: one that lies there is taken, else it is made of the labels. `error_max`: the share of
    published leaves that may be wrong.
    """

    name: str = ""
    version: str = "1.0.0"
    vision: str = "starter-vision/2.0.0"
    frames: int = 4
    taxonomy: str = ""
    facet: str = "subject"
    error_max: float = 0.1
    licence: str = "not stated"
    models: str = str(MODELS)
    taxonomies: str = str(TAXONOMIES)

    def __post_init__(self):
        for key, form in (("name", SLUG), ("version", VERSION), ("vision", f"{SLUG}/{VERSION}"), ("facet", SLUG)):
            matching(f"pack.{key}", getattr(self, key), form)
        matching("pack.taxonomy", self.taxonomy, f"{SLUG}/[1-9][0-9]*")
        within("pack.frames", self.frames, 1, 64)
        within("pack.error_max", self.error_max, 0, 1)

    @property
    def taxonomy_ref(self) -> str:
        return self.taxonomy or f"{self.name}/1"
