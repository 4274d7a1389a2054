"""Reading a team's table, and cutting it in two."""

import csv
import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..options import LabRefusedError, SplitConfig, TableConfig
from .tokens import joined, trimmed


@dataclass(frozen=True)
class Item:
    """`frames` is a file of embeddings (while a table of videos is read, the video), empty where there is none;
    `held_out` by the split. A signal that is not known is None.
    """

    id: str
    texts: list[str]
    label: str
    author: str
    frames: str
    held_out: bool
    signals: list[float | None] = field(default_factory=list)


# Of videos by id, to train on or (True) held out: each one's file of frames; of those that cannot be used the reason.
Embed = Callable[[dict[str, Path], bool], tuple[dict[str, str], dict[str, str]]]


def read(
    table: TableConfig, split: SplitConfig, seed: int, embed: Embed | None = None
) -> tuple[list[Item], list[dict[str, str]]]:
    """The items, and what was skipped with the reason. Raises LabRefusedError where the table contradicts itself.

    `embed` makes frames of videos, where the table names videos.
    """
    allowed = _taxonomy(table)
    rows, seen = [], set()
    for number, row in enumerate(_rows(Path(table.file)), start=1):
        item = _item(row, number, table, split, seed)
        if item.id in seen:
            raise LabRefusedError(f"row {number}: {item.id!r} occurs twice; one row a video")
        seen.add(item.id)
        if allowed and item.label not in allowed:
            raise LabRefusedError(f"row {number}: label {item.label!r} is not in the taxonomy {table.taxonomy}")
        rows.append(item)
    return _usable(rows, embed, _fault)


def read_pool(
    file: Path, table: TableConfig, held_out: list[Item], frame_width: int, embed: Embed | None = None
) -> tuple[list[Item], list[dict[str, str]]]:
    """Items without labels, and what was skipped with the reason: also what would teach of the held-out side."""
    ids, authors = {item.id for item in held_out}, {item.author for item in held_out} - {""}
    rows, skipped = [], []
    for number, row in enumerate(_rows(file), start=1):
        _refuse_missing(row, number, table)
        item = Item(label="", held_out=False, **_content(row, table, file.parent))
        if item.id in ids or item.author in authors:
            reason = "held out" if item.id in ids else "its author is held out"
            skipped.append({"id": item.id, "reason": reason})
        else:
            rows.append(item)
    items, unusable = _usable(rows, embed, lambda item: _fault(item) or _other_width(item, frame_width))
    if not items:
        raise LabRefusedError(f"{file}: no item is left to learn from, {len(skipped) + len(unusable)} skipped")
    return items, skipped + unusable


def _usable(
    rows: list[Item], embed: Embed | None, fault_of: Callable[[Item], str]
) -> tuple[list[Item], list[dict[str, str]]]:
    """The items that can be learnt from, and the others with the reason."""
    files, faults = {}, {}
    for side in (False, True) if embed else ():
        done, unread = embed({i.id: Path(i.frames) for i in rows if i.frames and i.held_out is side}, side)
        files, faults = files | done, faults | unread
    if embed:
        rows = [replace(item, frames=files.get(item.id, "")) for item in rows]
    items, skipped = [], []
    for item in rows:
        fault = faults.get(item.id) or fault_of(item)
        if fault:
            skipped.append({"id": item.id, "reason": fault})
        else:
            items.append(item)
    return items, skipped


def _refuse_missing(row: dict[str, str], number: int, table: TableConfig, *more: str) -> None:
    wanted = [table.id, *table.text, *filter(None, (table.author, table.frames, table.video, *table.signals, *more))]
    missing = [name for name in wanted if row.get(name) is None]
    if missing:
        raise LabRefusedError(f"row {number}: no column {', '.join(missing)}; there are {', '.join(map(str, row))}")


def _content(row: dict[str, str], table: TableConfig, folder: Path) -> dict[str, Any]:
    texts = [row[name] for name in table.text]
    texts = [joined(texts)] if table.joined else [trimmed(text) for text in texts]
    shown = row.get(table.frames or table.video, "")
    return {
        "id": row[table.id],
        "texts": texts,
        "author": row[table.author] if table.author else "",
        "frames": str(folder / shown) if shown else "",
    }


