"""How a text falls into tokens: characters, or the words of a segmenter (as WoBERT, Su 2020)."""

import logging
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

BLANKS = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))


def normalised(text: str) -> str:
    """One form of each character, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def trimmed(text: str) -> str:
    """Without what JavaScript, and so the platform, calls blank at either end: Python spares U+FEFF."""
    return text.strip(BLANKS)


def joined(texts: Iterable[str]) -> str:
    """As the platform joins the texts of a content."""
    return " ".join(filter(None, map(trimmed, texts)))


@cache
def words(text: str) -> list[str]:
    """Of the most likely path through the segmenter's dictionary; blanks separate words and are none.

    Remembered, for every epoch asks again and the path is dear.
    """
    # Only tables of words need it, and its dictionary takes a second to load.
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return [word for part in text.split() for word in jieba.cut(normalised(part), HMM=False)]


SPLITTERS: dict[str, Callable[[str], Iterable[str]]] = {"characters": normalised, "words": words}
