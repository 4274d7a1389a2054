"""Draws a planned clip: a main subject that moves as planned, smaller ones, clutter that comes and goes, a camera.

All that moves without being a label moves either way with equal odds, so that a clip and its reversal are equally
likely. Motion is meant in the frame: the camera pans over the ground behind the subject, and shakes.

F frames, S side, G cells of the grid
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from ..art.canvas import Camera, Placement, busy_ground, paste
from ..art.sprites import SpriteBank
from .plan import Clip, rng_of

FRAMES = 8
GRID = 4


@dataclass(frozen=True)
class _Thing:
    """Something beside the main subject: it is seen from `since` until `until`, on a clock from -1 to 1."""

    sprite: np.ndarray
    at: Placement
    drift: np.ndarray
    since: float
    until: float


def draw_clip(bank: SpriteBank, clip: Clip, seed: int, side: int, frame_count: int = FRAMES) -> np.ndarray:
    """uint8 RGB [F, S, S, 3]. A repost is the original's scene through another camera, cropped."""
    scene, shot = (
        rng_of(seed, clip.side, index, stream) for index, stream in ((clip.original, "scene"), (clip.index, "camera"))
    )
    ground = busy_ground(side * 5 // 4, scene)
    things = [_smaller(bank, leaf, side, scene) for leaf in clip.also] + _clutter(bank, side, scene)
    sprite, at = _subject(bank, clip.leaf, side, scene)
    moves = _moves(clip.motion, scene)
    light = _light(clip.motion[-1], frame_count, scene)
    pan = scene.normal(0, side * 0.05, 2)
    behind = int(scene.integers(len(things) + 1))
    crop = float(shot.uniform(0.86, 0.96)) if clip.index != clip.original else 1.0
    camera, shake = Camera.draw(shot), shot.normal(0, side * 0.006, (frame_count, 2))
    frames = []
    for k, t in enumerate(np.linspace(-1, 1, frame_count)):
        image = _panned(ground, side, pan * t + shake[k])
        for thing in things[:behind]:
            _show(image, thing, t, shake[k])
        paste(image, sprite, _moved(at, moves, t, side, shake[k]))
        for thing in things[behind:]:
            _show(image, thing, t, shake[k])
        if crop < 1:
            image = cv2.getRectSubPix(image, (int(side * crop),) * 2, (side / 2, side / 2))
            image = cv2.resize(image, (side, side), interpolation=cv2.INTER_LINEAR)
        frames.append(camera.shoot(image * light[k], shot))
    return np.stack(frames)


def colour_grid(frames_FSS3: np.ndarray) -> np.ndarray:
    """float32 [F, G·G·6]: mean and spread of colour in each cell of the frame. Not a learnt embedding."""
    f, s = frames_FSS3.shape[:2]
    cell = s // GRID
    trimmed = frames_FSS3[:, : cell * GRID, : cell * GRID].astype(np.float32) / 255
    cells = trimmed.reshape(f, GRID, cell, GRID, cell, 3)
    return np.concatenate([cells.mean((2, 4)), cells.std((2, 4))], -1).reshape(f, -1)


def _subject(bank: SpriteBank, leaf: int, side: int, rng: np.random.Generator) -> tuple[np.ndarray, Placement]:
    size = side * rng.uniform(0.45, 0.65)
    x, y = rng.uniform(0.42, 0.58, 2) * side
    at = Placement(x, y, size, rng.normal(0, 0.15), rng.normal(0, 0.06), rng.random() < 0.5, rng.uniform(0.9, 1.1))
    return bank.sprite(bank.subject(leaf, rng), size), at


def _smaller(bank: SpriteBank, leaf: int, side: int, rng: np.random.Generator) -> _Thing:
    """A subject that is not the main one: there from the first frame to the last."""
    return _thing(bank, bank.subject(leaf, rng), side, rng, (0.2, 0.28), (-1.0, 1.0))


def _clutter(bank: SpriteBank, side: int, rng: np.random.Generator) -> list[_Thing]:
    found = [bank.distractor(rng) for _ in range(int(rng.integers(2, 6)))]
    return [
        _thing(bank, drawing, side, rng, (0.1, 0.22), tuple(sorted(rng.uniform(-1.6, 1.6, 2))))
        for drawing in found
        if drawing is not None
    ]


def _thing(bank: SpriteBank, drawing, side: int, rng: np.random.Generator, sizes, seen) -> _Thing:
    size = side * rng.uniform(*sizes)
    # Around the main subject rather than on it.
    angle, far = rng.uniform(0, 2 * np.pi), side * rng.uniform(0.36, 0.52)
    x, y = side / 2 + far * np.cos(angle), side / 2 + far * np.sin(angle)
    at = Placement(x, y, size, rng.normal(0, 0.4), flip=rng.random() < 0.5)
    return _Thing(bank.sprite(drawing, size), at, rng.normal(0, side * 0.06, 2), *seen)


def _moves(states: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """How far each facet goes from the middle of the clip to its end; and the power of its easing."""
    far = np.array([rng.uniform(0.12, 0.24), rng.uniform(0.12, 0.24), rng.uniform(0.35, 0.9), rng.uniform(0.2, 0.4)])
    return np.append(far * states[:4], rng.uniform(0.8, 1.4))


def _moved(at: Placement, moves: np.ndarray, t: float, side: int, shake: np.ndarray) -> Placement:
    s = np.sign(t) * abs(t) ** moves[4]
    return replace(
        at,
        x=at.x + moves[0] * side * s + shake[0],
        y=at.y + moves[1] * side * s + shake[1],
        angle=at.angle + moves[2] * s,
        size=at.size * float(np.exp(moves[3] * s)),
    )


def _light(state: int, frame_count: int, rng: np.random.Generator) -> np.ndarray:
    """Two events at two moments in the planned order; without an order, at times one of them alone."""
    light = np.ones(frame_count, np.float32)
    first, second = sorted(int(k) for k in rng.choice(np.arange(frame_count), 2, replace=False))
    alone = rng.random()
    if state:
        light[first], light[second] = (1.7, 0.3) if state > 0 else (0.3, 1.7)
    elif alone < 0.4:
        light[first if rng.random() < 0.5 else second] = 1.7 if alone < 0.2 else 0.3
    return light


def _panned(ground: np.ndarray, side: int, shift: np.ndarray) -> np.ndarray:
    centre = ground.shape[0] / 2 + shift
    return cv2.getRectSubPix(ground, (side, side), (float(centre[0]), float(centre[1])))


def _show(image: np.ndarray, thing: _Thing, t: float, shake: np.ndarray) -> None:
    if thing.since <= t <= thing.until:
        x, y = np.array([thing.at.x, thing.at.y]) + thing.drift * t + shake
        paste(image, thing.sprite, replace(thing.at, x=x, y=y))
