"""SHA-256 of files too large to hold. No PyTorch here."""

import hashlib
from pathlib import Path

from .refusal import ImportRefusedError

AGAIN = "Download it again and compare its size and SHA-256 with the source's"


def sha256_of(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as error:
        cause = f"{file} cannot be read: {error.strerror}"
        raise ImportRefusedError("CHECKPOINT_UNREADABLE", cause, "Check the path and its permissions") from error
    return digest.hexdigest()


def check_sha256(file: Path, expected: str | None) -> str:
    """@returns the file's own, for the record"""
    found = sha256_of(file)
    if expected is not None and found != expected.lower():
        cause = f"{file} has SHA-256 {found}, not {expected.lower()}"
        raise ImportRefusedError("CHECKPOINT_TAMPERED", cause, AGAIN)
    return found
