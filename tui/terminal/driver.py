"""A Textual driver whose output never blocks the program, even if the terminal is slow, stalled or gone."""

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

CURSOR_POSITION_REQUEST = "\x1b[6n"

FRAME = re.compile(r"\x1b\[(\?2026h|\d)")
"""Matches text that draws cells: it starts with a synchronized update or a cursor position. Mode switches do not."""

RESET = (
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)
"""Switches off every mode that Textual switches on."""

SECONDS_TO_LAST_ANSWER = 0.5
"""Seconds to wait for an answer of the terminal before the program ends."""

MILLISECONDS_TO_POLL = 200
"""Milliseconds to wait until the terminal can take more output."""

TRIES = 100
SECONDS_BETWEEN_TRIES = 0.02
"""How often, and at which intervals, the last message is tried to be written."""


class DrivenApp(Protocol):
    """The attributes of the app that the driver uses."""

    backlog: OutputBacklog

    def encode(self, text: str) -> bytes:
        """Encode a text for the terminal. Any thread may call this."""


class TerminalWriter(threading.Thread):
    """Writes to the terminal in a thread, as fast as the terminal takes the output.

    It never blocks in a write. A blocked write holds the lock of the terminal, and its modes could not be restored.
    """

    def __init__(self, backlog: OutputBacklog, encode: Callable[[str], bytes]) -> None:
        super().__init__(name="output", daemon=True)
        self._backlog, self._encode = backlog, encode
        self._terminal = _open_terminal()
        self._room = select.poll()
        self._room.register(self._terminal, select.POLLOUT)
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._given_up = False

    def write(self, text: str) -> None:
        """Queue a text, and return at once."""
        self._queue.put(text)

    def stop(self) -> None:
        """Write what is queued, and end the thread."""
        self._queue.put(None)
        self.join()
        os.close(self._terminal)

    def give_up(self) -> None:
        """Write nothing more of what is queued."""
        self._given_up = True

    def write_at_last(self, text: str) -> None:
        """Write this after `give_up`, from any thread; output that the terminal has not taken may be discarded."""
        content = self._encode(text)
        for _ in range(TRIES):
            with suppress(BlockingIOError):
                if os.write(self._terminal, content) == len(content):
                    return
            with suppress(termios.error):
                termios.tcflush(self._terminal, termios.TCOFLUSH)
            sleep(SECONDS_BETWEEN_TRIES)

    def run(self) -> None:
        """Write the queued texts until `stop` or `give_up` is called, or the terminal is gone."""
        while (text := self._queue.get()) is not None and not self._given_up:
            self._backlog.note_writing(True)
            try:
                self._write(self._encode(text))
            except OSError:
                return  # the terminal is gone, and the signal watcher ends the program
            finally:
                self._backlog.note_writing(False)

    def _write(self, content: bytes) -> None:
        while content and not self._given_up:
            self._room.poll(MILLISECONDS_TO_POLL)
            with suppress(BlockingIOError):
                content = content[os.write(self._terminal, content) :]


class TerminalDriver(LinuxDriver):
    """Skips frames while earlier ones are not shown yet; the app draws the whole screen afterwards.

    The text written between two calls of `flush` is one frame, or mode switches, which are never skipped.
    """

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        driven = cast(DrivenApp, app)
        self._backlog, self._encode = driven.backlog, driven.encode
        self._writer: TerminalWriter | None = None
        self._text_to_flush: list[str] = []
        self._switching, self._leaving = threading.Lock(), False

    def read_size(self) -> Size:
        """Read the size of the terminal from the system."""
        return Size(*self._get_terminal_size())

    def _get_terminal_size(self) -> tuple[int, int]:
        # Textual reads COLUMNS and LINES first, which do not change with the window
        try:
            width, height = os.get_terminal_size(self.fileno)
        except OSError:
            width = height = 0
        return (width, height) if width and height else super()._get_terminal_size()

    def start_application_mode(self) -> None:
        """Start the writer, and switch the terminal to the modes of Textual."""
        with self._switching:
            if self._leaving:
                return  # the program was ended while it was suspended
            self._writer = TerminalWriter(self._backlog, self._encode)
            self._writer.start()
            super().start_application_mode()  # type: ignore[no-untyped-call]
            self.flush()

    def stop_application_mode(self) -> None:
        """Wait for an answer that is expected, and switch the modes of Textual off."""
        self._wait_for_last_answer()
        super().stop_application_mode()

    def close(self) -> None:
        """Write what is queued, and end the writer."""
        super().close()
        writer, self._writer = self._writer, None
        if writer:
            writer.stop()

    def write(self, data: str) -> None:
        """Keep a text until `flush`."""
        self._text_to_flush.append(data)

    def flush(self) -> None:
        """Queue the kept text, or skip it if it is a frame and earlier ones are not shown yet."""
        piece, self._text_to_flush = "".join(self._text_to_flush), []
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
                piece += CURSOR_POSITION_REQUEST
                self._backlog.note_question()
            self._writer.write(piece)

    def process_message(self, message: Message) -> None:
        """Take the answers of the terminal out of the messages for the app."""
        if isinstance(message, CursorPosition):
            self._backlog.note_answer()
        else:
            super().process_message(message)

    def run_input_thread(self) -> None:
        """Read the keys until the driver ends, whatever bytes arrive."""
        # a terminal that is gone cannot be read, and the signal watcher ends the program
        with suppress(OSError):
            while not self.exit_event.is_set():
                # bytes that are not UTF-8, and codes that are not a key, are ignored
                with suppress(ValueError):
                    super().run_input_thread()

    def leave_terminal(self, save: Callable[[], str]) -> None:
        """Stop drawing, call `save`, restore the terminal, and write the message that `save` returns.

        The signal watcher's thread calls this at the end of the program. It does not wait for a terminal that takes no
        output.
        """
        self._leaving = True
        with self._switching:
            writer, self._writer = self._writer, None
        if writer:
            writer.give_up()
        message_at_exit = save()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # it would stop a job in the background here
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        if writer:
            with suppress(OSError):
                writer.write_at_last(f"{RESET}{message_at_exit}\r\n")

    def _wait_for_last_answer(self) -> None:
        """Wait for an answer of the terminal, which would be typed into the shell if it came after the end."""
        end = perf_counter() + SECONDS_TO_LAST_ANSWER
        while self._backlog.is_waiting_for_answer and perf_counter() < end:
            sleep(0.01)


def _open_terminal() -> int:
    """Open the terminal again, so that O_NONBLOCK is not set for the other programs that use it."""
    assert sys.__stderr__ is not None
    try:
        path = os.ttyname(sys.__stderr__.fileno())
    except OSError:
        path = "/dev/tty"  # a container may not know the name
    return os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
