"""The checkpoint of Chinese-CLIP that is handed over to the lab."""

from functools import cache
from pathlib import Path

from ...chinese_clip.published.checkpoint import load_clip
from ...chinese_clip.towers.model import ChineseClip


@cache
def tower_of(checkpoint: str) -> ChineseClip:
    """Read once: a run asks for it several times. Whoever trains it takes a copy."""
    return load_clip(Path(checkpoint))[0]
