"""How a text falls into tokens: characters, or the words of a segmenter (as WoBERT, Su 2020)."""

import logging
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache


def normalised(text: str) -> str:
    """One form of each character, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


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
