"""A corpus on disk. Shards of pictures are the unit of resumption: a shard is there whole or not at all.

FOLDER/<side>.tsv           the table, as `reeltag-train prepare` reads it
FOLDER/development.tsv      training and validation together, `split` saying test for the latter
FOLDER/pixels/<side>/NNNNN.npy   uint8 [clips, F, S, S, 3]
FOLDER/grids/<side>/NNNNN/<id>.npy   float32 [F, V], a clip each
FOLDER/clips/<side>/<id>.mp4     where asked
"""

import csv
import fcntl
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..packs.files import write_whole
from ..words.tree import leaves, tree
from .motion import labels
from .plan import Clip

SHARD = 128


class CorpusRefusedError(ValueError):
    """The folder or the options cannot be worked with; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """What a corpus depends on; a folder holds the corpus of one of these."""

    seed: int
    clips: int
    side: int
    sides: tuple[str, ...]
    mp4: int = 0


@contextmanager
def claimed(folder: Path, settings: Settings) -> Iterator[None]:
    """Refuses a folder in which another corpus was begun, or another run is at work."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CorpusRefusedError(f"another run is making {folder}: wait for it, or choose another folder") from None
        _refuse_other(folder / "settings.json", settings)
        yield


def _refuse_other(file: Path, settings: Settings) -> None:
    wanted = json.loads(json.dumps(asdict(settings) | {"tree": tree()}))
    if not file.exists():
        write_whole(file, json.dumps(wanted, ensure_ascii=False).encode())
        return
    begun = json.loads(file.read_text("utf8"))
    other = [key for key in wanted if wanted[key] != begun.get(key)]
    if other:
        raise CorpusRefusedError(f"{file.parent} holds a corpus with another {', '.join(other)}: choose another folder")


def pixels_file(folder: Path, side: str, shard: int) -> Path:
    return folder / "pixels" / side / f"{shard:05d}.npy"


def grid_file(side: str, clip: Clip) -> str:
    return f"grids/{side}/{clip.index // SHARD:05d}/{clip.id}.npy"


def mp4_file(side: str, clip: Clip) -> str:
    return f"clips/{side}/{clip.id}.mp4"


def save_array(file: Path, array: np.ndarray) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as opened:
        np.save(opened, array)
    part.replace(file)


def row(clip: Clip, mp4: int) -> dict[str, Any]:
    """`label` is what annotators gave, empty in the pool. The columns from `label_true` on are for evaluation only."""
    shown = {
        "id": clip.id,
        "published_minute": clip.minute,
        "author": clip.author,
        "title": clip.title.text,
        "ocr": clip.ocr,
        "asr": clip.asr,
        "label": "/".join(leaves()[clip.given].path) if clip.side.labelled else "",
        "split": "test" if clip.side.name in ("validate", "test") else "train",
        "grid": grid_file(clip.side.name, clip),
        "pixels": f"pixels/{clip.side.name}/{clip.index // SHARD:05d}.npy",
        "pixels_row": clip.index % SHARD,
        "mp4": mp4_file(clip.side.name, clip) if clip.index < mp4 else "",
    }
    later = {"comments": " / ".join(clip.comments), "likes": clip.likes, "completion": clip.completion}
    hidden = {
        "label_true": "/".join(leaves()[clip.leaf].path),
        "title_kind": clip.title.kind,
        "also": ";".join(leaves()[leaf].id for leaf in clip.also),
        "motion": ";".join(labels(clip.motion)),
        "duplicate_group": clip.group,
    }
    return shown | later | hidden


def write_table(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Tabs and quotes have no escape in the TSV that the lab reads, and no text of ours holds a tab."""
    part = file.with_name(f"{file.name}.part")
    with part.open("w", newline="", encoding="utf-8") as opened:
        writer = None
        for line in rows:
            writer = writer or csv.DictWriter(
                opened, list(line), delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n"
            )
            if opened.tell() == 0:
                writer.writeheader()
            writer.writerow(line)
    part.replace(file)
