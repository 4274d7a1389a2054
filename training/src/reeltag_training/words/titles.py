"""Bilingual titles of a known kind. The mix is pinned: every figure of the model card depends on it.

Training and measuring use different templates and phrases, so that what is measured is not a memorised sentence.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .tree import cldr, leaves, synonyms

Kind = Literal["exact", "synonym", "vague", "two", "wrong", "missing"]
MIX: dict[Kind, float] = {"exact": 0.24, "synonym": 0.16, "vague": 0.20, "two": 0.14, "wrong": 0.10, "missing": 0.16}
CHINESE_SHARE = 0.7

_TEMPLATES = {
    ("train", "zh"): (
        "{}来了",
        "今天拍到了{}",
        "看看这个{}",
        "{}的一天",
        "你喜欢{}吗",
        "超好看的{}，快来看",
        "第一次见到{}",
        "{}合集",
        "教你画{}",
        "这个{}太绝了",
        "vlog｜{}",
        "我的{}",
        "{}",
        "关于{}你不知道的事",
        "分享一个{}",
        "#{} 日常",
        "谁能拒绝{}呢",
        "带你看{}",
        "今日份{}",
        "史上最美{}！",
        "一口气看完{}",
        "终于买到{}了",
        "{}小知识",
        "家里的{}",
        "偶遇{}",
    ),
    ("train", "en"): (
        "look at this {}",
        "my {} today",
        "{} compilation",
        "first time seeing a {}",
        "do you like {}?",
        "the best {} ever",
        "how to draw a {}",
        "vlog: {}",
        "{}",
        "a day with a {}",
        "{} facts",
        "#{}",
        "I found a {}",
        "who wants a {}",
        "{} time!",
    ),
    ("measure", "zh"): (
        "快看，{}！",
        "{}真好看",
        "周末的{}",
        "一分钟了解{}",
        "送你一个{}",
        "这就是{}吧",
        "{}分享",
        "原来{}是这样的",
    ),
    ("measure", "en"): (
        "what a {}",
        "this {} made my day",
        "all about the {}",
        "meet the {}",
        "{} of the week",
        "love this {}",
    ),
}
_VAGUE = {
    ("train", "zh"): (
        "太可爱了",
        "今天的日常",
        "家人们谁懂啊",
        "看到最后有惊喜",
        "随手拍",
        "记录美好生活",
        "哈哈哈哈笑死",
        "第{}天打卡",
        "点赞关注不迷路",
        "周末愉快",
        "这也太好玩了吧",
        "新手上路多多关照",
        "晚安",
        "分享日常",
        "今天心情不错",
        "不看后悔",
        "{}秒看完",
    ),
    ("train", "en"): (
        "so cool",
        "wait for it",
        "daily vlog",
        "you will not believe this",
        "part {}",
        "just for fun",
        "have a nice day",
        "new video",
        "like and follow",
        "number {} will surprise you",
        "good vibes only",
    ),
    ("measure", "zh"): ("绝了绝了", "一起来看看", "我的第{}条视频", "开心的一天", "求推荐", "这是什么"),
    ("measure", "en"): ("watch till the end", "episode {}", "nothing to say", "my weekend", "what is this"),
}
_JOIN = {"zh": ("{}和{}", "{}与{}", "{}、{}"), "en": ("{} and {}", "{} with a {}", "{}, {}")}


@dataclass(frozen=True)
class Title:
    text: str
    kind: Kind


class TitleWriter:
    def __init__(self, split: Literal["train", "measure"], mix: dict[Kind, float] = MIX):
        self.split, self.kinds, self.odds = split, list(mix), list(mix.values())
        self.synonyms = {language: synonyms(language) for language in ("zh", "en")}
        self.strangers = _strangers()

    def write(self, leaf: int, rng: np.random.Generator) -> Title:
        kind = self.kinds[int(rng.choice(len(self.kinds), p=self.odds))]
        language = "zh" if rng.random() < CHINESE_SHARE else "en"
        return Title(self._decorate(self._text(kind, leaf, language, rng), language, rng), kind)

    def _text(self, kind: Kind, leaf: int, language: str, rng: np.random.Generator) -> str:
        if kind == "missing":
            return ""
        if kind == "vague":
            return _pick(rng, _VAGUE[self.split, language]).format(int(rng.integers(2, 99)))
        template = _pick(rng, _TEMPLATES[self.split, language])
        if kind == "exact":
            return template.format(name(leaf, language))
        if kind == "synonym":
            return template.format(_pick(rng, self.synonyms[language][leaf] or [name(leaf, language)]))
        other = int((leaf + rng.integers(1, len(leaves()))) % len(leaves()))
        if kind == "wrong":
            return template.format(name(other, language))
        pair = (leaf, other) if rng.random() < 0.5 else (other, leaf)
        return template.format(_pick(rng, _JOIN[language]).format(*(name(x, language) for x in pair)))

    def _decorate(self, text: str, language: str, rng: np.random.Generator) -> str:
        """In training, some titles also carry a word outside the tree, so that unknown words weigh little."""
        if self.split == "measure" or not text or rng.random() < 0.6:
            return text
        stranger = _pick(rng, self.strangers[language])
        gap = "" if language == "zh" else " "
        return text + gap + stranger if rng.random() < 0.5 else stranger + gap + text


def name(leaf: int, language: str) -> str:
    return leaves()[leaf].zh if language == "zh" else leaves()[leaf].en


def _strangers() -> dict[str, list[str]]:
    """CLDR labels of concepts outside the tree that contain none of its names."""
    used = {h for leaf in leaves() for h in leaf.hexes}
    result = {}
    for language in ("zh", "en"):
        names = [name(i, language).lower() for i in range(len(leaves()))]
        labels = [
            row["label"] for h, row in cldr(language).items() if h not in used and row.get("group") not in (None, 2, 9)
        ]
        result[language] = sorted({x for x in labels if len(x) < 24 and not any(n in x.lower() for n in names)})
    return result


def phrases(language: str) -> list[str]:
    """Every fixed wording of one language, for the vocabulary."""
    return [t for table in (_TEMPLATES, _VAGUE) for (_, lang), rows in table.items() if lang == language for t in rows]


def _pick(rng: np.random.Generator, items):
    return items[int(rng.integers(len(items)))]
