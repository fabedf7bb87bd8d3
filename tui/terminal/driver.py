"""A Textual driver whose output never blocks the program, even if the terminal is slow, stalled or gone."""

import asyncio
import os
import re
import shutil
import signal
import sys
import termios
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter, sleep
from typing import Any, Protocol, cast

from textual.app import App
from textual.constants import DISABLE_KITTY_KEY
from textual.driver import Driver
from textual.events import CursorPosition, Key, Resize
from textual.geometry import Size
from textual.message import Message
from textual.messages import InBandWindowResize

from gradstep.tui.terminal import modes
from gradstep.tui.terminal.input_reader import InputReader
from gradstep.tui.terminal.job import is_in_background, stop_job
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.terminal.writer import TerminalWriter

CURSOR_POSITION_REQUEST = "\x1b[6n"

FRAME = re.compile(r"\x1b\[(\?2026h|\d)")
"""Matches text that draws cells: it starts with a synchronized update or a cursor position. Mode switches do not."""

SECONDS_TO_LAST_ANSWER = 0.5
"""Seconds to wait for an answer of the terminal before the program ends."""


class DrivenApp(Protocol):
    """The attributes of the app that the driver uses."""

    backlog: OutputBacklog

    def encode(self, text: str) -> bytes:
        """Encode a text for the terminal. Any thread may call this."""

    def note_key(self) -> None:
        """Note that a key was read. The thread that reads the terminal calls this."""


