"""The commands and configs that README.md tells people to type: blocks are ```language name, the name for commands."""

import re

from reeltag_training.paths import TRAINING

FENCE = re.compile(r"^```(\S*) ?(\S*)\n(.*?)^```$", re.M | re.S)


def blocks(language: str, name: str = "") -> list[str]:
    found = FENCE.findall((TRAINING / "README.md").read_text("utf8"))
    return [text for its, called, text in found if (its, called) == (language, name)]


def commands(name: str) -> list[str]:
    """One a line, without what is remarked behind it."""
    (text,) = blocks("sh", name)
    return [line.split("  #")[0].strip() for line in text.splitlines()]


def config_with(key: str) -> str:
    """The first YAML that begins so."""
    text, *_ = (text for text in blocks("yaml") if text.startswith(key))
    return text
