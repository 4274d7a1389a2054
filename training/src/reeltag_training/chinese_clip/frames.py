"""Frames of real clips, to learn activation ranges from and to hold converted graphs to the original on.

N frames, S side
"""

from pathlib import Path

import cv2
import numpy as np

from ..packs.refusal import ImportRefusedError

_PER_CLIP = 4
FRAMES_MIN = 8


def clip_frames(folder: Path, side: int, count_max: int = 64) -> np.ndarray:
    """uint8 RGB [N, S, S, 3], squashed. @raises ImportRefusedError CALIBRATION_UNUSABLE"""
    import av

    frames = []
    for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if not file.is_file() or len(frames) >= count_max:
            continue
        try:
            with av.open(str(file)) as container:
                pictures = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
        except (av.error.FFmpegError, IndexError):
            continue
        chosen = np.linspace(0, len(pictures) - 1, min(_PER_CLIP, len(pictures))).astype(int) if pictures else []
        frames += [cv2.resize(pictures[i], (side, side), interpolation=cv2.INTER_AREA) for i in chosen]
    if len(frames) < FRAMES_MIN:
        cause = f"{folder} gives {len(frames)} frames, {FRAMES_MIN} are needed"
        raise ImportRefusedError(
            "CALIBRATION_UNUSABLE", cause, "Give --calibration a folder with a few videos or pictures"
        )
    return np.stack(frames[:count_max])
