"""The entry point of the program: it can be interrupted from the first moment."""

import signal


def main() -> None:
    """Load the commands, and run that of `sys.argv`."""
    raises = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if raises:
        # ctrl+c while modules are loaded ends the program like any other, and not with a traceback
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from gradstep.tui.cli.main import main as run_command

    if raises:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run_command()
