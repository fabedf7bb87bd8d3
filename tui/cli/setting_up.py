"""The commands about the program itself: how it is set up, and how it is served to browsers."""

from typing import Annotated

from typer import Argument, Option

PASSED_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}
"""Settings of a command whose arguments are a command line themselves."""


def serve(
    arguments: Annotated[
        list[str] | None,
        Argument(metavar="[COMMAND…]", help="What each visitor gets, as after gradstep.", show_default="learn"),
    ] = None,
    host: Annotated[str, Option(metavar="ADDRESS", help="The address to listen at; 0.0.0.0: every one.")] = "localhost",
    port: Annotated[int, Option(min=1, max=65535, metavar="N", help="The port.")] = 8000,
    public_url: Annotated[
        str,
        Option(
            metavar="URL", help="The address for the browsers of others.", show_default="that of the host and the port"
        ),
    ] = "",
) -> None:
    """Serve gradstep to browsers, for a class without terminals. Whoever reaches the address acts here as you."""
    from gradstep.tui.cli.serve import serve as serve_in_browsers

    serve_in_browsers(host, port, public_url, arguments or ["learn"])


def config() -> None:
    """Print where the configuration file is, what it sets, and everything that can be set: keys, theme, pace, …"""
    from gradstep.tui.cli.config import describe_config

    print(describe_config(), flush=True)
