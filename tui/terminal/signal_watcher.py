"""A thread that waits for the signals that end the program, and for the end of the terminal."""

import os
import select
import signal
import sys
from collections.abc import Callable
from threading import Thread

SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
SECONDS_BETWEEN_LOOKS = 0.5
"""How often the terminal is checked for a hang-up."""


class SignalWatcher:
    """Calls `leave` with the signal when SIGHUP, SIGTERM or SIGINT arrives, or when the terminal is gone.

    It runs in a thread, because the event loop may be blocked when the terminal takes no output. The signals are
    blocked for every other thread, so the watcher must be made before numpy starts its threads.
    """

    def __init__(self) -> None:
        self.leave: Callable[[signal.Signals], None] = _leave_at_once
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        Thread(target=self._watch, name="signals", daemon=True).start()

    def _watch(self) -> None:
        while True:
            received = signal.sigtimedwait(SIGNALS, SECONDS_BETWEEN_LOOKS)
            # after a stop and a continuation Python 3.11 returns a signal with the number 0
            if received and received.si_signo:
                self.leave(signal.Signals(received.si_signo))
            elif _is_hung_up():
                self.leave(signal.SIGHUP)


def _leave_at_once(number: signal.Signals) -> None:
    os._exit(128 + number)


def _is_hung_up() -> bool:
    """Whether the terminal is gone. SIGHUP may be ignored, or sent to the session leader only."""
    poll = select.poll()
    poll.register(sys.stdin.fileno(), 0)
    return any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))
