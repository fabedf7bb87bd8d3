"""The control sequences that switch the modes of the terminal on and off."""

REPORT_MOUSE = "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"

KITTY_FLAGS = 0b1 | 0b100 | 0b1000 | 0b10000
"""Of the kitty keyboard protocol: unambiguous escape codes, alternate keys, all keys as escape codes, their text."""

ASK_FOR_SYNCHRONIZED_OUTPUT = "\x1b[?2026$p"
ASK_FOR_SIZE_REPORTS = "\x1b[?2048$p"
REPORT_SIZES = "\x1b[?2048h"
REPORT_MOUSE_IN_PIXELS = "\x1b[?1016h"

RESET = (
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)
"""Switches off every mode that is switched on."""


def switch_on(mouse: bool, kitty_keys: bool, mode_requests: bool) -> str:
    """Return what switches on the alternate screen, the mouse, reports of focus and the kitty protocol.

    It hides the cursor, ends line wrap, marks pasted text, and with `mode_requests` asks for two modes. The alternate
    screen has its own stack of keyboard protocols, so it comes first.
    """
    return "".join(
        [
            "\x1b[?1049h",
            REPORT_MOUSE if mouse else "",
            "\x1b[?25l\x1b[?1004h",
            f"\x1b[>{KITTY_FLAGS}u" if kitty_keys else "",
            ASK_FOR_SYNCHRONIZED_OUTPUT + ASK_FOR_SIZE_REPORTS if mode_requests else "",
            "\x1b[?2004h\x1b[?7l",
        ]
    )
