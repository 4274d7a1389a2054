"""Changes how one sprite is drawn, so that the encoder cannot lean on one artist's palette or line."""

import cv2
import numpy as np

_GREY = np.array([0.3, 0.59, 0.11], np.float32)
_SQUARE = np.ones((3, 3), np.uint8)


def restyle(sprite: np.ndarray, rng: np.random.Generator, strength: float) -> np.ndarray:
    """Premultiplied RGBA in and out. `strength` 0 leaves the art as it is."""
    if strength <= 0:
        return sprite
    alpha = sprite[..., 3:].astype(np.float32) / 255
    rgb = (sprite[..., :3] / np.maximum(alpha, 1e-3)).clip(0, 255)
    rgb = _recolour(rgb, rng)
    if rng.random() < strength * 0.5:
        rgb = _redraw(rgb, rng)
    if rng.random() < strength * 0.35:
        rgb = _outline(rgb, alpha[..., 0], rng)
    out = np.empty_like(sprite)
    out[..., :3] = (rgb * alpha).clip(0, 255)
    out[..., 3] = sprite[..., 3]
    return out


def _recolour(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    hue = rng.normal(0, 12) if rng.random() < 0.7 else rng.uniform(-90, 90)
    hsv = cv2.cvtColor(rgb.astype(np.uint8), cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + hue) % 180
    hsv[..., 1:] *= np.array([rng.uniform(0.4, 1.6), rng.uniform(0.7, 1.2)], np.float32)
    return cv2.cvtColor(hsv.clip(0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB).astype(np.float32)


def _redraw(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    grey = (rgb @ _GREY)[..., None]
    kind = int(rng.integers(5))
    if kind == 0:
        return np.repeat(grey, 3, 2)
    if kind == 1:
        steps = int(rng.integers(2, 5))
        return np.round(rgb / 255 * steps) / steps * 255
    if kind == 2:
        return rgb * 0.4 + rng.uniform(0, 255, 3).astype(np.float32) * 0.6
    if kind == 3:
        edges = cv2.morphologyEx(grey[..., 0].astype(np.uint8), cv2.MORPH_GRADIENT, _SQUARE).astype(np.float32)
        ink = (edges * rng.uniform(2, 5)).clip(0, 255) / 255
        paper = (
            np.full_like(rgb, 255 * rng.uniform(0.6, 1)) if rng.random() < 0.5 else cv2.blur(rgb, (9, 9)) * 0.5 + 127
        )
        return paper * (1 - ink[..., None])
    return 255 - rgb if rng.random() < 0.3 else (rgb / 255) ** rng.uniform(0.5, 2) * 255


def _outline(rgb: np.ndarray, alpha: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A dark contour, and often dark inner lines, as in outlined sticker art."""
    width = int(rng.integers(1, 3)) if rgb.shape[0] <= 64 else int(rng.integers(2, 5))
    inner = cv2.erode(alpha, np.ones((2 * width + 1, 2 * width + 1), np.uint8))[..., None]
    rgb = rgb * inner + (1 - inner) * rng.uniform(0, 60)
    if rng.random() < 0.7:
        smooth = cv2.medianBlur(rgb.clip(0, 255).astype(np.uint8), 3)
        edges = cv2.morphologyEx(cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY), cv2.MORPH_GRADIENT, _SQUARE)
        rgb = rgb * (1 - ((edges.astype(np.float32) - 25) / 60).clip(0, 1)[..., None])
    return rgb
