from collections import Counter

import numpy as np
import pytest

from reeltag_training.words.titles import _TEMPLATES, _VAGUE, MIX, TitleWriter, name

pytestmark = pytest.mark.art
COUNT = 4000


@pytest.fixture(scope="module", params=["train", "measure"])
def written(request):
    writer, rng = TitleWriter(request.param), np.random.default_rng(1)
    return [(leaf, writer.write(leaf, rng)) for leaf in rng.integers(0, 120, COUNT).tolist()]


def test_the_mix_is_the_pinned_one(written):
    assert MIX == {"exact": 0.24, "synonym": 0.16, "vague": 0.20, "two": 0.14, "wrong": 0.10, "missing": 0.16}
    found = Counter(title.kind for _, title in written)
    for kind, share in MIX.items():
        assert abs(found[kind] / COUNT - share) < 3.5 * np.sqrt(share * (1 - share) / COUNT)


def test_a_title_says_what_its_kind_promises(written):
    for leaf, title in written:
        names_it = any(name(leaf, language) in title.text for language in ("zh", "en"))
        assert names_it or title.kind not in ("exact", "two")
        assert (title.text == "") == (title.kind == "missing")


def test_the_same_seed_writes_the_same_title():
    writer = TitleWriter("train")
    assert [writer.write(3, np.random.default_rng(k)) for k in range(50)] == [
        writer.write(3, np.random.default_rng(k)) for k in range(50)
    ]


def test_no_wording_that_is_measured_was_trained_on():
    for table in (_TEMPLATES, _VAGUE):
        for language in ("zh", "en"):
            assert not set(table["train", language]) & set(table["measure", language])
