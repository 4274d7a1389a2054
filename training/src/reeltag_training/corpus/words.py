"""What is read, heard and said about a clip besides its title: OCR, ASR, comments. With the errors of each."""

import numpy as np

from ..words.titles import CHINESE_SHARE, name
from ..words.tree import leaves, synonyms

OCR_SHARE, OCR_TELLS, OCR_ERROR = 0.35, 0.55, 0.08
ASR_SHARE, ASR_TELLS, ASR_ERROR = 0.45, 0.45, 0.12
COMMENT_TELLS = 0.35
COMMENTS_MAX = 4

_MARKS = {
    "zh": ("关注我", "未经允许禁止转载", "上集", "直播预告", "限时优惠"),
    "en": ("follow me", "part 1", "SALE", "LIVE"),
}
_SPOKEN = {
    "zh": ("大家好今天我们来聊聊{}", "你们看这个{}是不是很特别", "嗯就是这个{}我找了很久", "那个{}真的太好了吧"),
    "en": ("hi everyone today it is about {}", "so look at this {} right here", "um i finally found the {}"),
}
_FILLER = {
    "zh": ("大家好欢迎来到我的频道", "嗯然后呢我们接着看", "记得点赞关注加转发", "今天天气真不错啊"),
    "en": ("hello and welcome back", "um so yeah let us keep going", "do not forget to subscribe"),
}
_SAID = {
    "zh": ("好可爱的{}", "这{}哪里来的", "我也想要{}", "第一眼以为是{}", "{}！！"),
    "en": ("love the {}", "is that a {}?", "nice {}", "best {} today"),
}
_CHAT = {
    "zh": ("沙发", "哈哈哈", "已三连", "求更新", "路过", "支持一下"),
    "en": ("first", "lol", "more please", "nice one", "who is here in 2026"),
}


def ocr(leaf: int, rng: np.random.Generator) -> str:
    if rng.random() >= OCR_SHARE:
        return ""
    language = _language(rng)
    text = _called(leaf, language, rng) if rng.random() < OCR_TELLS else _pick(rng, _MARKS[language])
    return _garbled(text, OCR_ERROR, rng)


def asr(leaf: int, rng: np.random.Generator) -> str:
    if rng.random() >= ASR_SHARE:
        return ""
    language = _language(rng)
    tells = rng.random() < ASR_TELLS
    text = _pick(rng, (_SPOKEN if tells else _FILLER)[language])
    return _garbled(text.format(_called(leaf, language, rng)), ASR_ERROR, rng)


def comments(leaf: int, rng: np.random.Generator) -> list[str]:
    """Written after publishing, by people who saw the picture: they name the true subject, now and then another."""
    said = []
    for _ in range(int(rng.integers(COMMENTS_MAX + 1))):
        language = _language(rng)
        if rng.random() < COMMENT_TELLS:
            named = leaf if rng.random() < 0.9 else int(rng.integers(len(leaves())))
            said.append(_pick(rng, _SAID[language]).format(name(named, language)))
        else:
            said.append(_pick(rng, _CHAT[language]))
    return said


def _called(leaf: int, language: str, rng: np.random.Generator) -> str:
    others = synonyms(language)[leaf]
    return _pick(rng, others) if others and rng.random() < 0.3 else name(leaf, language)


def _garbled(text: str, error: float, rng: np.random.Generator) -> str:
    """Each character is lost or read twice with the given chance."""
    fate = rng.random(len(text))
    return "".join("" if f < error / 2 else c + c if f < error else c for c, f in zip(text, fate, strict=True))


def _language(rng: np.random.Generator) -> str:
    return "zh" if rng.random() < CHINESE_SHARE else "en"


def _pick(rng: np.random.Generator, items):
    return items[int(rng.integers(len(items)))]
