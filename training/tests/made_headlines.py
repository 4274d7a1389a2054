"""Headlines that nobody wrote: characters of the vocabulary by its own order, with what real ones are mixed with."""

import random

NAMES = ("NBA", "iPhone", "Café", "GDP", "Wi-Fi", "windows", "Ph.D", "e-mail", "COVID-19", "O2O")
NUMBERS = ("2011", "3.5", "50%", "1,000", "12:30", "-4℃", "第3", "2-1", "$8", "10万")
MARKS = ("：", "，", "、", "（图）", "“{}”", "《{}》", "‘{}’", "【{}】", " ", "!", "?", "…", "——", "·", "(组图)", '"{}"')


def made_headlines(vocabulary: list[str], count: int) -> list[str]:
    """The same every time. Each draws some characters from those that occur most, and some from everywhere."""
    rng = random.Random(0)
    characters = [token for token in vocabulary if len(token) == 1 and ord(token) > 0x2E7F]
    return [_headline(rng, characters) for _ in range(count)]


def _headline(rng: random.Random, characters: list[str]) -> str:
    parts = []
    for _ in range(rng.randint(2, 7)):
        kind = rng.random()
        if kind < 0.6:
            parts.append("".join(rng.choices(characters, k=rng.randint(1, 6))))
        elif kind < 0.75:
            parts.append(rng.choice(NAMES))
        elif kind < 0.9:
            parts.append(rng.choice(NUMBERS))
        else:
            # Outside of the vocabulary, now and then: ideographs beyond it, and other scripts.
            parts.append(chr(rng.choice((rng.randint(0x3400, 0x9FFF), rng.randint(0xA0, 0x24F)))))
        if rng.random() < 0.5:
            parts.append(rng.choice(MARKS).format("".join(rng.choices(characters, k=3))))
    return "".join(parts)
