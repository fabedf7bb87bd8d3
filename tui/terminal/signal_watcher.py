"""Threads that wait for signals, and for the end of the terminal."""

import os
import select
import signal
import sys
from collections.abc import Callable
from threading import Lock, Thread
from time import sleep

from gradstep.tui.terminal.job import is_in_background, stop_job

LEFT_TO_THE_SYSTEM = {"SIGKILL", "SIGSTOP", "SIGTTIN", "SIGTTOU", "SIGCHLD", "SIGURG", "SIGWINCH", "SIGINFO"}
"""Signals that cannot be waited for, those that stop a program in the background, and those that do nothing."""

JOB_CONTROL = frozenset((signal.SIGTSTP, signal.SIGCONT))

ENDING = frozenset(
    number for number in signal.valid_signals() if getattr(number, "name", "") not in LEFT_TO_THE_SYSTEM
) - set(JOB_CONTROL)
"""Every signal whose default is to end the program, except SIGKILL."""

SECONDS_BETWEEN_LOOKS = 0.5
"""How often the terminal is checked for a hang-up."""


class SignalWatcher:
    """Calls `leave` when a signal ends the program or the terminal is gone.

    It calls `suspend` after SIGTSTP and `resume` after SIGCONT.

    It runs in threads, because the event loop may be blocked when the terminal takes no output. The signals are
    blocked for every other thread, so the watcher must be made before numpy starts its threads. One thread takes all
    signals: one that arrives with SIGCONT, as from the shell's kill, is then never lost by stopping again.

    A program in the background is stopped until it is in the foreground, as the system stops one that reads keys.
    """

    def __init__(self) -> None:
        self.leave: Callable[[int], None] = _leave_at_once
        self.suspend: Callable[[], None] = stop_job
        self.resume: Callable[[], None] = _do_nothing
        self._leaving = Lock()
        while is_in_background():
            stop_job()
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING | JOB_CONTROL)
        Thread(target=self._watch_signals, name="signals", daemon=True).start()
        Thread(target=self._watch_terminal, name="hang-up", daemon=True).start()

    def _watch_signals(self) -> None:
        while True:
            # not sigtimedwait, which returns a number that was never written after a stop and a continuation
            self._act_on(signal.sigwait(ENDING | JOB_CONTROL))

    def _act_on(self, number: int) -> None:
        if number == signal.SIGTSTP:
            self.suspend()
        elif number != signal.SIGCONT:
            self._leave_once(number)
        elif not is_in_background():
            self.resume()
        elif not signal.sigpending() & ENDING:
            stop_job()

    def _watch_terminal(self) -> None:
        while not _is_hung_up():
            sleep(SECONDS_BETWEEN_LOOKS)
        self._leave_once(signal.SIGHUP)

    def _leave_once(self, number: int) -> None:
        with self._leaving:
            try:
                self.leave(number)
            finally:
                os._exit(128 + number)


def name_signal(number: int) -> str:
    """Return the name of a signal; "signal 35" for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _leave_at_once(number: int) -> None:
    os._exit(128 + number)


def _do_nothing() -> None:
    pass


def _is_hung_up() -> bool:
    """Whether the terminal is gone. SIGHUP may be ignored, or sent to the session leader only."""
    poll = select.poll()
    poll.register(sys.stdin.fileno(), 0)
    return any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))
