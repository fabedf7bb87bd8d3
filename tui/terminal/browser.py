"""Whether the program is drawn in a browser, which textual-serve arranges, and the state it keeps there."""

import os
from datetime import datetime

from platformdirs import user_state_path

ENVIRONMENT = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}
"""What a browser can show, in the words of a terminal's environment. That of the server is of another terminal."""

ENCODING = "utf-8"


def is_in_browser() -> bool:
    """Whether textual-serve has started the program: it draws through a driver that the environment names."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def use_own_state() -> None:
    """Give this visitor a state folder of their own, below that of the server.

    Everybody in a class begins as somebody new, and nobody's progress or runs get into those of others.
    """
    visit = f"{datetime.now():%Y-%m-%d-%H%M%S}-{os.getpid()}"
    os.environ["XDG_STATE_HOME"] = str(user_state_path("gradstep") / "browser" / visit)
