"""The program with all its commands, and what it says of an error.

numpy, Textual and what uses them are imported inside the commands, so that `gradstep --version` and a mistyped option
answer at once.
"""

import gc
import os
import sys
import warnings
from errno import EDQUOT, EFBIG, ENOSPC
from typing import Annotated

from typer import Exit, Option, Typer, TyperException

from gradstep.core.errors import GradstepError, make_printable
from gradstep.data.table.problems import NoColumnError, TableError
from gradstep.tui.cli.check import check
from gradstep.tui.cli.code import code
from gradstep.tui.cli.exit_status import BAD_INPUT
from gradstep.tui.cli.export import export
from gradstep.tui.cli.hand_outs import trace, worksheet
from gradstep.tui.cli.learn import learn
from gradstep.tui.cli.listings import datasets, lessons
from gradstep.tui.cli.option_names import name_options
from gradstep.tui.cli.predict import predict
from gradstep.tui.cli.program import Program
from gradstep.tui.cli.resume import resume
from gradstep.tui.cli.runs import runs
from gradstep.tui.cli.setting_up import PASSED_ON, config, serve
from gradstep.tui.cli.standard_streams import prepare_streams, print_error, print_report
from gradstep.tui.cli.sweep import sweep
from gradstep.tui.cli.train import train
from gradstep.tui.cli.walk import walk
from gradstep.tui.terminal.browser import is_in_browser, use_own_state

DISK_FULL_ERRORS = (ENOSPC, EDQUOT, EFBIG)
"""The disk is full, the quota is used up, or the file has the largest size allowed."""

UPDATES_A_SECOND = "250"
"""Screen updates a second that Textual sends at most. With its default of 60 the answer to a key can wait 17 ms."""

app = Typer(cls=Program, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})


def main() -> None:
    """Run the command of `sys.argv`, and exit with its status."""
    # modules leave no garbage, but a tenth of the time to load them goes to looking for some; commands allow it again
    gc.disable()
    prepare_streams()
    if is_in_browser():
        use_own_state()
    if not sys.warnoptions:
        # what a user should know is said in words of our own
        warnings.simplefilter("ignore")
    os.environ.setdefault("TEXTUAL_FPS", UPDATES_A_SECOND)
    try:
        status = run(sys.argv[1:])
    finally:
        # Python collects all garbage once more at its end, which takes a third of a second after a run on the screen
        gc.freeze()
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run one command, and return its exit status.

    Bad input is reported in one line on standard error, with exit status 2.
    """
    try:
        return app(arguments, prog_name="gradstep", standalone_mode=False) or 0
    except TyperException as error:
        message = make_printable(error.format_message())
    except TableError as error:
        print_report(error.lines)
        return BAD_INPUT
    except NoColumnError as error:
        is_given = any(argument.partition("=")[0] == f"--{error.field}" for argument in arguments)
        message = error.describe_option() if is_given else str(error)
    except GradstepError as error:
        message = name_options(str(error), arguments)
    except MemoryError as error:
        message = f"not enough memory for this network and these data: {error}".removesuffix(": ")
    except OSError as error:
        what = "the output cannot be written" if error.errno in DISK_FULL_ERRORS else error.filename or "a file"
        message = make_printable(f"{what}: {error.strerror or error}")
    except ImportError as error:
        # too little memory, or too few open files; numpy's message is a page that ends with the reason
        message = f"a part of the program cannot be loaded: {str(error).strip().splitlines()[-1]}"
    print_error(message)
    return BAD_INPUT


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        print("gradstep", metadata.version("gradstep"), flush=True)
        raise Exit


@app.callback()
def _describe_program(
    version: Annotated[
        bool, Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Train a numpy neural network in the terminal, and see what every update does.

    Without a command: train. gradstep alone trains the digits, and gradstep FILE an experiment file or your own data.
    """


app.command()(learn)
app.command()(train)
app.command()(sweep)
app.command()(resume)
app.command()(check)
app.command()(runs)
app.command()(trace)
app.command()(worksheet)
app.command()(predict)
app.command()(export)
app.command()(code)
app.command()(walk)
app.command(context_settings=PASSED_ON)(serve)
app.command()(config)
app.command()(lessons)
app.command()(datasets)
