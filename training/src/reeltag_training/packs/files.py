"""Files of packs: their digests, their parts, and writing them. No PyTorch here."""

import hashlib
import json
from pathlib import Path


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def tensor(name: str, dtype: str, *shape: int | str) -> dict:
    return {"name": name, "dtype": dtype, "shape": list(shape)}


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def write_json(file: Path, value: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json_text(value), "utf8")


def write_whole(file: Path, content: bytes) -> None:
    """Under its name once all of it is there: a full disk or a killed process leaves what was there before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


def parts_of(file: Path) -> list[Path]:
    """The graph and what lies beside it."""
    return [part for part in (file, file.with_name(file.name + ".data")) if part.exists()]
