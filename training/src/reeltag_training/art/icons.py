"""Finds, for every concept, its drawings in every style, and renders them to sprites.

Emoji packages are matched by code point through chars.json where it exists and by CLDR slug otherwise (noto-v1,
fluent, emojione and fxemoji ship an empty chars.json); interface icon sets are matched by the names in tree.yaml.
"""

import json
import re
import unicodedata
from functools import cache

import cv2
import numpy as np
import resvg_py

from ..paths import NODE_MODULES
from ..words.tree import cldr, hex_key
from .families import Style

SPRITE_SIZE = 128


@cache
def icon_set(package: str) -> dict:
    return json.loads((NODE_MODULES / "@iconify-json" / package / "icons.json").read_text("utf8"))


def slug(label: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", label) if not unicodedata.combining(c)).lower()
    plain = re.sub(r"[’'.“”\"!]", "", plain).replace("&", " and ")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@cache
def names_by_hex(package: str) -> dict[str, str]:
    """hex → icon name."""
    icons = icon_set(package)
    known = set(icons["icons"]) | set(icons.get("aliases", {}))
    chars = json.loads((NODE_MODULES / "@iconify-json" / package / "chars.json").read_text("utf8"))
    found = {hex_key(h): n for h, n in reversed(list(chars.items())) if n in known}
    squeezed = {n.replace("-", ""): n for n in known}
    for code, row in cldr("en").items():
        name = slug(row["label"])
        match = name if name in known else squeezed.get(name.replace("-", ""))
        if code not in found and match:
            found[code] = match
    for code, name in _unicode_names().items():
        match = name if name in known else squeezed.get(name.replace("-", ""))
        if code not in found and match and package == "fxemoji":
            found[code] = match
    return found


@cache
def _unicode_names() -> dict[str, str]:
    rows = json.loads((NODE_MODULES / "emojibase-data" / "meta" / "unicode-names.json").read_text("utf8"))
    return {hex_key(h): slug(n) for h, n in rows.items()}


def drawings(style: Style, hexes: tuple[str, ...], glyphs: tuple[str, ...]) -> list[str]:
    """Icon names that draw this concept in this style."""
    if not style.glyph:
        return list(dict.fromkeys(n for h in hexes if (n := names_by_hex(style.package).get(h))))
    known = icon_set(style.package)
    return [
        g + v for g in glyphs for v in style.variants if g + v in known["icons"] or g + v in known.get("aliases", {})
    ]


def svg(package: str, name: str) -> str:
    icons = icon_set(package)
    while name in icons.get("aliases", {}):
        name = icons["aliases"][name]["parent"]
    icon = icons["icons"][name]
    w, h = (icon.get(k, icons.get(k, 16)) for k in ("width", "height"))
    box = f"{icon.get('left', 0)} {icon.get('top', 0)} {w} {h}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{w}" height="{h}" viewBox="{box}" color="#222">{icon["body"]}</svg>'
    )


def render(package: str, name: str, side: int = SPRITE_SIZE) -> np.ndarray | None:
    """Premultiplied RGBA [side, side, 4], cropped to the drawing and centred; None for an empty drawing."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg(package, name), width=side * 5 // 4, height=side * 5 // 4))
    bgra = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    rgba = cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGBA).astype(np.float32)
    rgba[..., :3] *= rgba[..., 3:] / 255
    ys, xs = np.where(rgba[..., 3] > 8)
    if len(ys) < 20:
        return None
    crop = rgba[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    scale = side / max(crop.shape[:2])
    w, h = (max(1, round(n * scale)) for n in (crop.shape[1], crop.shape[0]))
    sprite = np.zeros((side, side, 4), np.uint8)
    y, x = (side - h) // 2, (side - w) // 2
    resized = cv2.resize(crop, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    sprite[y : y + h, x : x + w] = resized.clip(0, 255).round()
    return sprite
