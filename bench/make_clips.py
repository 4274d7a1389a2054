"""Makes the clips that are measured: H.264, moving shapes over a drifting gradient, a keyframe every two seconds.

usage: make_clips.py FOLDER WIDTH HEIGHT SECONDS COUNT
"""

import sys
from pathlib import Path

import av
import numpy as np

FPS = 25
GOP = 2 * FPS


def make(path: Path, width: int, height: int, seconds: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 256, (9, 5, 3), dtype=np.uint8)
    small = np.kron(base, np.ones((height // 9 + 1, width // 5 + 1, 1), dtype=np.uint8))[:height, :width]
    noise = rng.integers(0, 24, (height, width, 1), dtype=np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "26", "g": str(GOP), "keyint_min": str(GOP), "sc_threshold": "0"}
        for index in range(seconds * FPS):
            picture = np.roll(small, (index * 3, index * 5), (0, 1)) // 2 + np.roll(noise, index, 0)
            left = (index * 7 + seed * 31) % (width - 100)
            picture[height // 3 : height // 3 + 100, left : left + 100] = 255 - picture[height // 3 : height // 3 + 100, left : left + 100]
            frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


if __name__ == "__main__":
    folder, (width, height, seconds, count) = Path(sys.argv[1]), map(int, sys.argv[2:6])
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        target = folder / f"{width}x{height}-{seconds}s-{seed}.mp4"
        if not target.exists():
            make(target, width, height, seconds, seed)
            print(target.name, flush=True)
