"""Runs the program without a terminal."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.terminal.terminal import GRADSTEP, SECONDS


def gradstep(*arguments: str, through: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, on pipes. `through` is a shell command in which "$@" stands for the program."""
    command = [GRADSTEP, *arguments]
    return subprocess.run(
        ["sh", "-c", through, "sh", *command] if through else command,
        env=os.environ | variables,
        stdin=subprocess.PIPE if not through else None,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[str]]:
    """Start a program on pipes, and kill it at the end if it still runs."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
