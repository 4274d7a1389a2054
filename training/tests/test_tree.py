import re
from collections import Counter

import pytest
import yaml

from reeltag_training.starter.pack import TAXONOMY_FILE, taxonomy
from reeltag_training.words.tree import cldr, leaves, synonyms, tree

# Characters that only traditional writing has, of those likely in these names.
TRADITIONAL = set("個們這顏與車馬鳥魚門電風國學體點龍龜雞貓豬機船帳傘鋼爐輪鐵鐘鑰腦樂禮聖誕節燈")
TRADITIONAL -= set("船")


def nodes():
    for group in tree():
        yield group["id"], group["names"]
        for sub in group["children"]:
            yield sub["id"], sub["names"]
            for leaf in sub["children"]:
                yield leaf["id"], {"zh": leaf["zh"], "en": leaf["en"]}


def test_every_path_has_three_levels_and_205_end_in_a_leaf():
    assert all(len(leaf.path) == 3 for leaf in leaves())
    assert len(leaves()) == 205


def test_ids_are_slugs_used_once():
    ids = [node_id for node_id, _ in nodes()]
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i) for i in ids)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_nodes_share_a_name(language):
    names = Counter(names[language].lower() for _, names in nodes())
    assert [name for name, n in names.items() if n > 1] == []


def test_chinese_names_are_chinese_and_simplified():
    for node_id, names in nodes():
        assert any("\u4e00" <= c <= "\u9fff" for c in names["zh"]), node_id
        assert not set(names["zh"]) & TRADITIONAL, node_id
        assert names["en"].isascii(), node_id


def test_no_code_point_draws_two_leaves():
    hexes = Counter(h for leaf in leaves() for h in leaf.hexes)
    assert [h for h, n in hexes.items() if n > 1] == []


@pytest.mark.art
def test_every_code_point_is_in_cldr():
    assert [h for leaf in leaves() for h in leaf.hexes if h not in cldr("en") or h not in cldr("zh")] == []


@pytest.mark.art
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_synonym_points_at_one_leaf_and_is_no_nodes_name(language):
    tags = Counter(tag.lower() for row in synonyms(language) for tag in row)
    assert [tag for tag, n in tags.items() if n > 1] == []
    assert not set(tags) & {names[language].lower() for _, names in nodes()}


@pytest.mark.art
def test_the_committed_taxonomy_is_the_one_that_the_tree_makes():
    assert yaml.safe_load(TAXONOMY_FILE.read_text("utf8")) == taxonomy()