def _item(row: dict[str, str], number: int, table: TableConfig, split: SplitConfig, seed: int) -> Item:
    _refuse_missing(row, number, table, table.label, split.column)
    label = "/".join(row[table.label].strip("/").split("/")[: table.depth_max])
    if not label:
        raise LabRefusedError(f"row {number}: no label")
    parts = label.split("/")
    if "~" in parts or not all(parts) or not label.isprintable():
        raise LabRefusedError(f"row {number}: the label {label!r} has a part that is empty, '~' or cannot be printed")
    content = _content(row, table, Path(table.file).parent)
    signals = [_signal(row[name], number, name) for name in table.signals]
    if split.column:
        held_out = row[split.column] == "test"
    else:
        held_out = fold_of(_apart(content, split.by), seed, split.folds) == split.fold
    return Item(label=label, held_out=held_out, signals=signals, **content)


def _apart(content: dict[str, Any], by: str) -> str:
    """What is on one side of the split only."""
    return content["id"] if by == "item" or not content["author"] else content["author"]


def _signal(given: str, number: int, name: str) -> float | None:
    if not given:
        return None
    try:
        signal = float(given)
    except ValueError:
        signal = math.nan
    if not math.isfinite(signal):
        raise LabRefusedError(f"row {number}: {given!r} in {name} is not a number")
    return signal


def at_level(path: str, level: int) -> str:
    """The node of that level above the label, or the label where it goes no deeper."""
    return "/".join(path.split("/")[:level])


def fold_of(key: str, seed: int, folds: int) -> int:
    """Depends on the key and the seed alone: rows may be added and moved."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{key}".encode()).digest()[:8], "big") % folds


def _fault(item: Item) -> str:
    if not any(item.texts) and not item.frames:
        return "neither text nor frames"
    if item.frames:
        try:
            frames = np.load(item.frames, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            return f"frames cannot be read: {error}"
        if frames.ndim != 2 or 0 in frames.shape or not np.isfinite(frames).all():
            return f"frames are not a table of finite numbers, but of shape {frames.shape}"
    return ""


def _other_width(item: Item, frame_width: int) -> str:
    width = np.load(item.frames, mmap_mode="r").shape[1] if item.frames else frame_width
    return "" if width == frame_width else f"frames of width {width}, not {frame_width}"


def refuse_bad_split(items: list[Item], table: TableConfig, split: SplitConfig, skipped: list[dict[str, str]]) -> None:
    """Raises LabRefusedError where a side has nothing, both have an author, or a class has nothing to learn from."""
    allowed, by = _taxonomy(table), split.by
    if not items:
        often = Counter(row["reason"] for row in skipped).most_common(1)
        why = f"all {len(skipped)} rows were skipped, such as for: {often[0][0]}" if often else "it has no rows"
        raise LabRefusedError(f"{table.file}: nothing is left to learn from, {why}")
    sides = {side: [item for item in items if item.held_out is side] for side in (False, True)}
    for side, name in ((False, "to train on"), (True, "held out")):
        if not sides[side]:
            raise LabRefusedError(f"no item is {name}; check split ({len(skipped)} rows were skipped)")
    both = {item.author for item in sides[False]} & {item.author for item in sides[True]} - {""}
    if both and by == "author":
        raise LabRefusedError(
            f"{len(both)} authors are on both sides of the split, such as {min(both)!r}; say `by: item` if they may be"
        )
    empty = sorted(allowed - set(Counter(item.label for item in sides[False])))
    if empty:
        raise LabRefusedError(f"classes without an item to train on: {', '.join(empty)}")


def _taxonomy(table: TableConfig) -> set[str]:
    if not table.taxonomy:
        return set()
    return {line.strip() for line in Path(table.taxonomy).read_text().splitlines() if line.strip()}


def _rows(file: Path) -> Iterator[dict[str, str]]:
    if not file.exists():
        raise LabRefusedError(f"{file} does not exist")
    if file.suffix == ".parquet":
        from pyarrow import parquet

        yield from (
            {k: "" if v is None else str(v) for k, v in row.items()} for row in parquet.read_table(file).to_pylist()
        )
        return
    quoting = {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if file.suffix == ".tsv" else {}
    # Spreadsheets put a mark before the first column's name.
    with file.open(newline="", encoding="utf-8-sig") as opened:
        try:
            yield from csv.DictReader(opened, **quoting)
        except UnicodeDecodeError as error:
            raise LabRefusedError(f"{file} is not UTF-8 ({error.reason}); save it as UTF-8") from error
