"""The job of a shell that the program belongs to: whether it is in the background, and how it is stopped."""

import os
import signal
import sys


def is_in_background() -> bool:
    """Whether the terminal belongs to another job now; not if it is gone, or is not the session's."""
    assert sys.__stdin__ is not None
    try:
        return os.tcgetpgrp(sys.__stdin__.fileno()) != os.getpgrp()
    except OSError:
        return False


def stop_job() -> None:
    """Stop this program, with all programs of its job if it has the terminal, until it is continued.

    The shell would wait for ever for a program around this one, such as another shell, that is not stopped with it.
    """
    assert sys.__stdin__ is not None
    try:
        has_terminal = os.tcgetpgrp(sys.__stdin__.fileno()) == os.getpgrp()
    except OSError:
        has_terminal = False
    if has_terminal:
        os.killpg(os.getpgrp(), signal.SIGSTOP)
    else:
        os.kill(os.getpid(), signal.SIGSTOP)
