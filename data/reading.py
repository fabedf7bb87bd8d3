"""Reads whole files, with errors for people."""

from pathlib import Path

from core.errors import GradstepError


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; raises GradstepError with the path and the reason."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise GradstepError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        # ValueError: a path that no file can have
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise GradstepError(f"{path} cannot be read: {reason}") from None


def decoded(content: bytes, path: Path) -> str:
    """Return the text, without the byte order mark that some editors put in front; `path` is for the error."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GradstepError(f"{path} is not UTF-8 text: byte {error.start} is {content[error.start]:#04x}") from None
