"""What a taxonomy says to a text tower: sentences for every leaf, in Chinese."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

from ..packs.refusal import ImportRefusedError

# Short and plain, stills and clips: for facets that bring no templates of their own.
TEMPLATES_ZH = ("{}", "{}的照片。", "一张{}的照片。", "一段{}的视频。", "视频里有{}。", "这是关于{}的短视频。")


@dataclass(frozen=True)
class FacetPrompts:
    id: str
    # Leaf id → its sentences, in the order of the file.
    leaves: dict[str, list[str]]


@dataclass(frozen=True)
class TaxonomyPrompts:
    # name/version
    ref: str
    facets: list[FacetPrompts]

    def digest(self) -> str:
        rows = [
            f"{facet.id}\t{leaf}\t{text}" for facet in self.facets for leaf, ts in facet.leaves.items() for text in ts
        ]
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def read_prompts(file: Path) -> TaxonomyPrompts:
    """The platform checks the whole file when it loads the pack; here only what prompts are made of is looked at."""
    remedy = "Correct the taxonomy; `reeltag` names every fault of it with its line"
    try:
        source = yaml.safe_load(file.read_text("utf8"))
        facets = [FacetPrompts(f["id"], _leaves(f)) for f in source["facets"]]
        ref = f"{source['name']}/{source['version']}"
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        cause = f"{file} is no taxonomy: {type(error).__name__} {error}"
        raise ImportRefusedError("TAXONOMY_INVALID", cause, remedy) from error
    for facet in facets:
        if len(facet.leaves) < 2:
            cause = f"facet {facet.id} of {file} has {len(facet.leaves)} leaves: there is nothing to choose"
            raise ImportRefusedError("TAXONOMY_INVALID", cause, "Give it two at least")
    return TaxonomyPrompts(ref, facets)


def _leaves(facet: dict) -> dict[str, list[str]]:
    templates = (facet.get("templates") or {}).get("zh") or TEMPLATES_ZH
    result: dict[str, list[str]] = {}

    def visit(node: dict) -> None:
        children = node.get("children") or []
        for child in children:
            visit(child)
        if not children:
            result[node["id"]] = sentences(node, templates)

    for node in facet["nodes"]:
        visit(node)
    return result


def sentences(node: dict, templates: tuple[str, ...] | list[str]) -> list[str]:
    """A node's own prompts, then every template with its name and its synonyms; each once."""
    prompts = (node.get("prompts") or {}).get("zh") or []
    words = [node["names"]["zh"], *((node.get("synonyms") or {}).get("zh") or [])]
    return list(dict.fromkeys([*prompts, *(t.replace("{}", word) for word in words for t in templates)]))
