"""Composes labelled scenes: one large subject, small distractors, clutter; still pictures and moving clips.

The subject takes 42–90 % of the frame and a distractor 28 % at most, else the label would be a guess.
`level` is the curriculum: 0 a centred subject on plain ground, 1 the full scene.
"""

from dataclasses import dataclass, replace

import numpy as np

from .canvas import Camera, Placement, busy_ground, paste, plain_ground, warp
from .restyle import restyle
from .sprites import SpriteBank


@dataclass(frozen=True)
class SceneConfig:
    side: int = 64
    # How far drawings are changed: 0 shows the art as it is (evaluation), 0.7 is what short training runs bear.
    restyle: float = 0.0
    warp: float = 0.0
    level: float = 1.0


# Short video is mostly portrait; the encoder sees it squashed to a square.
_SHAPES = ((1.0, 0.5625), (1.0, 1.0), (0.5625, 1.0))
_SHAPE_ODDS = (0.5, 0.35, 0.15)


@dataclass(frozen=True)
class _Prop:
    sprite: np.ndarray
    at: Placement
    drift: np.ndarray


def compose_picture(bank: SpriteBank, leaf: int, rng: np.random.Generator, config: SceneConfig) -> np.ndarray:
    """uint8 RGB [side, side, 3]."""
    level, side, squash = config.level, config.side, _shape(rng)
    image = busy_ground(side, rng) if rng.random() < level * (0.6 + 0.4 * level) else plain_ground(side, rng)
    props = _props(bank, rng, side, squash) if rng.random() < level else []
    cut = int(rng.integers(len(props) + 1))
    for prop in props[:cut]:
        paste(image, prop.sprite, prop.at)
    sprite, at = _subject(bank, leaf, rng, config, squash)
    paste(image, sprite, at)
    for prop in props[cut:]:
        paste(image, prop.sprite, prop.at)
    if rng.random() >= level:
        return image.clip(0, 255).astype(np.uint8)
    return Camera.draw(rng, level).shoot(image, rng)


def compose_clip(
    bank: SpriteBank, leaf: int, rng: np.random.Generator, config: SceneConfig, frame_count: int
) -> np.ndarray:
    """uint8 RGB [frames, side, side, 3]: the subject travels, turns and grows, the ground pans, props drift."""
    side, squash = config.side, _shape(rng)
    ground, props = busy_ground(side, rng), _props(bank, rng, side, squash)
    sprite, at = _subject(bank, leaf, rng, config, squash)
    travel, turn, growth = rng.normal(0, side * 0.08, 2), rng.normal(0, 0.25), rng.normal(0, 0.12)
    pan, camera = rng.normal(0, side * 0.05, 2), Camera.draw(rng)
    cut = int(rng.integers(len(props) + 1))
    frames = []
    for t in np.linspace(-1, 1, frame_count):
        image = np.roll(ground, (int(pan[1] * t), int(pan[0] * t)), (0, 1)).copy()
        moved = replace(
            at,
            x=at.x + travel[0] * t,
            y=at.y + travel[1] * t,
            size=at.size * np.exp(growth * t),
            angle=at.angle + turn * t,
        )
        for prop in props[:cut]:
            paste(image, prop.sprite, _drifted(prop, t))
        paste(image, sprite, moved)
        for prop in props[cut:]:
            paste(image, prop.sprite, _drifted(prop, t))
        frames.append(camera.shoot(image, rng))
    return np.stack(frames)


def _subject(
    bank: SpriteBank, leaf: int, rng: np.random.Generator, config: SceneConfig, squash: tuple[float, float]
) -> tuple[np.ndarray, Placement]:
    level, side = config.level, config.side
    # A squashed subject loses almost half of its height, so it starts wider, as a portrait clip is framed.
    size_min = 0.85 - (0.43 if min(squash) == 1 else 0.27) * level
    size = side * rng.uniform(size_min, 1 - 0.1 * level)
    sprite = bank.sprite(bank.subject(leaf, rng), size)
    if rng.random() < level:
        sprite = restyle(sprite, rng, config.restyle * level)
    if config.warp and rng.random() < 0.4:
        sprite = warp(sprite, rng, config.warp * level)
    x, y = (_within(side, size * axis * (0.48 - 0.13 * level), rng) for axis in squash)
    at = Placement(
        x=x,
        y=y,
        size=size,
        angle=rng.normal(0, 0.05 + 0.25 * level),
        shear=rng.normal(0, 0.12 * level),
        flip=rng.random() < 0.5,
        aspect=rng.uniform(1 - 0.2 * level, 1 + 0.2 * level),
        squash=squash,
    )
    return sprite, at


def _shape(rng: np.random.Generator) -> tuple[float, float]:
    return _SHAPES[int(rng.choice(3, p=_SHAPE_ODDS))]


def _within(side: int, margin: float, rng: np.random.Generator) -> float:
    return rng.uniform(min(margin, side / 2 - 1), max(side - margin, side / 2 + 1))


def _props(bank: SpriteBank, rng: np.random.Generator, side: int, squash: tuple[float, float]) -> list[_Prop]:
    props = []
    for _ in range(int(rng.integers(0, 5))):
        drawing = bank.distractor(rng)
        if drawing is None:
            continue
        size = side * rng.uniform(0.12, 0.28)
        x, y = rng.uniform(0, side, 2)
        at = Placement(x=x, y=y, size=size, angle=rng.normal(0, 0.4), flip=rng.random() < 0.5, squash=squash)
        props.append(_Prop(bank.sprite(drawing, size), at, rng.normal(0, side * 0.05, 2)))
    return props


def _drifted(prop: _Prop, t: float) -> Placement:
    return replace(prop.at, x=prop.at.x + prop.drift[0] * t, y=prop.at.y + prop.drift[1] * t)
