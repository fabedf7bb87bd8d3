"""`gradstep serve`: the program in browsers, a process of its own for each visitor."""

import errno
import socket
import sys

from gradstep.core.errors import GradstepError
from gradstep.data.shell_words import join_words

EVERYWHERE = ("0.0.0.0", "::")
"""The addresses that stand for every one of this machine."""

EXTRA = "this needs textual-serve, which the extra brings: pip install 'gradstep[browser]'"


def serve(host: str, port: int, public_url: str, arguments: list[str]) -> None:
    """Serve until the program is interrupted. Raises GradstepError if that cannot begin.

    Each visitor gets a process of their own, with these arguments. `public_url` is the address that their browsers
    use; empty for that of `host` and `port`.
    """
    try:
        from textual_serve.server import Server
    except ImportError:
        raise GradstepError(EXTRA) from None

    _check_port(host, port)
    if not public_url and host in EVERYWHERE:
        public_url = f"http://{socket.gethostname()}:{port}"
    command = join_words([sys.executable, "-m", "gradstep", *arguments])
    Server(command, host, port, "gradstep", public_url.rstrip("/") or None).serve()
    # asyncio complains of each visitor that is still there, whose program saves its run and ends by itself
    sys.unraisablehook = lambda _: None


def _check_port(host: str, port: int) -> None:
    """Raise GradstepError if nothing can be served at this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            advice = "; choose another --port" if error.errno == errno.EADDRINUSE else ""
            raise GradstepError(f"--host {host} --port {port}: {error.strerror or error}{advice}") from None
