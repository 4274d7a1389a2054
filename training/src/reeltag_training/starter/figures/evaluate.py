"""Measures the exported graphs on an art family, with video only, title only and both. No PyTorch here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...art.clips import ClipSet, compose_clips
from ...art.families import Role, packages
from ...packs.policy import Publish
from ...words.titles import TitleWriter
from .measure import Figures, figures
from .served import Served

Modality = Literal["both", "video", "text"]
MODALITIES: tuple[Modality, ...] = ("both", "video", "text")
COUNT = 1536
SEEDS: dict[Role, int] = {"calibrate": 101, "test": 102, "evaluate": 103}


@dataclass(frozen=True)
class EvaluationSet:
    clips: ClipSet
    titles: list[str]
    kinds: np.ndarray


def evaluation_set(role: Role, indices: range | np.ndarray = range(COUNT)) -> EvaluationSet:
    clips = compose_clips(packages(role), indices, SEEDS[role])
    writer = TitleWriter("measure")
    titles = [
        writer.write(int(y), np.random.default_rng((SEEDS[role], int(i), 7)))
        for i, y in zip(indices, clips.labels, strict=True)
    ]
    return EvaluationSet(clips, [t.text for t in titles], np.array([t.kind for t in titles]))


def rows_for(modality: Modality, items: EvaluationSet) -> np.ndarray:
    """Every item, except that a title alone needs a title."""
    has_title = np.array([bool(t) for t in items.titles])
    return np.flatnonzero(has_title) if modality == "text" else np.arange(len(items.titles))


def run(served: Served, items: EvaluationSet) -> dict[Modality, np.ndarray]:
    frames = served.frame_embeddings(items.clips.frames)
    return {m: served.logits(frames, items.titles, m) for m in MODALITIES}


def measure(
    logits: dict[Modality, np.ndarray],
    items: EvaluationSet,
    temperature: Mapping[str, float],
    publish: Mapping[str, Publish],
) -> dict[Modality, Figures]:
    result = {}
    for modality, rows in ((m, rows_for(m, items)) for m in MODALITIES):
        labels = items.clips.labels[rows]
        result[modality] = figures(logits[modality][rows], labels, temperature[modality], publish[modality])
    return result
