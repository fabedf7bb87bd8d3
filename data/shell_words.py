"""Writes words such that a shell reads them as they are."""

import os
import shlex
from collections.abc import Iterable


def quote_word(word: str) -> str:
    """Quote a word for a shell if need be.

    Bytes that are not UTF-8, and what cannot be printed, are written as escapes, which bash, ksh and zsh read.
    """
    if word.isprintable():
        return shlex.quote(word)
    written = (each if each.isprintable() and each not in "'\\" else _escape(each) for each in word)
    return f"$'{''.join(written)}'"


def join_words(words: Iterable[str]) -> str:
    """Return a command line of these words."""
    return " ".join(map(quote_word, words))


def _escape(character: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(character))
