"""Saves the run and puts the terminal back when a signal or a hang-up ends the program."""

import os
import select
import signal
import sys
from collections.abc import Callable
from threading import Thread

SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
SECONDS_BETWEEN_LOOKS = 0.5


class SignalWatcher:
    """Waits in a thread of its own for the signals that end a program, and for the end of the terminal.

    The event loop cannot be asked to do this: when the terminal takes no more output, it may stand still. The signals
    are blocked for every other thread, so the watcher must be made before numpy starts its own.
    """

    def __init__(self) -> None:
        self.leave: Callable[[signal.Signals], None] = _leave_at_once
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        Thread(target=self._watch, name="signals", daemon=True).start()

    def _watch(self) -> None:
        while True:
            received = signal.sigtimedwait(SIGNALS, SECONDS_BETWEEN_LOOKS)
            # interrupted by a stop and a continuation, Python 3.11 returns a signal with the number 0
            if received and received.si_signo:
                self.leave(signal.Signals(received.si_signo))
            elif _hung_up():
                self.leave(signal.SIGHUP)


def _leave_at_once(number: signal.Signals) -> None:
    os._exit(128 + number)


def _hung_up() -> bool:
    """Whether the terminal is gone. No signal says so where it is ignored, or where another process leads."""
    poll = select.poll()
    poll.register(sys.stdin.fileno(), 0)
    return any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))
