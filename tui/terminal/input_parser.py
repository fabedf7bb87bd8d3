"""Turns the characters that the terminal sends into keys, mouse events and answers, however they are split.

A connection can tear a sequence: its first character, escape, then looks like the escape key, and the rest like keys.
"""

import re
from collections.abc import Callable, Iterator
from time import monotonic

from textual import events, messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import IS_ITERM, XTermParser
from textual.constants import ESCAPE_DELAY, SMOOTH_SCROLL
from textual.keys import Keys
from textual.message import Message

from gradstep.tui.terminal.keyboard_layout import find_us_character

ESCAPE = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"

SECONDS_TO_ESCAPE_KEY = 2 * ESCAPE_DELAY
"""Seconds after which an escape that nothing follows is the escape key; 0.2 unless ESCDELAY is set."""

SECONDS_TO_LATE_ESCAPE_KEY = 0.6
"""The same where the escape more likely begins the answer of a terminal; on a slow connection one is often due."""

SECONDS_TO_REST = 3.0
"""Seconds to wait for the next character of a sequence that has begun."""

SECONDS_TO_KEY, SECONDS_TO_KEYS = 0.5, 1.0
"""Seconds to wait for the next character after one, or several, that can be keys as well."""

SECONDS_AFTER_ESCAPE_KEY = 3.0
"""Seconds after an escape in which what completes it to an answer of the terminal presses no key."""

LONGEST = 256
"""The most characters of a sequence. A string that never ends must not swallow the keys that follow."""

SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[M[^\x1b]{3}"  # the mouse, in the oldest form
    r"|\[\[[A-E]"  # function keys of the Linux console
    r"|\[(?!M)[0-?]*[ -/]*[@-Z\\-~]"
    r"|O[ -~]"
    r"|\][0-9][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|[P_][0-9>!$+G][^\x1b]*\x1b\\"
    r")"
)
"""A whole sequence: CSI, SS3, OSC, DCS or APC."""

BEGUN = re.compile(
    r"\x1b(?:\[(?:M[^\x1b]{0,2}|\[|[0-?]*[ -/]*)|O|\](?:[0-9][^\x07\x1b]*\x1b?)?|[P_](?:[0-9>!$+G][^\x1b]*\x1b?)?)?"
)
"""The beginning of a sequence, to its end; a lone escape as well."""

ANSWER = re.compile(r"\x1b(?:\[[?>=<]?[0-9;:-]+\$?[A-Za-z~]|\[[IO]|\][0-9].*|[P_].*)", re.DOTALL)
"""What only a terminal sends: nobody types it after the escape key."""

CURSOR_POSITION = re.compile(r"\x1b\[(\d+);(\d+)R")
MODE = re.compile(r"\x1b\[\?(\d+);(\d)\$y")
SIZE = re.compile(r"\x1b\[48;(\d+)[\d:]*;(\d+)[\d:]*;(\d+)[\d:]*;(\d+)[\d:]*t")
MOUSE = re.compile(r"\x1b\[(?:<?[-\d;]+[mM]|M...)", re.DOTALL)
KITTY_KEY = re.compile(r"\x1b\[(\d+)(?::(\d*))?(?::(\d*))?(?:;(\d*)(?::\d*)?)?(?:;([\d:]*))?u")
SHIFT = 1


