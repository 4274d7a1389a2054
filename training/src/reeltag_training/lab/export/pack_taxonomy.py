"""The taxonomy of a pack: one that is there already, or one made of the table's labels.

Labels are paths of names with slashes; nodes have ids, and names in two languages.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from pypinyin import lazy_pinyin

from ..data.prepared import STOPS_HERE
from ..options import LabRefusedError

FACET_NAMES = {"subject": {"zh": "主题", "en": "Subject"}}
OTHER = {"id": "other", "names": {"zh": "其他", "en": "Other"}}


def made_of(paths: list[str], ref: str, facet: str) -> tuple[dict, dict[str, str]]:
    """A taxonomy of the nodes `paths`, parents first, and the id of each. Ids are the labels in Latin letters; both
    names are the label, until somebody writes better ones into the file.
    """
    name, _, version = ref.partition("/")
    nodes: dict[str, dict] = {}
    taken: set[str] = set()
    top: list[dict] = []
    for path in paths:
        above, _, label = path.rpartition("/")
        found = OTHER if label == STOPS_HERE else {"id": _slug(label), "names": {"zh": label, "en": label}}
        node = {"id": _free_id(found["id"], nodes.get(above), taken), "names": dict(found["names"])}
        taken.add(node["id"])
        nodes[path] = node
        (nodes[above].setdefault("children", []) if above else top).append(node)
    names = FACET_NAMES.get(facet, {"zh": facet, "en": facet})
    facets = [{"id": facet, "kind": "single", "names": names, "nodes": top}]
    taxonomy = {"format": 1, "name": name, "version": int(version), "facets": facets}
    return taxonomy, {path: node["id"] for path, node in nodes.items()}


def _slug(label: str) -> str:
    words = re.findall(r"[a-z0-9]+", " ".join(lazy_pinyin(label)).lower())
    return "-".join(words) or "node"


def _free_id(wanted: str, parent: dict | None, taken: set[str]) -> str:
    """Ids are unique within a facet: one that is taken gets its parent's before it, then a number behind."""
    if wanted == OTHER["id"] or wanted in taken:
        wanted = f"{parent['id']}-{wanted}" if parent else wanted
    number, free = 2, wanted
    while free in taken:
        free, number = f"{wanted}-{number}", number + 1
    return free


def leaf_ids(taxonomy: dict, leaf_paths: list[str], facet: str, origin: Path | str) -> list[str]:
    """The leaf of each path, whose parts may be ids or names. Refused where the two have not the same leaves."""
    nodes = next((f["nodes"] for f in taxonomy["facets"] if f["id"] == facet), None)
    if nodes is None:
        raise LabRefusedError(f"{origin} has no facet {facet!r}; name one with pack.facet")
    found = [_find(nodes, path, origin) for path in leaf_paths]
    missing = sorted(set(_leaves(nodes)) - set(found))
    if missing:
        raise LabRefusedError(f"{origin}: no item to train on has the leaf {', '.join(missing[:5])}")
    return found


def _find(nodes: list[dict], path: str, origin: Path | str) -> str:
    node: dict = {"children": nodes}
    for part in path.split("/"):
        below = [n for n in node.get("children", []) if _is(n, part)]
        if len(below) != 1:
            which = f"{len(below)} nodes are" if below else "no node is"
            raise LabRefusedError(f"{origin}: {which} {part!r} of the label {path!r}, by id or by name")
        node = below[0]
    if node.get("children"):
        raise LabRefusedError(
            f"{origin}: the label {path!r} is no leaf there; items need a leaf, such as one for others"
        )
    return node["id"]


def _is(node: dict, part: str) -> bool:
    if part == STOPS_HERE:
        return node["id"] == OTHER["id"] or node["id"].endswith(f"-{OTHER['id']}")
    return part in (node["id"], *node["names"].values())


def _leaves(nodes: list[dict]) -> Iterator[str]:
    for node in nodes:
        if node.get("children"):
            yield from _leaves(node["children"])
        else:
            yield node["id"]


def read(file: Path) -> dict:
    """The platform checks the whole file when it loads the pack; here what labels are found by."""
    try:
        source = yaml.safe_load(file.read_text("utf8"))
        for facet in source["facets"]:
            _check(facet["nodes"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise LabRefusedError(f"{file} is no taxonomy: {type(error).__name__} {error}") from error
    return source


def _check(nodes: list[dict]) -> None:
    for node in nodes:
        texts = (node["id"], node["names"]["zh"], node["names"]["en"])
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise TypeError(f"the node {node['id']!r} needs an id and names in zh and en")
        _check(node.get("children") or [])


def written(taxonomy: dict) -> str:
    head = "# Made of a table's labels by `reeltag-train export`. Once a pack names it, a change needs a new version.\n"
    return head + yaml.dump(taxonomy, Dumper=_Quoting, allow_unicode=True, sort_keys=False, width=120)


class _Quoting(yaml.SafeDumper):
    """Quotes texts that a reader of another YAML version could take for something else, such as 1e3."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = re.fullmatch(r"[^\W\d_][\w -]*", text) and yaml.safe_load(text) == text
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Quoting.add_representer(str, _text)