class TerminalDriver(Driver):
    """Skips frames while earlier ones are not shown yet; the app draws the whole screen afterwards.

    The text written between two calls of `flush` is one frame, or mode switches, which are never skipped.

    Textual's own driver for Linux acts on SIGTSTP and SIGCONT in handlers, which can interrupt it anywhere; here the
    event loop does, and the signals come from the signal watcher.
    """

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._driven = driven = cast(DrivenApp, app)
        assert sys.__stdin__ is not None
        self._terminal = sys.__stdin__.fileno()
        self._backlog = driven.backlog
        self._writer = TerminalWriter(driven.backlog, driven.encode)
        self._reader = InputReader(self._terminal, self.process_message, driven.backlog.expects_answer)
        self._text_to_flush: list[str] = []
        self._attributes_before: list[Any] | None = None
        self._modes_are_on = self._reports_sizes = False
        self._must_stop = False
        self._switching, self._leaving = threading.Lock(), False

    @property
    def can_suspend(self) -> bool:
        """Whether ctrl+z works."""
        return True

    def read_size(self) -> Size:
        """Read the size of the terminal from the system."""
        # not from COLUMNS and LINES, which do not change with the window
        try:
            width, height = os.get_terminal_size(self._terminal)
        except OSError:
            width = height = 0
        return Size(width, height) if width and height else Size(*shutil.get_terminal_size())

    def start_application_mode(self) -> None:
        """Start the writer and the reader, and switch the terminal to the modes of a full screen."""
        with self._switching:
            if self._leaving:
                return  # the program was ended while it was suspended
            self._modes_are_on = True
            with suppress(termios.error):
                self._attributes_before = termios.tcgetattr(self._terminal)
            self._writer.start()
            signal.signal(signal.SIGWINCH, self._on_resize)
            self._switch_modes_on()
            self._reader.start()
            self._tell_size()

    def stop_application_mode(self) -> None:
        """Wait for an answer that is expected, and restore the terminal."""
        if not self._modes_are_on:
            return
        self._wait_for_last_answer()
        self.write(modes.RESET)
        self.flush()
        self.disable_input()
        self._restore_attributes()

    def disable_input(self) -> None:
        """End the reader, and discard what was typed and not read."""
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        self._reader.stop()
        with suppress(termios.error):
            termios.tcflush(self._terminal, termios.TCIFLUSH)

    def close(self) -> None:
        """Write what is queued, and end the writer."""
        self._writer.stop()
        self._modes_are_on = False

    def suspend_soon(self) -> None:
        """Have the event loop restore the terminal and stop the job. Any thread may call this."""
        self._must_stop = True
        self._loop.call_soon_threadsafe(self._suspend)

    def resume_soon(self) -> None:
        """Have the event loop draw on the terminal again, after the program was continued. Any thread may call this."""
        self._must_stop = False
        self._loop.call_soon_threadsafe(self._resume)

    def _suspend(self) -> None:
        if self._must_stop:
            self.suspend_application_mode()
            if self._must_stop:
                stop_job()

    def _resume(self) -> None:
        if not self._app.is_running:
            return
        if self._modes_are_on:
            # it was stopped without notice, and the shell has used the terminal since then
            self.write(modes.RESET)
            self._switch_modes_on()
            self._reader.start()
            self._tell_size()
        else:
            self.start_application_mode()
        self._backlog.left_out = True

    def write(self, data: str) -> None:
        """Keep a text until `flush`."""
        self._text_to_flush.append(data)

    def flush(self) -> None:
        """Queue the kept text, or skip it if it is a frame and earlier ones are not shown yet."""
        piece, self._text_to_flush = "".join(self._text_to_flush), []
        if not piece:
            return
        if not self._modes_are_on:
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

    def _write_now(self, text: str) -> None:
        self.write(text)
        self.flush()

    def process_message(self, message: Message) -> None:
        """Take the answers of the terminal out of the messages for the app."""
        if isinstance(message, CursorPosition):
            self._backlog.note_answer()
            return
        if isinstance(message, Key):
            self._driven.note_key()
        if isinstance(message, InBandWindowResize) and message.supported:
            self._reports_sizes = True
            switches = "" if message.enabled else modes.REPORT_SIZES
            switches += modes.REPORT_MOUSE_IN_PIXELS if self._mouse else ""
            self._loop.call_soon_threadsafe(self._write_now, switches)
            message = InBandWindowResize(True, True)
        super().process_message(message)

    def leave_terminal(self, save: Callable[[], str]) -> None:
        """Stop drawing, call `save`, restore the terminal, and write the message that `save` returns.

        The signal watcher's thread calls this at the end of the program. It does not wait for a terminal that takes no
        output. A terminal that is the shell's already, because the program is suspended, stays as it is.
        """
        self._leaving = True
        self._writer.give_up()
        message_at_exit = save()
        with self._switching:
            if not self._modes_are_on:
                return
        if not is_in_background():
            self._restore_attributes()
        with suppress(OSError):
            self._writer.write_at_last(f"{modes.RESET}{message_at_exit}\r\n")

    def _switch_modes_on(self) -> None:
        """Read keys one by one, without echo, and write what switches the modes on."""
        with suppress(termios.error):
            termios.tcsetattr(self._terminal, termios.TCSANOW, _make_raw(termios.tcgetattr(self._terminal)))
        # Apple's terminal writes a letter when it is asked for a mode
        asks = os.environ.get("TERM_PROGRAM", "") != "Apple_Terminal"
        self.write(modes.switch_on(self._mouse, not DISABLE_KITTY_KEY, asks))
        self.flush()

    def _restore_attributes(self) -> None:
        if self._attributes_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._terminal, termios.TCSANOW, self._attributes_before)

    def _on_resize(self, *_: object) -> None:
        """Handle SIGWINCH, unless the terminal reports its sizes itself."""
        if not self._reports_sizes:
            self._tell_size()

    def _tell_size(self) -> None:
        """Tell the app the size of the terminal."""
        size = self.read_size()
        asyncio.run_coroutine_threadsafe(self._app._post_message(Resize(size, size)), loop=self._loop)

    def _wait_for_last_answer(self) -> None:
        """Wait for an answer of the terminal, which would be typed into the shell if it came after the end."""
        end = perf_counter() + SECONDS_TO_LAST_ANSWER
        while self._backlog.is_waiting_for_answer and perf_counter() < end:
            sleep(0.01)


def _make_raw(attributes: list[Any]) -> list[Any]:
    """Return the attributes with which each key arrives at once, as it is, and no key is a signal."""
    raw = [*attributes]
    raw[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    raw[tty.IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    raw[tty.CC] = [*raw[tty.CC]]
    raw[tty.CC][termios.VMIN] = 1
    return raw
