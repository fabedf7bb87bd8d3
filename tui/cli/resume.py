"""The command that goes on with a saved run."""

from typing import Annotated

from typer import Argument, Option

from gradstep.tui.cli import resume_options
from gradstep.tui.cli import train_options as options
from gradstep.tui.cli.completions import complete_run
from gradstep.tui.cli.display_options import DisplayOptions, with_display_options
from gradstep.tui.cli.output_file import check_earlier_summary, check_nothing_is_overwritten, check_output_file
from gradstep.tui.cli.runs import runs
from gradstep.tui.cli.standard_streams import is_interactive
from gradstep.tui.cli.train_and_summarize import train_and_summarize
from gradstep.tui.terminal.signal_watcher import SignalWatcher


@with_display_options
def resume(
    run: Annotated[
        str,
        Argument(
            metavar="RUN|FILE",
            help="A saved run (its name, or the beginning of it), or a checkpoint file.",
            show_default="newest",
            autocompletion=complete_run,
        ),
    ] = "",
    list_runs: Annotated[bool, Option("--list", help="List the saved runs, as gradstep runs does.")] = False,
    data: resume_options.Data = None,
    optimizer: resume_options.Optimizer = None,
    learning_rate: resume_options.LearningRate = None,
    batch_size: resume_options.BatchSize = None,
    l1: resume_options.L1 = None,
    l2: resume_options.L2 = None,
    target_loss: resume_options.TargetLoss = None,
    target_accuracy: resume_options.TargetAccuracy = None,
    patience: resume_options.Patience = None,
    max_epochs: resume_options.MaxEpochs = None,
    max_steps: resume_options.MaxSteps = None,
    plain: options.Plain = False,
    summary: options.SummaryFile = None,
    log: options.LogFile = None,
    *,
    display: DisplayOptions,
) -> int:
    """Go on with a saved run, bit for bit as if it had never stopped; without a name, with the newest.

    With options it goes on with other values from its present step on, as if they had been changed on the screen.

    Exit status: 0 it ended or you quit, 2 bad input, 3 diverged, 4 no better than a constant guess, 130 ctrl+c.
    """
    changes = {
        "optimizer": optimizer,
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "l1": l1,
        "l2": l2,
        "target_loss": target_loss,
        "target_accuracy": target_accuracy,
        "patience": patience,
        "max_epochs": max_epochs,
        "max_steps": max_steps,
    }
    check_output_file("--summary", summary)
    watcher = None if list_runs or plain or not is_interactive() else SignalWatcher()

    from gradstep.data.experiment_options import parse_options
    from gradstep.data.find_run import find_checkpoint
    from gradstep.data.resume import resume_run

    if list_runs:
        return runs()
    saves, checkpoint = find_checkpoint(run)
    check_nothing_is_overwritten({"--log": log, "--summary": summary}, [run, checkpoint.experiment.data.path, data])
    check_earlier_summary(summary)
    saves.open_to_resume()
    training = parse_options(changes)
    return train_and_summarize(lambda: resume_run(checkpoint, data, training), saves, watcher, display, summary, log)
