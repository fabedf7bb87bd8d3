"""Serves the program to browsers while a test needs it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

GRADSTEP = Path(sys.executable).with_name("gradstep")

LOOKS, SECONDS_BETWEEN_LOOKS = 1000, 0.02
"""How often it is looked whether the server listens."""


@contextmanager
def serving(log: Path, *arguments: str, **variables: str) -> Iterator[str]:
    """Run `gradstep serve` with these arguments, and yield its address. What it prints goes to `log`."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    with open(log, "w") as output:
        server = subprocess.Popen(
            [GRADSTEP, "serve", "--port", str(port), *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | variables,
        )
    try:
        for _ in range(LOOKS):
            with socket.socket() as trial:
                if trial.connect_ex(("localhost", port)) == 0:
                    break
            assert server.poll() is None, log.read_text()
            sleep(SECONDS_BETWEEN_LOOKS)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait()
    assert "Traceback" not in log.read_text()
