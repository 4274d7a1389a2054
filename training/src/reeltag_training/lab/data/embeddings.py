"""A file of what a pretrained encoder makes of the items' texts.

N items asked for, M items in the file, D width
"""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from ...packs.files import write_whole
from ..options import LabRefusedError
from .table import Item

# What NumPy raises of a file that is no archive, a broken one, one of pickles, or one without these two names.
UNREADABLE = (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error)


def read(encoder: str, file: Path, items: list[Item]) -> np.ndarray:
    """[N, D] in the order of the items, of a NumPy archive with `ids` [M] and `embeddings` [M, D]."""
    if not file.exists():
        raise LabRefusedError(f"kernel.embeddings: {encoder}: {file} does not exist; `reeltag-train encode` writes it")
    ids, embeddings_MD = _archive(file)
    number = {name: i for i, name in enumerate(ids.tolist())}
    if len(number) != len(ids):
        raise LabRefusedError(f"{file}: an id occurs twice in ids")
    missing = [item.id for item in items if item.id not in number]
    if missing:
        raise LabRefusedError(f"{file} has no embedding of {len(missing)} items, such as {missing[0]!r}; encode anew")
    return embeddings_MD[[number[item.id] for item in items]].astype(float)


def _archive(file: Path) -> tuple[np.ndarray, np.ndarray]:
    try:
        with np.load(file, allow_pickle=False) as opened:
            ids, embeddings_MD = opened["ids"], opened["embeddings"]
    except UNREADABLE as error:
        raise LabRefusedError(f"{file} is no NumPy archive of ids and embeddings: {error}") from error
    if ids.ndim != 1 or ids.dtype.kind != "U":
        raise LabRefusedError(f"{file}: ids must be a list of texts, not {ids.dtype} of shape {ids.shape}")
    if embeddings_MD.ndim != 2 or embeddings_MD.dtype.kind != "f" or 0 in embeddings_MD.shape:
        raise LabRefusedError(
            f"{file}: embeddings must be a table of numbers, not {embeddings_MD.dtype} of shape {embeddings_MD.shape}"
        )
    if len(ids) != len(embeddings_MD):
        raise LabRefusedError(f"{file}: {len(ids)} ids, but {len(embeddings_MD)} embeddings")
    if not np.isfinite(embeddings_MD).all():
        raise LabRefusedError(f"{file}: embeddings are not all finite")
    return ids, embeddings_MD


def write(file: Path, items: list[Item], embeddings_ND: np.ndarray) -> None:
    """Whole or not at all."""
    buffer = io.BytesIO()
    np.savez(buffer, ids=np.array([item.id for item in items]), embeddings=embeddings_ND.astype(np.float32))
    write_whole(file, buffer.getvalue())
