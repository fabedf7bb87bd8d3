"""The driver for a browser: Textual's own, with output that never blocks the program."""

import os
import threading
from queue import SimpleQueue
from typing import Any, cast

from textual.app import App
from textual.drivers.web_driver import WebDriver

from gradstep.tui.terminal.driver import FRAME, DrivenApp

SECONDS_TO_END = 2.0
"""Seconds that the server may take for the last output."""


class BrowserDriver(WebDriver):
    """Skips frames while the server takes no output. What it takes is measured by the writing alone.

    The text written between two calls of `flush` is one frame, or mode switches, which are never skipped.
    """

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._driven = cast(DrivenApp, app)
        self._text_to_flush: list[str] = []
        self._packets: SimpleQueue[bytes | None] = SimpleQueue()
        # Textual writes each packet through this
        self._write = self._packets.put  # type: ignore[assignment]
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)

    def start_application_mode(self) -> None:
        """Start the thread that writes, and switch the browser's terminal to the modes of a full screen."""
        self._thread.start()
        super().start_application_mode()

    def stop_application_mode(self) -> None:
        """Tell the server that the program has ended, once it has taken what is queued."""
        self.flush()
        super().stop_application_mode()
        self._packets.put(None)
        self._thread.join(SECONDS_TO_END)

    def write(self, data: str) -> None:
        """Keep a text until `flush`."""
        self._text_to_flush.append(data)

    def flush(self) -> None:
        """Queue the kept text, or skip it if it is a frame and earlier ones are not taken yet."""
        piece, self._text_to_flush = "".join(self._text_to_flush), []
        backlog = self._driven.backlog
        if FRAME.match(piece) and backlog.is_behind():
            backlog.left_out = True
        elif piece:
            content = self._driven.encode(piece)
            self._packets.put(b"D" + len(content).to_bytes(4, "big") + content)

    def _run(self) -> None:
        """Write the packets until the end, or until the server is gone."""
        while (packet := self._packets.get()) is not None:
            self._driven.backlog.note_writing(True)
            try:
                while packet:
                    packet = packet[os.write(self.fileno, packet) :]
            except OSError:
                return  # the signal watcher ends the program
            finally:
                self._driven.backlog.note_writing(False)
