"""Runs a program on a pseudo-terminal, with a screen that shows what a user would see."""

import os
import re
import select
import signal
import sys
import termios
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Self

import pexpect
import pyte

GRADSTEP = str(Path(sys.executable).with_name("gradstep"))
TITLES = ("1 Architecture", "2 Loss", "3 Gradients", "4 Output")

CTRL_C, CTRL_L, CTRL_O, CTRL_S, CTRL_Z = "\x03", "\x0c", "\x0f", "\x13", "\x1a"
ESCAPE = "\x1b[27u"
"""The escape key in the kitty protocol, which cannot be mistaken for the start of another key."""

SECONDS = 30.0
"""How long to wait before a test fails. No speed is measured with it."""

PIECE = 4096
"""The number of bytes that are drawn at a time."""

NOTIFICATION = "^▌ "
"""The left border of a notification, which goes by itself after some seconds."""

UNKNOWN_TO_PYTE = re.compile(rb"\x00|\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")
OTHER_SCREEN = re.compile(rb"\x1b\[\?1049[hl]")
UNFINISHED = re.compile(rb"\x1b(\[[0-?]*[ -/]*)?$")

MODES = {
    "alternate screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "mouse": (b"\x1b[?1000h", b"\x1b[?1000l"),
    "mouse motion": (b"\x1b[?1003h", b"\x1b[?1003l"),
    "mouse in SGR form": (b"\x1b[?1006h", b"\x1b[?1006l"),
    "reports of focus": (b"\x1b[?1004h", b"\x1b[?1004l"),
    "reports of size": (b"\x1b[?2048h", b"\x1b[?2048l"),
    "bracketed paste": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "kitty keyboard": (b"\x1b[>", b"\x1b[<u"),
    "no line wrap": (b"\x1b[?7l", b"\x1b[?7h"),
    "hidden cursor": (b"\x1b[?25l", b"\x1b[?25h"),
}
"""The sequences that switch a mode on and off."""

ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;2$y", b"\x1b[6n": b"\x1b[1;1R"}
"""The answers to the requests for synchronized output, for size reports, and for the cursor position."""

FRESH = {
    "echo": (3, termios.ECHO),
    "lines": (3, termios.ICANON),
    "signals": (3, termios.ISIG),
    "return as newline": (0, termios.ICRNL),
    "newline as return": (1, termios.OPOST | termios.ONLCR),
}
"""The settings that a shell expects of its terminal, as the index of a termios field and its flags."""


class Terminal:
    """Runs `gradstep`, or another program, with these arguments on a terminal of so many columns and lines.

    Variables set to None are removed from the program's environment. With `answers` the terminal answers the requests
    of the program.
    """

    def __init__(
        self,
        *arguments: str,
        program: Sequence[str] = (GRADSTEP,),
        columns: int = 120,
        lines: int = 40,
        answers: bool = False,
        **variables: str | None,
    ) -> None:
        usual = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "NO_COLOR": None, "CI": None}
        wanted = {**os.environ, **usual, **variables}
        environment = {name: value for name, value in wanted.items() if value is not None}
        command, *rest = [*program, *arguments]
        # files that the program writes must not end up in the project
        folder = Path(environment.get("XDG_STATE_HOME", "")).parent
        self._program = pexpect.spawn(
            command,
            rest,
            dimensions=(lines, columns),
            env=environment,
            cwd=folder if folder.is_dir() else None,
        )
        self._program.ptyproc.delayafterclose = 0.0  # `__exit__` waits for the end itself
        self.answers = ANSWERS if answers else {}
        os.set_blocking(self._program.child_fd, False)
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._lines: dict[int, str] = {}
        self._undrawn: deque[tuple[float, bytes]] = deque()
        self._unfinished = b""
        self.sent = bytearray()
        self.received = monotonic()
        """The time at which the program last sent something."""
        self.drawn = monotonic()
        """The time at which what was drawn last was received."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.ended():
            os.killpg(self._program.pid, signal.SIGKILL)
            wait_until(self.ended, "the end of a program that was killed")
        self._program.close(force=True)

    @property
    def pid(self) -> int:
        number: int = self._program.pid
        return number

    # reading the screen

    @property
    def text(self) -> str:
        """The text on the screen."""
        screen, columns = self.screen, range(self.screen.columns)
        # only the lines that pyte has changed are read again
        for line in screen.dirty:
            self._lines[line] = "".join(screen.buffer[line][column].data for column in columns).rstrip()
        screen.dirty.clear()
        return "\n".join(self._lines[line] for line in range(screen.lines))

    @property
    def picture(self) -> list[list[pyte.screens.Char]]:
        """The characters on the screen with their colours."""
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return [[buffer[line][column] for column in columns] for line in range(self.screen.lines)]

    def number(self, name: str) -> float:
        """Return a number of the status line, such as `step 1,482`."""
        return float(self.until(rf"\b{name} +([\d,.]+)")[1].replace(",", ""))

    def modes_left_on(self) -> list[str]:
        """Return the modes that the program has switched on and not off."""
        return [name for name, (on, off) in MODES.items() if self.sent.rfind(on) > self.sent.rfind(off)]

    def attributes_changed(self) -> list[str]:
        """Return the settings of the terminal that differ from what a shell expects."""
        attributes = termios.tcgetattr(self._program.child_fd)
        return [name for name, (place, flags) in FRESH.items() if attributes[place] & flags != flags]

    # acting as the user and as the terminal

    def press(self, *keys: str | bytes) -> None:
        """Send keys. Those that do not fit into the buffer are sent once the program has read some."""
        left = b"".join(key.encode() if isinstance(key, str) else key for key in keys)
        while left:
            try:
                left = left[os.write(self._program.child_fd, left) :]
            except BlockingIOError:
                assert self.read(), f"the program has ended while keys were sent; the screen is\n{self.text}"

    def resize(self, columns: int, lines: int) -> None:
        self._program.setwinsize(lines, columns)
        self.screen.resize(lines, columns)
        if self.answers and self.sent.rfind(b"\x1b[?2048h") > self.sent.rfind(b"\x1b[?2048l"):
            self.press(f"\x1b[48;{lines};{columns};0;0t")

    def send(self, number: int) -> None:
        """Send a signal to the program."""
        self._program.kill(number)

    def stop_reading(self) -> None:
        """Fill the output buffer of the terminal, so that the program can write nothing until `read` is called."""
        own = self._open_program_end()
        with suppress(BlockingIOError):
            while True:
                os.write(own, bytes(4096))
        os.close(own)

    def backed_up(self) -> bool:
        """Whether the program cannot write before something is read."""
        own = self._open_program_end()
        try:
            return not select.select([], [own], [], 0)[1]
        finally:
            os.close(own)

    def _open_program_end(self) -> int:
        """Open the program's end of the terminal."""
        return os.open(f"/proc/{self._program.pid}/fd/0", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    def hang_up(self) -> None:
        """Close the terminal, as a lost connection does."""
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), self._program.child_fd, inheritable=False)

    # waiting

    def read(self, most: int = 65536) -> bool:
        """Take what the program sends, if it sends anything soon, and draw a piece of it; False when it has ended.

        All that has come is taken before a piece is drawn: pyte draws slowly, and would be a slow link.
        """
        if not self._undrawn and not select.select([self._program.child_fd], [], [], 0.05)[0]:
            return True
        going_on = self._take(most)
        if self._undrawn:
            self.drawn, piece = self._undrawn.popleft()
            self._draw(piece)
        return going_on or bool(self._undrawn)

    def _take(self, most: int) -> bool:
        """Read what is available; return False when the program has ended."""
        # not with pexpect, which loses unread output when the program has ended
        while most > 0:
            try:
                data = os.read(self._program.child_fd, most)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not data:
                return False
            self.received = monotonic()
            self.sent += data
            self._undrawn += [(self.received, data[start : start + PIECE]) for start in range(0, len(data), PIECE)]
            most -= len(data)
        return True

    def _draw(self, data: bytes) -> None:
        data = self._unfinished + data
        end = unfinished.start() if (unfinished := UNFINISHED.search(data)) else len(data)
        data, self._unfinished = data[:end], data[end:]
        for question, answer in self.answers.items():
            self.press(answer * data.count(question))
        data = OTHER_SCREEN.sub(b"\x1b[H\x1b[2J", UNKNOWN_TO_PYTE.sub(b"", data))
        self._stream.feed(data)

    def until(self, pattern: str) -> re.Match[str]:
        """Read until the screen matches the pattern. Fails with the text of the screen if it never does."""
        self.until_true(lambda: re.search(pattern, self.text, re.MULTILINE) is not None, f"{pattern!r} to come")
        match = re.search(pattern, self.text, re.MULTILINE)
        assert match
        return match

    def until_true(self, condition: Callable[[], bool], what: str) -> None:
        """Read until the condition holds. Fails with the text of the screen if it never does."""
        end = monotonic() + SECONDS
        while not condition():
            if not self.read() or monotonic() > end:
                assert condition(), f"waited for {what}; the screen is\n{self.text}"
                break

    def until_drawn(self) -> None:
        """Read until the program trains and all four panels are drawn."""
        self.until(r"step [1-9]")
        self.until_true(lambda: all(title in self.text for title in TITLES), "all four panels")

    def until_quiet(self, looks: int = 5, busy: Callable[[], bool] = lambda: False) -> None:
        """Read until nothing came in `looks` readings in a row, and the program is not `busy`."""
        quiet, end = 0, monotonic() + SECONDS
        while quiet < looks:
            before = len(self.sent)
            assert self.read()
            assert monotonic() < end, "it goes on and on"
            quiet = quiet + 1 if len(self.sent) == before and not self._undrawn and not busy() else 0

    def until_at_rest(self) -> None:
        """Read until the program has nothing to send and nothing to do: it does not even wait for the processor.

        Half a second is two of its own looks at the terminal's size, which it needs where a signal got lost.
        """
        self.until_quiet(looks=10, busy=self._computes)

    def _computes(self) -> bool:
        """Whether a thread of the program runs or waits for a processor."""
        with suppress(OSError):  # the thread may have ended
            tasks = Path(f"/proc/{self._program.pid}/task").glob("*/stat")
            return any(task.read_text().rpartition(")")[2].split()[0] == "R" for task in tasks)
        return True

    def until_stopped(self) -> None:
        """Read until the program has stopped, as a suspended job does, and all that it has sent before is drawn."""
        self.until_true(lambda: self._has(os.WSTOPPED), "the program to stop")
        self.until_quiet(looks=1)

    def go_on(self) -> None:
        """Continue a stopped program, as fg does."""
        self.send(signal.SIGCONT)

    def ended(self) -> bool:
        return not self._program.isalive()

    def _has(self, state: int) -> bool:
        """Whether the program is in this state (stopped or exited), without reaping it."""
        return os.waitid(os.P_PID, self._program.pid, state | os.WNOHANG | os.WNOWAIT) is not None

    def end(self) -> int | None:
        """Read until the program ends; return its exit status, None if a signal has ended it."""
        end = monotonic() + SECONDS
        while self.read():
            assert monotonic() < end, f"the program does not end; the screen is\n{self.text}"
        return self.end_unread()

    def end_unread(self) -> int | None:
        """Wait until the program ends without reading its output; return its exit status."""
        wait_until(self.ended, "the end of the program")
        status: int | None = self._program.exitstatus
        return status


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds, without reading the terminal. Fails if it never does."""
    end = monotonic() + SECONDS
    while not condition():
        assert monotonic() < end, f"waited in vain for {what}"
        select.select([], [], [], 0.02)


def assert_drawn_right(terminal: Terminal) -> None:
    """Check that redrawing the whole screen, with nothing left to draw, changes nothing."""
    terminal.until_true(lambda: re.search(NOTIFICATION, terminal.text, re.MULTILINE) is None, "the notifications to go")
    terminal.until_at_rest()
    text, picture = terminal.text, terminal.picture
    terminal.screen.reset()
    terminal.press(CTRL_L)
    terminal.until_true(lambda: terminal.picture == picture, f"the whole screen, drawn again, to be\n{text}\n")
