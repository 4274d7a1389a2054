"""A planned clip as a real video: H.264, 24 frames a second, two seconds."""

from fractions import Fraction
from pathlib import Path

import av

from ..art.sprites import SpriteBank
from .film import draw_clip
from .plan import Clip

RATE, FRAMES, SIDE = 24, 48, 256


def encode(file: Path, bank: SpriteBank, clip: Clip, seed: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"part-{file.name}")
    with av.open(str(part), "w", options={"movflags": "faststart"}) as out:
        stream = out.add_stream("libx264", rate=Fraction(RATE))
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "27", "threads": "1"}
        for image in draw_clip(bank, clip, seed, SIDE, FRAMES):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode())
    part.replace(file)
