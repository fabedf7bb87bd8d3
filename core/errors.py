"""The error that tells a user what they asked for cannot be done, and text that can be printed."""


class GradstepError(ValueError):
    """What the user asked for cannot be done.

    The message says what was asked for, where, and what would be right. It is written to be shown as it is.
    """

    def __init__(self, message: str) -> None:
        super().__init__(make_printable(message))


def make_printable(text: str) -> str:
    r"""Return the text with escapes for what cannot be printed, such as \x1b, or \xff for a byte that is not UTF-8."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each.isspace() else _escape(each) for each in text)


def _escape(character: str) -> str:
    code = ord(character)
    # Python reads the byte 0xff of a file's name as U+DCFF
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else character.encode("unicode_escape").decode()
