"""Textual's driver for a terminal that may be slow, stalled or gone: output never blocks the program."""

import os
import re
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from time import perf_counter, sleep
from typing import Any, Protocol, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition
from textual.geometry import Size
from textual.message import Message

from gradstep.tui.terminal.output_backlog import OutputBacklog

ASK_CURSOR_POSITION = "\x1b[6n"

FRAME = re.compile(r"\x1b\[(\?2026h|\d)")
"""Cells to draw begin with the start of a synchronized update, or with a place; switches of the terminal do not."""

RESET = (
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)
"""Back from everything that Textual switches on."""

SECONDS_FOR_LAST_ANSWER = 0.5
MILLISECONDS_FOR_ROOM = 200
TRIES = 100
SECONDS_BETWEEN_TRIES = 0.02


class DrivenApp(Protocol):
    """What the driver asks of its app."""

    backlog: OutputBacklog

    def encode(self, text: str) -> bytes:
        """What the terminal is sent for a text; from any thread."""


class TerminalWriter(threading.Thread):
    """Writes to the terminal in a thread of its own, as slowly as the terminal takes it.

    It never blocks in a write: who does holds the terminal's lock, and nobody could put the terminal back.
    """

    def __init__(self, backlog: OutputBacklog, encode: Callable[[str], bytes]) -> None:
        super().__init__(name="output", daemon=True)
        self._backlog, self._encode = backlog, encode
        self._terminal = _opened_terminal()
        self._room = select.poll()
        self._room.register(self._terminal, select.POLLOUT)
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._given_up = False

    def write(self, text: str) -> None:
        self._waiting.put(text)

    def stop(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self.join()
        os.close(self._terminal)

    def give_up(self) -> None:
        """Write nothing more of what waits."""
        self._given_up = True

    def write_at_last(self, text: str) -> None:
        """From another thread, after `give_up`: write this, if need be in place of what nobody reads."""
        content = self._encode(text)
        for _ in range(TRIES):
            with suppress(BlockingIOError):
                if os.write(self._terminal, content) == len(content):
                    return
            with suppress(termios.error):
                termios.tcflush(self._terminal, termios.TCOFLUSH)
            sleep(SECONDS_BETWEEN_TRIES)

    def run(self) -> None:
        while (text := self._waiting.get()) is not None and not self._given_up:
            self._backlog.writing(True)
            try:
                self._write(self._encode(text))
            except OSError:
                return  # the terminal is gone; the signal watcher sees that as well, and ends the program
            finally:
                self._backlog.writing(False)

    def _write(self, content: bytes) -> None:
        while content and not self._given_up:
            self._room.poll(MILLISECONDS_FOR_ROOM)
            with suppress(BlockingIOError):
                content = content[os.write(self._terminal, content) :]


class TerminalDriver(LinuxDriver):
    """Leaves frames out while earlier ones are still on their way, and has the whole screen drawn afterwards.

    What is written between two `flush` is one piece: a frame, or switches of the terminal, which are never left out.
    """

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        driven = cast(DrivenApp, app)
        self._backlog, self._encode = driven.backlog, driven.encode
        self._writer: TerminalWriter | None = None
        self._piece: list[str] = []
        self._switching, self._leaving = threading.Lock(), False

    def size_now(self) -> Size:
        """The terminal's size as the system knows it."""
        return Size(*self._get_terminal_size())

    def _get_terminal_size(self) -> tuple[int, int]:
        # COLUMNS and LINES, which Textual asks first, do not follow when a window changes its size
        try:
            width, height = os.get_terminal_size(self.fileno)
        except OSError:
            width = height = 0
        return (width, height) if width and height else super()._get_terminal_size()

    def start_application_mode(self) -> None:
        with self._switching:
            if self._leaving:
                return  # told to end while it was suspended
            self._writer = TerminalWriter(self._backlog, self._encode)
            self._writer.start()
            super().start_application_mode()  # type: ignore[no-untyped-call]
            self.flush()

    def stop_application_mode(self) -> None:
        self._wait_for_last_answer()
        super().stop_application_mode()

    def close(self) -> None:
        super().close()
        writer, self._writer = self._writer, None
        if writer:
            writer.stop()

    def write(self, data: str) -> None:
        self._piece.append(data)

    def flush(self) -> None:
        piece, self._piece = "".join(self._piece), []
        if not piece:
            return
        if self._writer is None:
            self._backlog.left_out = True
        elif not FRAME.match(piece):
            self._writer.write(piece)
        elif self._backlog.is_behind():
            self._backlog.left_out = True
        else:
            if self._backlog.should_ask():
                piece += ASK_CURSOR_POSITION
                self._backlog.asked()
            self._writer.write(piece)

    def process_message(self, message: Message) -> None:
        if isinstance(message, CursorPosition):
            self._backlog.answered()
        else:
            super().process_message(message)

    def run_input_thread(self) -> None:
        # a terminal that is gone cannot be read; the signal watcher sees that as well, and ends the program
        with suppress(OSError):
            while not self.exit_event.is_set():
                # no keyboard types bytes that are no UTF-8, or codes of no key: they are left out
                with suppress(ValueError):
                    super().run_input_thread()

    def leave_terminal(self, save: Callable[[], str]) -> None:
        """From another thread, for the end of the program: draw nothing more, save, and put the terminal back.

        What `save` returns is the last that is written. A reader that is gone is not waited for.
        """
        self._leaving = True
        with self._switching:
            writer, self._writer = self._writer, None
        if writer:
            writer.give_up()
        last_words = save()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # or a job in the background would be stopped here
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        if writer:
            with suppress(OSError):
                writer.write_at_last(f"{RESET}{last_words}\r\n")

    def _wait_for_last_answer(self) -> None:
        """An answer that comes when nobody reads it any more would be typed into the shell."""
        end = perf_counter() + SECONDS_FOR_LAST_ANSWER
        while self._backlog.waits_for_answer and perf_counter() < end:
            sleep(0.01)


def _opened_terminal() -> int:
    """The terminal, opened anew so that not to block is nobody else's business."""
    assert sys.__stderr__ is not None
    try:
        path = os.ttyname(sys.__stderr__.fileno())
    except OSError:
        path = "/dev/tty"  # a container may not know the name
    return os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
