"""A processor that other work keeps busy, as on a machine that is shared."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_busy_processor(busy: bool) -> Iterator[None]:
    """Keep one processor busy, if `busy`."""
    if not busy:
        yield
        return
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as program:
        try:
            yield
        finally:
            program.kill()
