"""Makes the sample clips: portrait H.264 from Fluent Emoji (MIT), art that the vision tower has not seen.

python -m reeltag_training.starter.samples [--check]   --check only asks the pack about the clips that are there
"""

import argparse
import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from ..art.canvas import Placement, paste
from ..art.icons import names_by_hex, render
from ..metrics.calibration import reaches, softmax
from ..packs.files import write_json
from ..packs.manifests import read_pack
from ..packs.policy import Facet
from ..paths import SAMPLES
from ..words.tree import leaves
from .figures.served import Served
from .pack import PACK_FOLDER

WIDTH, HEIGHT, RATE = 720, 1280, 24
PACKAGE = "fluent-emoji"


@dataclass(frozen=True)
class Sample:
    file: str
    leaf: str
    title: str
    title_en: str
    # Code points of the subject and of small things around it.
    subject: str
    props: tuple[str, ...]
    ground: tuple[tuple[int, int, int], tuple[int, int, int]]
    seconds: int
    seed: int


SAMPLES_MADE = (
    Sample(
        "panda.mp4",
        "panda",
        "周末去看大熊猫，太可爱了",
        "A weekend with the panda, too cute",
        "1f43c",
        ("1f343", "1f33f"),
        ((196, 232, 190), (120, 190, 130)),
        10,
        1,
    ),
    Sample(
        "steam-train.mp4",
        "steam-train",
        "偶遇一辆蒸汽火车",
        "Came across a steam train",
        "1f682",
        ("2601", "1f332"),
        ((170, 214, 245), (240, 226, 180)),
        8,
        2,
    ),
    Sample(
        "strawberry.mp4",
        "strawberry",
        "今天的草莓特别甜",
        "Today's strawberry is so sweet",
        "1f353",
        ("1f33f", "1f95b"),
        ((255, 236, 240), (250, 190, 200)),
        8,
        3,
    ),
    Sample(
        "guitar.mp4",
        "guitar",
        "随手拍",
        "Just a snapshot",
        "1f3b8",
        ("1f3b5", "1f3b6"),
        ((60, 50, 90), (140, 90, 150)),
        12,
        4,
    ),
)


def ground(sample: Sample, t: float) -> np.ndarray:
    """A soft gradient with two blurred discs that drift: [1280, 720, 3]."""
    ramp = np.linspace(0, 1, HEIGHT // 8, dtype=np.float32)[:, None, None]
    top, bottom = (np.array(c, np.float32) for c in sample.ground)
    small = top * (1 - ramp) + bottom * ramp + np.zeros((1, WIDTH // 8, 1), np.float32)
    for k in range(2):
        centre = (
            int(WIDTH / 8 * (0.3 + 0.4 * k) + 12 * math.sin(t * 5 + k)),
            int(HEIGHT / 8 * (0.25 + 0.5 * k) + 10 * math.cos(t * 4 + k)),
        )
        cv2.circle(small, centre, 26, tuple(float(v) for v in (top if k else bottom)), -1)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), 6), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def frames(sample: Sample):
    rng = np.random.default_rng(sample.seed)
    subject, *props = (render(PACKAGE, names_by_hex(PACKAGE)[code], 512) for code in (sample.subject, *sample.props))
    places = [
        (rng.uniform(0.1, 0.9), y + rng.uniform(-0.03, 0.03), rng.uniform(0.8, 1.2)) for y in (0.08, 0.2, 0.82, 0.93)
    ]
    count = sample.seconds * RATE
    for i in range(count):
        t = i / count
        image = ground(sample, t)
        for k, (x, y, size) in enumerate(places):
            drift = 60 * math.sin(2 * math.pi * t + k)
            paste(
                image,
                props[k % len(props)],
                Placement(x * WIDTH + drift, y * HEIGHT, 120 * size, 0.2 * math.sin(6 * t + k)),
            )
        bob = 40 * abs(math.sin(3 * math.pi * t))
        at = Placement(
            WIDTH * (0.5 + 0.1 * math.sin(2 * math.pi * t)),
            HEIGHT * 0.5 - bob,
            520 * (1 + 0.1 * t),
            0.12 * math.sin(4 * math.pi * t),
        )
        paste(image, subject, at)
        yield image.clip(0, 255).astype(np.uint8)


def encode_clip(sample: Sample, file: Path) -> None:
    with av.open(str(file), "w", options={"movflags": "faststart"}) as out:
        stream = out.add_stream("libx264", rate=Fraction(RATE))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "slow", "crf": "27", "g": str(RATE * 2), "threads": "1"}
        for image in frames(sample):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode())


def look(file: Path, count: int = 4, side: int = 96) -> np.ndarray:
    """`count` evenly spaced frames squashed to a square by swscale's bicubic filter."""
    with av.open(str(file)) as clip:
        stream = clip.streams.video[0]
        wanted = [int((k + 0.5) * stream.frames / count) for k in range(count)]
        picked = [f for i, f in enumerate(clip.decode(stream)) if i in wanted]
        return np.stack(
            [f.to_ndarray(format="rgb24", width=side, height=side, interpolation="BICUBIC") for f in picked]
        )


def check(served: Served, facet: Facet) -> None:
    paths = {leaf.id: "/".join(leaf.path) for leaf in leaves()}
    ids = list(paths)
    for sample in SAMPLES_MADE:
        embedded = served.frame_embeddings(look(SAMPLES / sample.file)[None])
        for modality in ("both", "video"):
            p = softmax(served.logits(embedded, [sample.title], modality) / facet.temperature[modality])[0]
            best = int(p.argmax())
            decision = "published" if reaches(p[best], facet.publish[modality]) else "review"
            print(
                f"{sample.file} {modality}: {paths[ids[best]]} {p[best]:.2f} {decision} (expected {paths[sample.leaf]})"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    SAMPLES.mkdir(exist_ok=True)
    paths = {leaf.id: "/".join(leaf.path) for leaf in leaves()}
    if not options.check:
        for sample in SAMPLES_MADE:
            encode_clip(sample, SAMPLES / sample.file)
            print(f"{sample.file}: {(SAMPLES / sample.file).stat().st_size / 1000:.0f} kB")
        rows = [{"file": s.file, "title": s.title, "titleEn": s.title_en, "path": paths[s.leaf]} for s in SAMPLES_MADE]
        write_json(SAMPLES / "samples.json", rows)
    check(Served.load(), read_pack(PACK_FOLDER).facets["subject"])


if __name__ == "__main__":
    main()
