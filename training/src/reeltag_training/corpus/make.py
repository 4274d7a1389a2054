"""Makes a corpus, or goes on with one where it stopped."""

import json
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from ..art.families import packages
from ..art.sprites import SpriteBank
from ..packs.files import write_whole
from .film import colour_grid, draw_clip
from .mp4 import encode
from .plan import Clip, plan
from .sides import Side, side
from .store import SHARD, Settings, claimed, grid_file, mp4_file, pixels_file, row, save_array, write_table


def count(settings: Settings, of: Side) -> int:
    return max(1, round(settings.clips * of.share))


def planned(settings: Settings, of: Side) -> Iterator[Clip]:
    return (plan(settings.seed, of, i) for i in range(count(settings, of)))


def make(folder: Path, settings: Settings, workers: int, report: Callable[[int, int], None]) -> None:
    """`report` hears how many clips of all are drawn."""
    with claimed(folder, settings):
        _make(folder, settings, workers, report)


def _make(folder: Path, settings: Settings, workers: int, report: Callable[[int, int], None]) -> None:
    sides = [side(name) for name in settings.sides]
    for each in sides:
        write_table(folder / f"{each.name}.tsv", (row(c, settings.mp4) for c in planned(settings, each)))
    if {"train", "validate"} <= set(settings.sides):
        both = chain(planned(settings, side("train")), planned(settings, side("validate")))
        write_table(folder / "development.tsv", (row(c, settings.mp4) for c in both))
    total = sum(count(settings, each) for each in sides)
    jobs = [(folder, settings, each, s) for each in sides for s in range(-(-count(settings, each) // SHARD))]
    missing = [job for job in jobs if not pixels_file(folder, job[2].name, job[3]).exists()]
    done = total - sum(_size(job) for job in missing)
    report(done, total)
    began, drawn = time.perf_counter(), 0
    for size in _run(missing, workers):
        drawn += size
        report(done + drawn, total)
    if drawn:
        ms = 1000 * (time.perf_counter() - began) / drawn
        cost = {"clips": drawn, "ms_per_clip": round(ms, 2), "workers": workers}
        write_whole(folder / "cost.json", json.dumps(cost).encode())


def _run(jobs: list[tuple], workers: int) -> Iterator[int]:
    if workers < 2 or len(jobs) < 2:
        yield from map(_draw_shard, jobs)
        return
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap_unordered(_draw_shard, jobs)


def _size(job: tuple) -> int:
    _, settings, of, shard = job
    return min(SHARD, count(settings, of) - shard * SHARD)


def _draw_shard(job: tuple) -> int:
    """The pixels are saved last: they say that all of the shard is there."""
    folder, settings, of, shard = job
    bank, clips = bank_of(of.role), [plan(settings.seed, of, shard * SHARD + i) for i in range(_size(job))]
    drawn = [draw_clip(bank, clip, settings.seed, settings.side) for clip in clips]
    for clip, frames in zip(clips, drawn, strict=True):
        save_array(folder / grid_file(of.name, clip), colour_grid(frames))
        if clip.index < settings.mp4:
            encode(folder / mp4_file(of.name, clip), bank, clip, settings.seed)
    save_array(pixels_file(folder, of.name, shard), np.stack(drawn))
    return len(clips)


@cache
def bank_of(role: str) -> SpriteBank:
    return SpriteBank(packages(role))
