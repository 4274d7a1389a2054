"""Drawing primitives of a scene: ground, pasted sprites, the traces of a camera and a codec."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

cv2.setNumThreads(1)

_ZOOMS = (cv2.INTER_NEAREST, cv2.INTER_CUBIC, cv2.INTER_LINEAR)


@dataclass(frozen=True)
class Placement:
    """Centre and size in pixels, angle in radians."""

    x: float
    y: float
    size: float
    angle: float = 0.0
    shear: float = 0.0
    flip: bool = False
    aspect: float = 1.0
    # What squashing a portrait (1, 0.56) or landscape (0.56, 1) video to a square does to everything in it.
    squash: tuple[float, float] = (1.0, 1.0)


def paste(image: np.ndarray, sprite: np.ndarray, at: Placement) -> None:
    height, width, n = *image.shape[:2], sprite.shape[0]
    k = at.size / n
    cos, sin = math.cos(at.angle) * k, math.sin(at.angle) * k
    mirror = at.aspect * (-1 if at.flip else 1)
    matrix = np.array([[cos * mirror, -sin + at.shear * k, 0], [sin * mirror, cos, 0]], np.float32)
    matrix[:, :2] *= np.array(at.squash, np.float32)[:, None]
    reach = at.size * 0.8
    x0, x1 = max(0, int(at.x - reach)), min(width, int(at.x + reach) + 1)
    y0, y1 = max(0, int(at.y - reach)), min(height, int(at.y + reach) + 1)
    if x1 <= x0 or y1 <= y0:
        return
    matrix[:, 2] = np.array([at.x - x0, at.y - y0]) - matrix[:, :2].sum(1) * n / 2
    drawn = cv2.warpAffine(sprite, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR).astype(np.float32)
    window = image[y0:y1, x0:x1]
    window *= 1 - drawn[..., 3:] / 255
    window += drawn[..., :3]


def warp(sprite: np.ndarray, rng: np.random.Generator, amount: float) -> np.ndarray:
    """Bends the drawing a little, as another hand would."""
    n = sprite.shape[0]
    shift = cv2.resize(rng.normal(0, amount * n, (4, 4, 2)).astype(np.float32), (n, n), interpolation=cv2.INTER_CUBIC)
    ys, xs = np.mgrid[:n, :n].astype(np.float32)
    return cv2.remap(sprite, xs + shift[..., 0], ys + shift[..., 1], cv2.INTER_LINEAR)


def plain_ground(side: int, rng: np.random.Generator) -> np.ndarray:
    image = np.empty((side, side, 3), np.float32)
    image[:] = rng.uniform(150, 255, 3) if rng.random() < 0.7 else rng.uniform(0, 255, 3)
    return image


def busy_ground(side: int, rng: np.random.Generator) -> np.ndarray:
    first, second = rng.uniform(0, 255, 3), rng.uniform(0, 255, 3)
    if rng.random() < 0.35:
        first = second = np.full(3, rng.uniform(170, 255))
    kind = int(rng.integers(5))
    if kind == 0:
        image = np.empty((side, side, 3), np.float32)
        image[:] = first
    elif kind == 1:
        ramp = np.linspace(0, 1, side, dtype=np.float32)
        ramp = ramp[:, None, None] if rng.random() < 0.5 else ramp[None, :, None]
        image = (first * (1 - ramp) + second * ramp + np.zeros((side, side, 1))).astype(np.float32)
    else:
        n = int(rng.integers(2, 9))
        blotches = first + (second - first) * rng.random((n, n, 1)) + rng.normal(0, 25 if kind > 2 else 8, (n, n, 3))
        image = cv2.resize(blotches.astype(np.float32), (side, side), interpolation=_ZOOMS[int(rng.integers(3))])
    for _ in range(int(rng.integers(0, 4))):
        _scribble(image, rng)
    return image


def _scribble(image: np.ndarray, rng: np.random.Generator) -> None:
    side = image.shape[0]
    colour = tuple(float(c) for c in rng.uniform(0, 255, 3))
    x0, y0, x1, y1 = (int(v) for v in rng.integers(0, side, 4))
    thin = max(1, side // 64)
    if rng.random() < 0.5:
        cv2.line(image, (x0, y0), (x1, y1), colour, int(rng.integers(thin, 4 * thin)))
    else:
        cv2.circle(image, (x0, y0), int(rng.integers(2, side // 4)), colour, -1)


@dataclass(frozen=True)
class Camera:
    """What one camera and codec do to every frame of a clip."""

    zoom: float
    blur: float
    gain: float
    offset: float
    noise: float
    quality: int

    @staticmethod
    def draw(rng: np.random.Generator, strength: float = 1.0) -> "Camera":
        return Camera(
            zoom=rng.uniform(0.5, 1) if rng.random() < 0.5 * strength else 1.0,
            blur=rng.uniform(0.3, 1.1) if rng.random() < 0.3 * strength else 0.0,
            gain=rng.uniform(0.75, 1.15),
            offset=rng.uniform(-15, 15),
            noise=rng.uniform(0, 10),
            quality=int(rng.integers(20, 80)) if rng.random() < 0.6 else 0,
        )

    def shoot(self, image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        side = image.shape[0]
        if self.zoom < 1:
            n = max(24, int(side * self.zoom))
            small = cv2.resize(image, (n, n), interpolation=cv2.INTER_AREA)
            image = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)
        if self.blur:
            image = cv2.GaussianBlur(image, (0, 0), self.blur * side / 64)
        grain = rng.standard_normal((side, side, 1), np.float32) * self.noise
        out = (image * self.gain + grain + self.offset).clip(0, 255).astype(np.uint8)
        if self.quality:
            out = cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, self.quality])[1], cv2.IMREAD_COLOR)
        return out
