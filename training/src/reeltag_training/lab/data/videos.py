"""Frames of a table's videos, sampled and prepared as the platform does, through the vision tower of the pack.

F frames, S side of the tower's square, V width of its embedding
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from onnxruntime import InferenceSession
from PIL import Image
from tqdm import tqdm

from ...chinese_clip.graphs.towers import open_session
from ...packs.manifests import read_model
from ..config import LabConfig
from ..options import LabRefusedError
from .handed_over import tower_of
from .table import Embed

# What the platform takes: a tagger must not learn from what will never reach it.
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf"
PIXELS_MAX = 35_389_440


@dataclass(frozen=True)
class VisionTower:
    """`ref` is name/version, `digest` its graph's SHA-256."""

    ref: str
    digest: str
    side: int
    width: int
    session: InferenceSession

    @classmethod
    def load(cls, models: Path, ref: str) -> "VisionTower":
        """A model of the platform's, such as starter-vision/2.0.0."""
        try:
            model = read_model(models / ref)
            side, width = model.preprocessing["size"], model.outputs["embeddings"][-1]
            session = open_session(model.graph)
        # ONNX Runtime's errors have no common base but Exception.
        except Exception as error:
            raise LabRefusedError(f"pack.vision: {ref} cannot be read from {models}: {error}") from error
        return cls(ref, model.digest, side, width, session)

    def embed(self, frames_FSS3: np.ndarray) -> np.ndarray:
        """[F, V]"""
        return self.session.run(["embeddings"], {"frames": frames_FSS3})[0]


@dataclass(frozen=True)
class Pixels:
    """In the place of a tower, where the tagger has its own: a frame's embedding is its pixels."""

    side: int
    digest: str = "pixels"

    def embed(self, frames_FSS3: np.ndarray) -> np.ndarray:
        """[F, S · S · 3] uint8"""
        return frames_FSS3.reshape(len(frames_FSS3), -1)


def embedder(config: LabConfig) -> Embed | None:
    """What makes frames of the videos that a table names; None where it names none."""
    if not config.table.video:
        return None
    if config.vision.checkpoint:
        tower = Pixels(tower_of(config.vision.checkpoint).config.vision.resolution)
    else:
        tower = VisionTower.load(Path(config.pack.models), config.pack.vision)
    folder = Path(config.folder) / "frames"

    def embed(videos: dict[str, Path], held_out: bool) -> tuple[dict[str, str], dict[str, str]]:
        crop = "squash" if held_out else config.vision.crop
        return embed_videos(videos, tower, config.pack.frames, crop, folder)

    return embed


def embed_videos(
    videos: Mapping[str, Path], tower: VisionTower | Pixels, count: int, crop: str, folder: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """By id, the file [F, V] of each video's embeddings; and of those that cannot be used, the reason.

    A file that is there already is kept: an interrupted run goes on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, faults = {}, {}
    for key, video in tqdm(videos.items(), unit="video", disable=None):
        file = folder / f"{_digest(f'{tower.digest} {tower.side} {crop} {count}', video)}.npy"
        try:
            if not file.exists():
                _save(file, tower.embed(sample(video, count, tower.side, crop)))
            files[key] = str(file)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            faults[key] = f"video cannot be read: {getattr(error, 'strerror', None) or error}"
    return files, faults


def _digest(how: str, video: Path) -> str:
    """Of what the embeddings depend on; a video that was written anew is another one."""
    stat = video.stat() if video.exists() else None
    source = f"{how} {video} {stat and (stat.st_size, stat.st_mtime_ns)}"
    return hashlib.sha256(source.encode()).hexdigest()[:32]


def _save(file: Path, embeddings_FV: np.ndarray) -> None:
    staged = file.with_name(f".{file.stem}.{os.getpid()}.npy")
    np.save(staged, embeddings_FV)
    staged.rename(file)


def sample(video: Path, count: int, side: int, crop: str = "squash") -> np.ndarray:
    """uint8 RGB [F, S, S, 3]: the frames shown in the middle of `count` equal parts, made small by Pillow's bicubic.

    The platform takes the keyframe at or before each of these times where keyframes are close enough.
    """
    # A device or a pipe would be read for ever.
    if video.exists() and not video.is_file():
        raise ValueError("it is no regular file")
    with av.open(str(video), options={"format_whitelist": FORMATS, "protocol_whitelist": "file"}) as container:
        stream = next(iter(container.streams.video), None)
        if stream is None:
            raise ValueError("it has no pictures")
        if stream.width * stream.height > PIXELS_MAX:
            raise ValueError(f"{stream.width}×{stream.height} are more than {PIXELS_MAX} pixels")
        stream.thread_type = "AUTO"
        shown = list(_shown(container.decode(stream), _times(container, stream, count)))
    if not shown:
        raise ValueError("no frame of it can be decoded")
    return np.stack([_small(frame, side, crop) for frame in shown])


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


def _small(frame, side: int, crop: str) -> np.ndarray:
    upright = np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90) % 4)
    if crop == "centre":
        height, width = upright.shape[:2]
        short = min(height, width)
        top, left = (height - short) // 2, (width - short) // 2
        upright = upright[top : top + short, left : left + short]
    return np.asarray(Image.fromarray(np.ascontiguousarray(upright)).resize((side, side), Image.Resampling.BICUBIC))
