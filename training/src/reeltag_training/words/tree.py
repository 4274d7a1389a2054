"""The hand-written tree and what CLDR adds to it: synonyms in both languages."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from ..paths import NODE_MODULES

PROMPTS_ZH = ("一段关于{}的短视频", "画面里有{}", "{}")


@dataclass(frozen=True)
class Leaf:
    id: str
    path: tuple[str, ...]
    zh: str
    en: str
    hexes: tuple[str, ...]
    glyphs: tuple[str, ...]


@cache
def tree() -> list[dict]:
    return yaml.safe_load((Path(__file__).parent / "tree.yaml").read_text("utf8"))


@cache
def leaves() -> list[Leaf]:
    return [
        Leaf(
            leaf["id"],
            (group["id"], sub["id"], leaf["id"]),
            leaf["zh"],
            leaf["en"],
            tuple(str(leaf["hex"]).split()),
            tuple(leaf.get("glyphs", "").split()),
        )
        for group in tree()
        for sub in group["children"]
        for leaf in sub["children"]
    ]


@cache
def level_indices() -> tuple[np.ndarray, np.ndarray]:
    """For each leaf, the index of its subgroup and of its group."""
    columns = []
    for level in (1, 0):
        nodes = list(dict.fromkeys(leaf.path[level] for leaf in leaves()))
        columns.append(np.array([nodes.index(leaf.path[level]) for leaf in leaves()], np.int64))
    return columns[0], columns[1]


def hex_key(code: str) -> str:
    """One spelling of a code point sequence: lower case, no variation selector, no leading zeros."""
    return "-".join(p.lstrip("0") for p in code.lower().split("-") if p != "fe0f")


@cache
def cldr(language: str) -> dict[str, dict]:
    rows = json.loads((NODE_MODULES / "emojibase-data" / language / "data.json").read_text("utf8"))
    return {hex_key(row["hexcode"]): row for row in rows}


@cache
def synonyms(language: str) -> list[list[str]]:
    """Per leaf, the CLDR keywords that no other concept carries, that are no node's name, and that name the thing."""
    holders: dict[str, set[str]] = defaultdict(set)
    for code in cldr(language):
        for tag in _tags(language, code):
            holders[tag.lower()].add(code)
    names = {name.lower() for leaf in leaves() for name in (leaf.zh, leaf.en)}
    names |= {tag.lower() for tag in _left_out()[language]}
    names |= {n.lower() for g in tree() for node in (g, *g["children"]) for n in node["names"].values()}
    kept = []
    for leaf in leaves():
        tags = sorted({tag for code in leaf.hexes for tag in _tags(language, code)})
        alone = [tag for tag in tags if holders[tag.lower()] <= set(leaf.hexes)]
        kept.append([tag for tag in alone if tag.lower() not in names and _is_apt(language, tag)])
    return kept


@cache
def _left_out() -> dict[str, list[str]]:
    return yaml.safe_load((Path(__file__).parent / "synonyms_left_out.yaml").read_text("utf8"))


def _tags(language: str, code: str) -> list[str]:
    row = cldr(language).get(code)
    return [*(row.get("tags") or []), row["label"]] if row else []


def _is_apt(language: str, tag: str) -> bool:
    is_han = any("\u4e00" <= c <= "\u9fff" for c in tag)
    return is_han if language == "zh" else tag.isascii() and len(tag) > 2
