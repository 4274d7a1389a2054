"""The data card: what the corpus holds, counted from its own plan; a contact sheet; the counts of its classes."""

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from ..art.families import STYLES, style
from ..packs.files import write_whole
from ..words.tree import leaves
from . import plan as planning
from .film import draw_clip
from .make import bank_of, count, planned
from .motion import FACETS, labels
from .plan import Clip, plan
from .sides import Side, side
from .store import Settings

SHEET_CLIPS, SHEET_SIDE, GAP = 4, 80, 2


def write_sheet(folder: Path, settings: Settings) -> None:
    """A row a clip, a column a frame; the first clips of every side, one block under the other."""
    blocks = []
    for each in (side(name) for name in settings.sides):
        for clip in (plan(settings.seed, each, i) for i in range(min(SHEET_CLIPS, count(settings, each)))):
            frames = draw_clip(bank_of(each.role), clip, settings.seed, SHEET_SIDE)
            tiles = [np.pad(f, ((GAP, GAP), (GAP, GAP), (0, 0)), constant_values=255) for f in frames]
            blocks.append(np.concatenate([*tiles, _caption(clip, tiles[0].shape[0])], 1))
    _write_png(folder / "contact-sheet.png", np.concatenate(blocks))


def _caption(clip: Clip, height: int) -> np.ndarray:
    image = np.full((height, 330, 3), 255, np.uint8)
    lines = [
        f"{clip.side.name}: {leaves()[clip.leaf].id}",
        "motion: " + (", ".join(labels(clip.motion)) or "none"),
        f"title: {clip.title.kind}",
        "repost" if clip.index != clip.original else "",
    ]
    for i, line in enumerate(lines):
        cv2.putText(image, line, (6, 18 + 18 * i), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 1, cv2.LINE_AA)
    return image


def write_counts(folder: Path, clips: list[Clip]) -> None:
    """Bars of the training side's classes, from the most frequent to the rarest."""
    counts = sorted(Counter(clip.leaf for clip in clips).values(), reverse=True)
    counts += [0] * (len(leaves()) - len(counts))
    width, height = 5 * len(counts) + 70, 260
    image = np.full((height, width, 3), 255, np.uint8)
    for i, n in enumerate(counts):
        top = height - 30 - round((height - 60) * n / counts[0])
        cv2.rectangle(image, (55 + 5 * i, top), (58 + 5 * i, height - 30), (70, 110, 190), -1)
    for text, at in ((str(counts[0]), (8, 38)), ("0", (40, height - 28)), ("clips a class, train", (60, 18))):
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
    _write_png(folder / "counts.png", image)


def _write_png(file: Path, image: np.ndarray) -> None:
    write_whole(file, cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes())


def write_card(folder: Path, settings: Settings) -> None:
    write_sheet(folder, settings)
    parts = ["# Data card\n", _made(folder, settings), "## Sides\n", _TABLE_HEAD]
    for each in (side(name) for name in settings.sides):
        clips = list(planned(settings, each))
        parts.append(_side_row(each, clips))
        if each.name == "train":
            write_counts(folder, clips)
    parts += ["", _art(settings), _LIMITS]
    if "train" in settings.sides:
        parts.append("![Clips of each class](counts.png)\n")
    parts.append("![Contact sheet](contact-sheet.png)\n")
    write_whole(folder / "DATA-CARD.md", "\n".join(parts).encode())


_TABLE_HEAD = (
    "| side | clips | authors | days | smallest to largest class | labels wrong | reposts | title kinds "
    "| facets that move |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def _side_row(each: Side, clips: list[Clip]) -> str:
    counts = Counter(clip.leaf for clip in clips)
    kinds = Counter(clip.title.kind for clip in clips)
    wrong = f"{np.mean([c.given != c.leaf for c in clips]):.1%}" if each.labelled else "no labels"
    reposts = np.mean([c.original != c.index for c in clips])
    moving = np.mean([np.count_nonzero(c.motion) / len(FACETS) for c in clips])
    mix = ", ".join(f"{kind} {kinds[kind] / len(clips):.0%}" for kind in sorted(kinds))
    smallest = min(counts.get(leaf, 0) for leaf in range(len(leaves())))
    return (
        f"| {each.name} | {len(clips)} | {len({c.author for c in clips})} | {each.days[0]}–{each.days[1]} "
        f"| {smallest} to {max(counts.values())} | {wrong} | {reposts:.1%} | {mix} | {moving:.0%} |"
    )


def _made(folder: Path, settings: Settings) -> str:
    cost = folder / "cost.json"
    spent = json.loads(cost.read_text()) if cost.exists() else None
    drawn = (
        f"Drawing took {spent['ms_per_clip']} ms a clip with {spent['workers']} worker(s), over {spent['clips']} clips"
        ", starting and encoding included."
        if spent
        else "Nothing was drawn yet: this card is a preview."
    )
    return (
        f"Seed {settings.seed}, {settings.clips} training clips, {len(leaves())} classes, frames of {settings.side} "
        f"pixels. {drawn} Class odds of the training side fall by {planning.TAIL} from first to last; the other "
        "labelled sides are balanced.\n"
    )


def _art(settings: Settings) -> str:
    lines = ["## Art\n", "| side | families | licences |", "|---|---|---|"]
    for each in (side(name) for name in settings.sides):
        used = [s for s in STYLES if s.role == each.role]
        families = ", ".join(dict.fromkeys(s.family for s in used))
        lines.append(f"| {each.name} | {families} | {', '.join(sorted({style(s.package).licence for s in used}))} |")
    return "\n".join(lines) + "\n"


_LIMITS = """## Reading it

- The columns from `label_true` on are what only evaluation may read. `comments`, `likes` and `completion` come after
  publishing: a model that tags at publish time may not read them.
- Reposts share `duplicate_group`; none is on two sides. No author and no day is on two sides, but the pool has the
  authors and days of the training side.
- Motion: each facet goes either way with equal odds, and a clip's reversal is as likely as the clip. Score it as
  paired decisions (`corpus/motion.py`): a model that ignores the order of frames scores one half.
- `grid` is the mean and spread of colour in 4 × 4 cells a frame. It is no learnt embedding: it tells motion, and next
  to nothing of the subject. Embed `pixels` with a vision tower for that.
- Everything is composed of icons: figures on it compare models; they do not foretell accuracy on real video.
- The test side is drawn in share-alike art: never train on it.
"""