class InputParser:
    """Parses what the terminal sends. `expects_answer` says whether an answer of the terminal is due.

    An escape that nothing follows is the escape key, but later if an answer is due, or if the terminal has shown that
    it speaks the kitty protocol, in which the key is longer. What no terminal sends as a key, and is no known answer,
    presses no key.
    """

    def __init__(
        self, expects_answer: Callable[[], bool] = lambda: False, clock: Callable[[], float] = monotonic
    ) -> None:
        self._expects_answer, self._clock = expects_answer, clock
        self._keys = XTermParser()
        self._text = ""
        """What has come and is not parsed yet."""
        self._torn = False
        """Whether the escape at the beginning of the text has been taken for the escape key already."""
        self._escape_key_at: float | None = None
        self._came_at = 0.0
        self._pasting = self._speaks_kitty = False

    def feed(self, text: str) -> Iterator[Message]:
        """Parse more characters."""
        if not text:
            return
        self._came_at = self._clock()
        self._text += text
        yield from self._parse()

    def seconds_left(self) -> float | None:
        """Return the seconds after which `tick` must be called; None if nothing is kept."""
        return max(0.0, self._came_at + self._patience() - self._clock()) if self._text and not self._pasting else None

    def tick(self) -> Iterator[Message]:
        """Parse what is kept as it is, if the rest has not come for too long."""
        if self.seconds_left() == 0.0:
            yield from self._give_up_waiting()
            yield from self._parse()

    def _patience(self) -> float:
        if self._text == ESCAPE:
            late = self._speaks_kitty or self._expects_answer()
            return SECONDS_TO_LATE_ESCAPE_KEY if late else SECONDS_TO_ESCAPE_KEY
        if self._torn:
            return SECONDS_TO_KEY if len(self._text) == 2 else SECONDS_TO_KEYS
        return SECONDS_TO_REST

    def _parse(self) -> Iterator[Message]:
        while self._text:
            if self._pasting:
                pasted, end, rest = self._text.partition(PASTE_ENDS)
                if not end:
                    return
                self._pasting, self._text = False, rest
                yield events.Paste(pasted.replace("\x00", ""))
                continue
            self._join_torn()
            if self._text[0] != ESCAPE:
                yield from self._press(self._take(1))
            elif whole := SEQUENCE.match(self._text):
                yield from self._act_on(whole[0])
            elif not (begun := BEGUN.match(self._text)) or begun.end() == len(self._text) <= LONGEST:
                return
            else:
                yield from self._break_off(begun[0])

    def _join_torn(self) -> None:
        """Put the escape back that was taken for the escape key, if what follows can be the rest of its sequence."""
        at, self._escape_key_at = self._escape_key_at, None
        if at is not None and self._clock() - at < SECONDS_AFTER_ESCAPE_KEY and self._text[0] in "[]P_":
            self._text, self._torn = ESCAPE + self._text, True

    def _act_on(self, sequence: str) -> Iterator[Message]:
        """Take a whole sequence; one whose escape was a key already counts only if nobody can have typed it."""
        torn, self._torn = self._torn, False
        if torn and not ANSWER.fullmatch(sequence):
            self._text = self._text[1:]
            yield from self._press(self._take(1))
            return
        self._take(len(sequence))
        yield from self._read_sequence(sequence)

    def _break_off(self, begun: str) -> Iterator[Message]:
        """Take the beginning of a sequence that what follows does not go on."""
        torn, self._torn = self._torn, False
        if torn:
            self._text = self._text[1:]
            yield from self._press(self._take(1))
        elif begun == ESCAPE:
            # a key typed soon after the escape key, and not the same key with alt, which does nothing here
            self._take(1)
            yield events.Key("escape", ESCAPE)
        else:
            self._take(len(begun) - begun.endswith(ESCAPE) if len(begun) > 1 else 1)

    def _give_up_waiting(self) -> Iterator[Message]:
        """Take what is kept as keys, if it is any."""
        torn, self._torn = self._torn, False
        if torn:
            self._text = self._text[1:]
            for character in self._take(len(self._text)):
                yield from self._press(character)
            return
        kept = self._take(len(self._text))
        if kept == ESCAPE:
            self._escape_key_at = self._clock()
            yield events.Key("escape", ESCAPE)
        elif kept in ANSI_SEQUENCES_KEYS:
            yield from self._press(kept)

    def _take(self, count: int) -> str:
        taken, self._text = self._text[:count], self._text[count:]
        return taken

    def _read_sequence(self, sequence: str) -> Iterator[Message]:
        if sequence == PASTE_BEGINS:
            self._pasting = True
        elif sequence == "\x1b[I":
            yield events.AppFocus()
        elif sequence == "\x1b[O":
            yield events.AppBlur()
        elif match := CURSOR_POSITION.fullmatch(sequence):
            yield events.CursorPosition(int(match[2]) - 1, int(match[1]) - 1)
        elif match := SIZE.fullmatch(sequence):
            yield self._resize(*map(int, match.groups()))
        elif match := MODE.fullmatch(sequence):
            yield from self._read_mode(match[1], int(match[2]))
        elif match := KITTY_KEY.fullmatch(sequence):
            self._speaks_kitty = True
            yield from self._press_kitty_key(match)
        elif MOUSE.fullmatch(sequence):
            if (event := self._keys.parse_mouse_code(sequence)) is not None:
                yield event
        else:
            yield from self._press(sequence)

    def _resize(self, height: int, width: int, pixel_height: int, pixel_width: int) -> events.Resize:
        event = events.Resize.from_dimensions((width, height), (pixel_width, pixel_height))
        self._keys.terminal_size, self._keys.terminal_pixel_size = event.size, event.pixel_size
        self._keys.mouse_pixels = True
        return event

    def _read_mode(self, mode: str, setting: int) -> Iterator[Message]:
        if mode == "2026" and setting > 0:
            yield messages.TerminalSupportsSynchronizedOutput()
        elif mode == "2048" and SMOOTH_SCROLL and not IS_ITERM:
            yield messages.InBandWindowResize.from_setting_parameter(setting)

    def _press(self, sequence: str) -> Iterator[Message]:
        """Press the key of a character or of a sequence; a letter of another alphabet, by its place."""
        us = find_us_character(sequence) if len(sequence) == 1 else sequence
        for event in self._find_keys(us):
            if event.key != Keys.Ignore:
                if us != sequence:
                    event.character = sequence
                yield event

    def _find_keys(self, sequence: str) -> list[events.Key]:
        """Return the keys that a sequence means; none for a code that is no character."""
        try:
            return list(self._keys._sequence_to_key_events(sequence))
        except (ValueError, OverflowError):
            return []

    def _press_kitty_key(self, match: re.Match[str]) -> Iterator[Message]:
        code, _, base, modifiers, text = (part or "" for part in match.groups())
        modifiers = modifiers or "1"
        shift = bool(int(modifiers) - 1 & SHIFT)
        typed = "".join(map(_character, filter(None, text.split(":"))))
        letter = typed if len(typed) == 1 else _character(code)
        us = find_us_character(letter, _character(base), shift)
        if us != letter:
            code, text = str(ord(us)), str(ord(us)) if typed else ""
        sequence = (
            f"\x1b[{code};{modifiers}{';' + text if text else ''}u"
            if (modifiers, text) != ("1", "")
            else f"\x1b[{code}u"
        )
        for event in self._find_keys(sequence):
            if us != letter and typed:
                event.character = typed
            yield event


def _character(code: str) -> str:
    """Return the character of a decimal code; none for no code, and for one that is no character."""
    return chr(int(code)) if code and len(code) < 8 and int(code) <= 0x10FFFF else ""
