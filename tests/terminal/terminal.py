"""A program on a real pseudo-terminal, seen as a person sees it."""

import os
import re
import signal
import sys
from pathlib import Path
from time import monotonic
from typing import Self

import pexpect
import pyte

GRADSTEP = Path(sys.executable).with_name("gradstep")

SECONDS = 30.0
"""How long to wait for what must come; nothing is measured by it."""

UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")
MODES = {b"1049": "alternate screen", b"1000": "mouse", b"1003": "mouse motion", b"2004": "bracketed paste"}


class Terminal:
    """Runs `gradstep` with these arguments on a terminal of so many columns and lines, with these variables set."""

    def __init__(self, *arguments: str, columns: int = 120, lines: int = 40, **variables: str) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI")}
        environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"} | variables
        self._program = pexpect.spawn(
            str(GRADSTEP), list(arguments), dimensions=(lines, columns), env=environment, echo=False
        )
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.sent = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._program.close(force=True)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._program.send(key)

    def read(self) -> bool:
        """Draw what the program sends next, if anything soon; False when it has ended."""
        try:
            data = self._program.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.sent += data
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))
        return True

    def until(self, pattern: str) -> re.Match[str]:
        """Read until the screen matches; fails with the screen if it never does."""
        end = monotonic() + SECONDS
        while monotonic() < end:
            if match := re.search(pattern, self.text, re.MULTILINE):
                return match
            if not self.read():
                break
        raise AssertionError(f"{pattern!r} does not come; the screen is\n{self.text}")

    def until_quiet(self) -> None:
        """Read until the program has nothing more to send for the moment."""
        before = -1
        while before != len(self.sent):
            before = len(self.sent)
            assert self.read()

    def until_stopped(self) -> None:
        """Read until the program has stopped itself, as a job that waits in the background."""
        end = monotonic() + SECONDS
        while os.waitid(os.P_PID, self._program.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is None:
            assert self.read()
            assert monotonic() < end, "the program does not stop"
        self.until_quiet()

    def go_on(self) -> None:
        """Let a stopped program go on, as fg does."""
        self._program.kill(signal.SIGCONT)

    def end(self) -> int | None:
        """Read to the end of the program; its exit status."""
        end = monotonic() + SECONDS
        while self.read():
            assert monotonic() < end, f"the program does not end; the screen is\n{self.text}"
        self._program.wait()
        status: int | None = self._program.exitstatus
        return status

    def modes_left_on(self) -> list[str]:
        """What the program has switched on and not off again."""
        left = [name for mode, name in MODES.items() if self._last(mode, b"h") > self._last(mode, b"l")]
        return left + ["hidden cursor"] * (self._last(b"25", b"l") > self._last(b"25", b"h"))

    def _last(self, mode: bytes, switch: bytes) -> int:
        return self.sent.rfind(b"\x1b[?" + mode + switch)
