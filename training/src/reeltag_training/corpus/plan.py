"""What a clip is, before anything is drawn. Clip i of a side depends on (seed, side, i) alone, never on the count."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from ..words.titles import Title, TitleWriter
from ..words.tree import leaves, level_indices
from . import words
from .motion import draw_states
from .sides import Side

# The largest class of the training side has so many times the clips of the smallest.
TAIL = 100
DUPLICATES = 0.06
# A repost follows its original by so many clips at most.
DUPLICATE_REACH = 50
AUTHORS_PER_TOPIC = 12
MAIN_TOPIC = 0.7
# Of the labels that are wrong, so many name a sibling: what a hurried annotator confuses.
NOISE_SIBLING = 0.7
_GOLDEN = (5**0.5 - 1) / 2
# Streams of randomness of one clip; the two of the picture are `scene` and `camera`.
_STREAMS = ("copy", "what", "who", "text", "scene", "camera", "after", "when")
Stream = Literal["copy", "what", "who", "text", "scene", "camera", "after", "when"]


@dataclass(frozen=True)
class Clip:
    """`leaf` is true; `given` is the label, wrong at the side's rate. `original` is `index` unless it is a repost."""

    side: Side
    index: int
    original: int
    id: str
    group: str
    leaf: int
    given: int
    also: tuple[int, ...]
    motion: tuple[int, ...]
    author: str
    minute: int
    title: Title
    ocr: str
    asr: str
    comments: tuple[str, ...]
    likes: int
    completion: float


def rng_of(seed: int, side: Side, index: int, stream: Stream) -> np.random.Generator:
    return np.random.default_rng((seed, side.number, index, _STREAMS.index(stream)))


def plan(seed: int, side: Side, index: int) -> Clip:
    original = original_of(seed, side, index)
    what = rng_of(seed, side, original, "what")
    leaf = leaf_of(seed, side, original)
    also = tuple(int(o) for o in what.integers(len(leaves()), size=int(what.integers(3))) if o != leaf)
    motion = draw_states(what)
    who, text, after = (rng_of(seed, side, index, s) for s in ("who", "text", "after"))
    title = _writer("train" if side.role == "train" else "measure").write(leaf, text)
    ocr, asr = words.ocr(leaf, text), words.asr(leaf, text)
    author, is_main = _author(seed, side, leaf, who)
    return Clip(
        side=side,
        index=index,
        original=original,
        id=_name(seed, side.name, index),
        group=_name(seed, side.name, original),
        leaf=leaf,
        given=_given(leaf, side.noise, who),
        also=also,
        motion=motion,
        author=author,
        minute=_minute(seed, side, index, original),
        title=title,
        ocr=ocr,
        asr=asr,
        comments=tuple(words.comments(leaf, after)),
        likes=int(after.lognormal(3 + is_main, 1.2)),
        # Viewers of a misleading title leave early; an author's own public stays.
        completion=round(float(after.beta(2 if title.kind == "wrong" else 4 + 2 * is_main, 4)), 3),
    )


def original_of(seed: int, side: Side, index: int) -> int:
    """Balanced sides have no reposts, so that their classes stay equal."""
    rng = rng_of(seed, side, index, "copy")
    if side.balanced or index == 0 or rng.random() >= DUPLICATES:
        return index
    earlier = index - 1 - int(rng.integers(min(index, DUPLICATE_REACH)))
    return original_of(seed, side, earlier)


def leaf_of(seed: int, side: Side, index: int) -> int:
    """A golden-ratio sequence through the odds: every count lies close to what its odds promise, however few clips."""
    order = _order(seed, side.number)
    if side.balanced:
        return int(order[index % len(order)])
    start = float(np.random.default_rng((seed, side.number, 1)).random())
    return int(order_of_frequency(seed)[np.searchsorted(_cumulated_odds(), (start + index * _GOLDEN) % 1, "right")])


def order_of_frequency(seed: int) -> np.ndarray:
    """Leaves from the most frequent to the rarest."""
    return _order(seed, 99)


def odds() -> np.ndarray:
    rank = np.arange(len(leaves())) / (len(leaves()) - 1)
    return TAIL**-rank / (TAIL**-rank).sum()


@cache
def _cumulated_odds() -> np.ndarray:
    return np.cumsum(odds())[:-1]


@cache
def _order(seed: int, number: int) -> np.ndarray:
    return np.random.default_rng((seed, number)).permutation(len(leaves()))


@cache
def _writer(split: Literal["train", "measure"]) -> TitleWriter:
    return TitleWriter(split)


def _author(seed: int, side: Side, leaf: int, rng: np.random.Generator) -> tuple[str, bool]:
    """Authors have one main topic, a subgroup of the tree, and differ in how much they publish."""
    topics = level_indices()[0]
    is_main = rng.random() < MAIN_TOPIC
    topic = int(topics[leaf]) if is_main else int(rng.integers(topics.max() + 1))
    rank = int(AUTHORS_PER_TOPIC * rng.random() ** 2)
    return "u" + _name(seed, f"{side.world}-author", topic * AUTHORS_PER_TOPIC + rank), topic == topics[leaf]


def _minute(seed: int, side: Side, index: int, original: int) -> int:
    """Since the first day; a repost comes after its original."""
    first, end = (day * 1440 for day in side.days)
    if index != original:
        first = _minute(seed, side, original, original)
    return int(rng_of(seed, side, index, "when").integers(first, end))


def _given(leaf: int, noise: float, rng: np.random.Generator) -> int:
    if rng.random() >= noise:
        return leaf
    topics = level_indices()[0]
    siblings = np.flatnonzero(topics == topics[leaf])
    siblings = siblings[siblings != leaf]
    if len(siblings) and rng.random() < NOISE_SIBLING:
        return int(siblings[int(rng.integers(len(siblings)))])
    return int((leaf + rng.integers(1, len(leaves()))) % len(leaves()))


def _name(seed: int, kind: str, index: int) -> str:
    """Names that reveal neither side nor order."""
    return hashlib.sha256(f"{seed}:{kind}:{index}".encode()).hexdigest()[:12]
