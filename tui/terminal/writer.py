"""What writes to the terminal, and never blocks the program."""

import os
import select
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from time import sleep

from gradstep.tui.terminal.output_backlog import OutputBacklog

MILLISECONDS_TO_POLL = 200
"""Milliseconds to wait until the terminal can take more output."""

TRIES = 100
SECONDS_BETWEEN_TRIES = 0.02
"""How often, and at which intervals, the last message is tried to be written."""


class TerminalWriter:
    """Writes to the terminal what it takes at once, and the rest in a thread, as fast as the terminal takes it.

    It never blocks in a write. A blocked write holds the lock of the terminal, and its modes could not be restored.
    """

    def __init__(self, backlog: OutputBacklog, encode: Callable[[str], bytes]) -> None:
        self._backlog, self._encode = backlog, encode
        self._terminal = open_terminal()
        self._room = select.poll()
        self._room.register(self._terminal, select.POLLOUT)
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._queued = self._written = 0
        self._given_up = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Write a text as far as the terminal takes it now, queue the rest, and return at once.

        The thread would have to wait until the event loop leaves it the interpreter. Only one thread may call this.
        """
        content = self._encode(text)
        if self._queued == self._written and not self._given_up:
            with suppress(OSError):  # the thread finds out what is wrong
                content = content[os.write(self._terminal, content) :]
        if content:
            self._queued += 1
            self._queue.put(content)

    def stop(self) -> None:
        """Write what is queued, and end the thread."""
        if self._thread:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

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

    def _run(self) -> None:
        """Write the queued texts until `stop` or `give_up` is called, or the terminal is gone."""
        while (content := self._queue.get()) is not None and not self._given_up:
            self._backlog.note_writing(True)
            try:
                self._write(content)
                self._written += 1
            except OSError:
                return  # the terminal is gone, and the signal watcher ends the program
            finally:
                self._backlog.note_writing(False)

    def _write(self, content: bytes) -> None:
        while content and not self._given_up:
            self._room.poll(MILLISECONDS_TO_POLL)
            with suppress(BlockingIOError):
                content = content[os.write(self._terminal, content) :]


def open_terminal() -> int:
    """Open the terminal again, so that O_NONBLOCK is not set for the other programs that use it."""
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
    assert sys.__stderr__ is not None
    try:
        return os.open(os.ttyname(sys.__stderr__.fileno()), flags)
    except OSError:
        # a container may not know the name, and after su the device belongs to another user
        return os.open("/dev/tty", flags)
