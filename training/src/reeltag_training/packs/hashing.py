"""SHA-256 of files that are to be imported. No PyTorch here."""

from pathlib import Path

from .files import sha256
from .refusal import ImportRefusedError

AGAIN = "Download it again and compare its size and SHA-256 with the source's"


def sha256_of(file: Path) -> str:
    try:
        return sha256(file)
    except OSError as error:
        cause = f"{file} cannot be read: {error.strerror}"
        raise ImportRefusedError("CHECKPOINT_UNREADABLE", cause, "Check the path and its permissions") from error


def check_sha256(file: Path, expected: str | None) -> str:
    """@returns the file's own, for the record"""
    found = sha256_of(file)
    if expected is not None and found != expected.lower():
        cause = f"{file} has SHA-256 {found}, not {expected.lower()}"
        raise ImportRefusedError("CHECKPOINT_TAMPERED", cause, AGAIN)
    return found
