"""Every drawing of every concept, rendered once and kept in the cache as one array per style."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ..paths import CACHE, NODE_MODULES
from ..words.tree import cldr, leaves, tree
from .families import style
from .icons import SPRITE_SIZE, drawings, names_by_hex, render

DISTRACTOR_COUNT = 260
# Chance that a glyph style, once drawn, is drawn again: a quarter of the subjects stays monochrome.
GLYPHS_REDRAWN = 0.6
# CLDR groups without objects that could stand in a scene: smileys, components, symbols, flags.
_GROUPS_LEFT_OUT = {None, 0, 2, 8, 9}


@dataclass(frozen=True)
class StyleSprites:
    package: str
    # [n, 128, 128, 4] premultiplied RGBA, and for each row the leaf it draws (-1: a distractor).
    pixels: np.ndarray
    leaf: np.ndarray


def distractor_hexes() -> list[str]:
    """Concepts outside the tree, the same for every style."""
    used = {h for leaf in leaves() for h in leaf.hexes}
    rest = [h for h, row in cldr("en").items() if row.get("group") not in _GROUPS_LEFT_OUT and h not in used]
    rest = [h for h in rest if "-" not in h]
    return [rest[i] for i in np.random.default_rng(11).permutation(len(rest))[:DISTRACTOR_COUNT]]


def load_sprites(package: str) -> StyleSprites:
    file = CACHE / "sprites" / f"{package}-{_version(package)}.npz"
    if not file.exists():
        _render_style(package, file)
    with np.load(file) as stored:
        return StyleSprites(package, stored["pixels"], stored["leaf"])


def _version(package: str) -> str:
    """Changes with the package and with the tree, whose leaves the rows are numbered by."""
    manifest = NODE_MODULES / "@iconify-json" / package / "package.json"
    return hashlib.sha256(manifest.read_bytes() + json.dumps(tree()).encode()).hexdigest()[:12]


def _render_style(package: str, file: Path) -> None:
    wanted = [(n, i) for i, leaf in enumerate(leaves()) for n in drawings(style(package), leaf.hexes, leaf.glyphs)]
    if not style(package).glyph:
        names = names_by_hex(package)
        wanted += [(names[h], -1) for h in distractor_hexes() if h in names]
    rows = [(sprite, leaf) for name, leaf in wanted if (sprite := render(package, name)) is not None]
    file.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.stack([s for s, _ in rows])
    # Two may render it at once: what others find is whole.
    draft = file.with_name(f"{file.stem}.{os.getpid()}.draft.npz")
    np.savez(draft, pixels=pixels, leaf=np.array([leaf for _, leaf in rows], np.int64))
    draft.replace(file)


class SpriteBank:
    """Sprites of several styles, at three sizes, looked up by leaf."""

    def __init__(self, packages: list[str]):
        self.styles = [load_sprites(p) for p in packages]
        self.leaf_count = len(leaves())
        self._rows = [[np.flatnonzero(s.leaf == leaf) for leaf in range(self.leaf_count)] for s in self.styles]
        self._rest = [np.flatnonzero(s.leaf < 0) for s in self.styles]
        self._styles_of = [
            [k for k in range(len(self.styles)) if len(self._rows[k][leaf])] for leaf in range(self.leaf_count)
        ]
        self._with_rest = [k for k, rest in enumerate(self._rest) if len(rest)]
        self._scaled: dict[tuple[int, int, int], np.ndarray] = {}

    def subject(self, leaf: int, rng: np.random.Generator) -> tuple[int, int]:
        """(style, row) of one drawing of the leaf; interface glyphs are rarer, as they all look alike."""
        style_index = _pick(rng, self._styles_of[leaf])
        if style(self.styles[style_index].package).glyph and rng.random() < GLYPHS_REDRAWN:
            style_index = _pick(rng, self._styles_of[leaf])
        return style_index, int(_pick(rng, self._rows[style_index][leaf]))

    def distractor(self, rng: np.random.Generator) -> tuple[int, int] | None:
        """Anything: a concept outside the tree, or (two in five) a drawing of some other leaf."""
        if rng.random() < 0.4:
            return self.subject(int(rng.integers(self.leaf_count)), rng)
        if not self._with_rest:
            return None
        style_index = _pick(rng, self._with_rest)
        return style_index, int(_pick(rng, self._rest[style_index]))

    def sprite(self, drawing: tuple[int, int], size_wanted: float) -> np.ndarray:
        """The drawing at 128, 64 or 32 pixels, whichever is the least that is enough."""
        level = 0 if size_wanted > 80 else 1 if size_wanted > 40 else 2
        key = (*drawing, level)
        if key not in self._scaled:
            full = self.styles[drawing[0]].pixels[drawing[1]]
            side = SPRITE_SIZE >> level
            self._scaled[key] = cv2.resize(full, (side, side), interpolation=cv2.INTER_AREA) if level else full
        return self._scaled[key]


def _pick(rng: np.random.Generator, items):
    return items[int(rng.integers(len(items)))]
