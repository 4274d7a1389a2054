"""Art families: which icon packages there are, who may learn from them, under which licence.

Variants of one drawing (fluent colour and flat, emojione and its monotone) are near-copies, so they stand or fall
together: a family is either trained on, held out for fusion and calibration, or used for evaluation only.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["train", "calibrate", "test", "evaluate"]


@dataclass(frozen=True)
class Style:
    """One npm icon package. `glyph` icons take the colour of the text and are matched by name, not by emoji."""

    package: str
    family: str
    role: Role
    licence: str
    credit: str
    glyph: bool = False
    # Suffixes of the drawings to use where a package has several weights of one icon.
    variants: tuple[str, ...] = ("",)


STYLES: tuple[Style, ...] = (
    Style("noto", "noto", "train", "Apache-2.0", "Noto Emoji, Google"),
    Style("noto-v1", "noto-v1", "train", "Apache-2.0", "Noto Emoji version 1, Google"),
    Style("emojione", "emojione", "train", "CC-BY-4.0", "EmojiOne 2, Emoji One"),
    Style("emojione-monotone", "emojione", "train", "CC-BY-4.0", "EmojiOne 2 monotone, Emoji One"),
    # The package says Apache-2.0; upstream licenses the code so and the drawings under CC BY 4.0.
    Style("fxemoji", "fxemoji", "train", "CC-BY-4.0", "FxEmojis, Mozilla Foundation"),
    Style("streamline-emojis", "streamline", "train", "CC-BY-4.0", "Streamline Emojis, Streamline"),
    Style("icon-park", "icon-park", "train", "Apache-2.0", "IconPark, ByteDance", glyph=True),
    Style(
        "mdi",
        "mdi",
        "train",
        "Apache-2.0",
        "Material Design Icons, Pictogrammers",
        glyph=True,
        variants=("", "-outline"),
    ),
    Style("ph", "phosphor", "train", "MIT", "Phosphor Icons", glyph=True, variants=("-duotone", "-fill", "")),
    Style("tabler", "tabler", "train", "MIT", "Tabler Icons, Paweł Kuna", glyph=True, variants=("", "-filled")),
    Style("fluent-emoji", "fluent", "calibrate", "MIT", "Fluent Emoji, Microsoft"),
    Style("fluent-emoji-flat", "fluent", "calibrate", "MIT", "Fluent Emoji Flat, Microsoft"),
    Style("twemoji", "twemoji", "test", "CC-BY-4.0", "Twemoji, Twitter"),
    # Share-alike: measured on, never learnt from.
    Style("openmoji", "openmoji", "evaluate", "CC-BY-SA-4.0", "OpenMoji"),
)

SHARE_ALIKE = frozenset({"CC-BY-SA-4.0", "CC-BY-SA-3.0"})


def packages(role: Role) -> list[str]:
    return [s.package for s in STYLES if s.role == role]


def style(package: str) -> Style:
    return next(s for s in STYLES if s.package == package)
