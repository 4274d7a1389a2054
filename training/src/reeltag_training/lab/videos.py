"""Frames of a table's videos, sampled and prepared as the platform does, through the vision tower of the pack.

F frames, S side of the tower's square, V width of its embedding
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
import numpy as np
from onnxruntime import InferenceSession
from PIL import Image
from tqdm import tqdm

from ..chinese_clip.graphs import open_session
from .config import LabConfig
from .options import LabRefusedError
from .table import Embed


@dataclass(frozen=True)
class VisionTower:
    ref: str
    side: int
    width: int
    session: InferenceSession

    @classmethod
    def load(cls, models: Path, ref: str) -> "VisionTower":
        """A model of the platform's, such as starter-vision/2.0.0."""
        file = models / ref / "manifest.json"
        try:
            manifest = json.loads(file.read_text("utf8"))
            side = manifest["preprocessing"]["size"]
            width = next(o["shape"][-1] for o in manifest["outputs"] if o["name"] == "embeddings")
            session = open_session(file.with_name(manifest["graph"]["file"]))
        # ONNX Runtime's errors have no common base but Exception.
        except Exception as error:
            raise LabRefusedError(f"pack.vision: {ref} cannot be read from {models}: {error}") from error
        return cls(ref, side, width, session)

    def embed(self, frames_FSS3: np.ndarray) -> np.ndarray:
        """[F, V]"""
        return self.session.run(["embeddings"], {"frames": frames_FSS3})[0]


def embedder(config: LabConfig) -> Embed | None:
    """What makes frames of the videos that a table names; None where it names none."""
    if not config.table.video:
        return None
    tower = VisionTower.load(Path(config.pack.models), config.pack.vision)
    return partial(embed_videos, tower=tower, count=config.pack.frames, folder=Path(config.folder) / "frames")


def embed_videos(
    videos: Mapping[str, Path], tower: VisionTower, count: int, folder: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """By id, the file [F, V] of each video's embeddings; and of those that cannot be used, the reason.

    A file that is there already is kept: an interrupted run goes on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, faults = {}, {}
    for key, video in tqdm(videos.items(), unit="video", disable=None):
        file = folder / f"{_digest(tower.ref, count, video)}.npy"
        try:
            if not file.exists():
                _save(file, tower.embed(sample(video, count, tower.side)))
            files[key] = str(file)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            faults[key] = f"video cannot be read: {error}"
    return files, faults


def _digest(ref: str, count: int, video: Path) -> str:
    """Of what the embeddings depend on; a video that was written anew is another one."""
    stat = video.stat() if video.exists() else None
    told = f"{ref} {count} {video} {stat and (stat.st_size, stat.st_mtime_ns)}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _save(file: Path, embeddings_FV: np.ndarray) -> None:
    staged = file.with_name(f".{file.stem}.{os.getpid()}.npy")
    np.save(staged, embeddings_FV.astype(np.float32))
    staged.rename(file)


def sample(video: Path, count: int, side: int) -> np.ndarray:
    """uint8 RGB [F, S, S, 3]: the frames shown in the middle of `count` equal parts, squashed by Pillow's bicubic.

    The platform takes the keyframe at or before each of these times where keyframes are close enough.
    """
    with av.open(str(video)) as container:
        stream = next(iter(container.streams.video), None)
        if stream is None:
            raise ValueError("it has no pictures")
        stream.thread_type = "AUTO"
        shown = list(_shown(container.decode(stream), _times(container, stream, count)))
    if not shown:
        raise ValueError("no frame of it can be decoded")
    return np.stack([_squashed(frame, side) for frame in shown])


def _times(container, stream, count: int) -> list[float]:
    if stream.duration is not None:
        seconds = float(stream.duration * stream.time_base)
    else:
        seconds = (container.duration or 0) / av.time_base
    start = float((stream.start_time or 0) * stream.time_base)
    return [start + (i + 0.5) * seconds / count for i in range(count)]


def _shown(frames: Iterable, times: list[float]) -> Iterator:
    """The last frame at or before each time, each frame once."""
    latest = None
    for frame in frames:
        passed = [t for t in times if latest is not None and frame.time is not None and frame.time > t]
        if passed:
            yield latest
            times = times[len(passed) :]
        if not times:
            return
        latest = frame
    if latest is not None:
        yield latest


def _squashed(frame, side: int) -> np.ndarray:
    upright = np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90) % 4)
    return np.asarray(Image.fromarray(np.ascontiguousarray(upright)).resize((side, side), Image.Resampling.BICUBIC))
