"""The starter pack's WordPiece vocabulary and tokenizer.json.

Chinese characters: the 3,755 of GB 2312 level 1 and whatever the corpus adds. English: every word of the corpus and of
CLDR, and pieces from which any ASCII word can be spelt.
"""

import re
from collections import Counter
from functools import cache

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from .titles import phrases
from .tree import cldr, leaves, synonyms, tree

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LENGTH_MAX = 48
_PIECES_MAX = 400


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _texts(language: str) -> list[str]:
    nodes = [n["names"][language] for g in tree() for n in (g, *g["children"])]
    leaf_names = [leaf.zh if language == "zh" else leaf.en for leaf in leaves()]
    tags = [t for row in cldr(language).values() for t in [row["label"], *(row.get("tags") or [])]]
    return nodes + leaf_names + [t for tags_ in synonyms(language) for t in tags_] + phrases(language) + tags


@cache
def vocabulary() -> list[str]:
    common = [
        bytes([row + 0xA0, cell + 0xA0]).decode("gb2312")
        for row in range(16, 56)
        for cell in range(1, 95)
        if (row, cell) <= (55, 89)
    ]
    han = sorted({c for t in _texts("zh") for c in t if _is_han(c)} | set(common))
    words = Counter(w for language in ("zh", "en") for t in _texts(language) for w in re.findall(r"[a-z]+", t.lower()))
    pieces = Counter(w[i : i + n] for w in words for n in (2, 3, 4) for i in range(1, len(w) - n + 1))
    tails = sorted(p for p, _ in sorted(pieces.items(), key=lambda x: (-x[1], x[0]))[:_PIECES_MAX])
    ascii_chars = [chr(c) for c in range(33, 127) if not chr(c).isupper()]
    marks = list("，。！？、：；“”‘’（）《》【】…—～·｜￥")
    letters = [c for c in ascii_chars if c.isalnum()]
    rows = [
        *SPECIALS,
        *ascii_chars,
        *marks,
        *("##" + c for c in letters),
        *han,
        *sorted(w for w in words if len(w) > 1),
    ]
    return list(dict.fromkeys([*rows, *("##" + t for t in tails)]))


def build_tokenizer() -> Tokenizer:
    tokens = {token: i for i, token in enumerate(vocabulary())}
    tokenizer = Tokenizer(models.WordPiece(vocab=tokens, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(s, tokens[s]) for s in ("[CLS]", "[SEP]")]
    )
    return tokenizer


def encode(tokenizer: Tokenizer, text: str) -> list[int]:
    """[CLS] ids [SEP], at most LENGTH_MAX long: what the platform's text encoder does."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids[: LENGTH_MAX - 2]
    return [SPECIALS.index("[CLS]"), *ids, SPECIALS.index("[SEP]")]
