"""Runs commands of gradstep in processes of their own, each a fork of one that has imported everything already.

`python fork_server.py` reads a line of JSON for each command, `{"arguments": [...], "folder": "..."}`, and answers with
a line: `{"status", "errors", "seconds", "megabytes"}`. A negative status is the signal that ended the process.
"""

import gc
import json
import os
import resource
import signal
import sys
import tempfile
import time
from contextlib import redirect_stdout

MEMORY = 1 << 30
"""Bytes of memory that a command may use."""

SECONDS = 20
"""Seconds of processor time that a command may take."""

PATIENCE = 3 * SECONDS
"""Seconds on the clock after which a command that waits for something is ended."""


def serve() -> None:
    """Answer commands until standard input ends."""
    from gradstep.tui.cli.main import run

    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        # imports everything, and leaves no threads behind that a fork would lack
        run(["train", "--data", "xor", "--max-steps", "1", "--plain"])
    gc.freeze()
    for line in sys.stdin:
        command = json.loads(line)
        with tempfile.TemporaryFile() as errors:
            started = time.monotonic()
            process = os.fork()
            if not process:
                _become_a_command(errors.fileno(), command["folder"])
                sys.argv = ["gradstep", *command["arguments"]]
                sys.exit(run(command["arguments"]))
            _, status, usage = os.wait4(process, 0)
            errors.seek(0)
            answer = {
                "status": os.waitstatus_to_exitcode(status),
                "errors": errors.read().decode(errors="replace"),
                "seconds": time.monotonic() - started,
                "megabytes": usage.ru_maxrss / 1024,
            }
        print(json.dumps(answer), flush=True)


def _become_a_command(errors: int, folder: str) -> None:
    """Give this process no input, no output, its limits and its folder."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(errors, 2)
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(PATIENCE)


if __name__ == "__main__":
    serve()
