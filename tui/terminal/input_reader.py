"""The thread that reads what the terminal sends."""

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread

from textual.message import Message

from gradstep.tui.terminal.input_parser import InputParser

SECONDS_TO_STOP = 0.1
"""The longest time until the thread notices that it is to stop."""

MOST_BYTES = 4096


class InputReader:
    """Reads the terminal in a thread, and calls `process` with each key, mouse event or answer."""

    def __init__(self, terminal: int, process: Callable[[Message], None], expects_answer: Callable[[], bool]) -> None:
        self._terminal, self._process = terminal, process
        self._parser = InputParser(expects_answer)
        self._decoder = getincrementaldecoder("utf-8")("ignore")
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Start the thread, unless it runs."""
        if self._thread is None or not self._thread.is_alive():
            self._stopping.clear()
            self._thread = Thread(target=self._run, name="input", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        # a terminal that is gone cannot be read, and the signal watcher ends the program
        with suppress(OSError):
            while not self._stopping.is_set():
                self._read()

    def _read(self) -> None:
        left = self._parser.seconds_left()
        timeout = SECONDS_TO_STOP if left is None else min(left, SECONDS_TO_STOP)
        if select.select([self._terminal], [], [], timeout)[0]:
            content = os.read(self._terminal, MOST_BYTES)
            if not content:
                self._stopping.wait(SECONDS_TO_STOP)  # the end of the terminal
            self._pass_on(self._parser.feed(self._decoder.decode(content)))
        self._pass_on(self._parser.tick())

    def _pass_on(self, received: Iterator[Message]) -> None:
        for message in received:
            self._process(message)
