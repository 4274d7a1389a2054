"""The tokenizer equals the published one, in Python and as the platform serves it."""

import json
import random
import shutil
import subprocess

import pytest
from made_headlines import made_headlines

from reeltag_training.chinese_clip.tokens import build_tokenizer, encode, read_vocabulary
from reeltag_training.packs.refusal import ImportRefusedError
from reeltag_training.paths import REPO, TRAINING

VOCABULARY = TRAINING / "tests" / "data" / "chinese-bert-21128.txt"
SERVED = REPO / "libs/inference/dist/encoders/text-tokenizer.js"

GOLDEN = {
    "皮卡丘": [101, 4649, 1305, 687, 102],
    "一张 猫 的照片，OK！": [101, 671, 2476, 4344, 4638, 4212, 4275, 8024, 8270, 8013, 102],
    "": [101, 102],
}
PIECES = {
    "[CLS]猫": ["[", "cl", "##s", "]", "猫"],
    "Café ＡＢＣ": ["cafe", "ａ", "##ｂ", "##ｃ"],
    "“你好”": ['"', "你", "好", '"'],
    # Hangul falls into its letters when marks are taken off.
    "가": ["ᄀ", "##ᅡ"],
}
ODD = [
    "İstanbul ẞ ŐŐ ñandú",
    "a" * 199,
    "a" * 201,
    "tab\tand\u00a0nbsp\u3000wide\u200bzero\ufeffbom",
    "control\x01\x02 \ufffd\x00 end",
    "😀👍🏽 emoji 👨‍👩‍👧 ❤️",
    "한국어 日本語カタカナ ひらがな だ",
    "ⅷ ① ㎏ ﬁ … —— ‘单’ ’s",
    "don't e-mail: foo_bar@x.com #标签# $1,000.50 50%",
    "𠀀𪚥 ext B；〇々",
    "ĀÁǍÀ ế",
    "[MASK] [SEP] ##s",
]


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer(read_vocabulary(VOCABULARY))


@pytest.fixture(scope="module")
def reference():
    """transformers' pure Python BERT, after what the published evaluation does to a text."""
    import transformers

    bert = transformers.BertTokenizerLegacy(str(VOCABULARY), never_split=[])
    bert.wordpiece_tokenizer.max_input_chars_per_word = 200
    bert.basic_tokenizer.never_split = set()

    def ids(text: str) -> list[int]:
        text = text.lower().replace("“", '"').replace("”", '"')
        pieces = [
            piece for word in bert.basic_tokenizer.tokenize(text) for piece in bert.wordpiece_tokenizer.tokenize(word)
        ]
        return [101, *bert.convert_tokens_to_ids(pieces)[:50], 102]

    return ids


@pytest.fixture(scope="module")
def headlines() -> list[str]:
    return made_headlines(VOCABULARY.read_text("utf8").splitlines(), 10_000)


def test_golden_texts_have_golden_ids(tokenizer):
    assert {text: encode(tokenizer, text) for text in GOLDEN} == GOLDEN
    for text, pieces in PIECES.items():
        assert tokenizer.encode(text, add_special_tokens=False).tokens == pieces


def test_a_text_has_52_tokens_at_most_and_ends_in_sep(tokenizer):
    ids = encode(tokenizer, "猫" * 100)
    assert len(ids) == 52 and ids[0] == 101 and ids[-1] == 102


def test_every_headline_is_cut_as_the_reference_cuts_it(tokenizer, reference, headlines):
    assert [text for text in [*headlines, *ODD] if encode(tokenizer, text) != reference(text)] == []


def test_the_served_tokenizer_gives_the_same_ids(tokenizer, headlines, tmp_path):
    if shutil.which("node") is None or not SERVED.exists():
        why = "libs/inference is not compiled, or there is no node: npm run build"
        pytest.skip(why)
    tokenizer.save(str(tmp_path / "tokenizer.json"), pretty=False)
    rng = random.Random(0)
    mixed = ["".join(rng.sample("".join(headlines[i : i + 5]) + "aB 9,“”", 40)) for i in range(0, 2000, 5)]
    texts = [*GOLDEN, *PIECES, *ODD, *mixed, *headlines]
    script = TRAINING / "tests" / "served_tokenizer.mjs"
    given = "\n".join(json.dumps(text) for text in texts)
    run = subprocess.run(["node", str(script), str(tmp_path)], input=given, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    differing = [text for text, ids in zip(texts, found, strict=True) if ids != encode(tokenizer, text)]
    assert differing == []


def test_a_vocabulary_that_is_not_chinese_clips_is_refused(tmp_path):
    rows = VOCABULARY.read_text("utf8").split("\n")
    for spoilt in (rows[:-2], ["[UNK]", *rows[1:]], [*rows[:100], rows[101], rows[100], *rows[102:]]):
        (tmp_path / "vocab.txt").write_text("\n".join(spoilt), "utf8")
        with pytest.raises(ImportRefusedError) as refusal:
            read_vocabulary(tmp_path / "vocab.txt")
        assert refusal.value.code == "VOCABULARY_INVALID"
