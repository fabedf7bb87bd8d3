"""The command that trains an experiment many times, with other values of its fields and with other seeds."""

import gc
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from gradstep.core.errors import GradstepError
from gradstep.tui.cli.completions import complete_source
from gradstep.tui.cli.standard_streams import print_error
from gradstep.tui.cli.summary_file import check_output_file

if TYPE_CHECKING:
    from gradstep.data.sweep.sweep import Sweep
    from gradstep.data.sweep.train_group import RunResult

INTERRUPTED = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
"""The exit status for each signal that ends a sweep."""


def sweep(
    file: Annotated[
        str,
        Argument(
            metavar="FILE",
            help="An experiment file (TOML), a data file or folder, or a built-in data set.",
            show_default="digits",
            autocompletion=complete_source,
        ),
    ] = "",
    vary: Annotated[
        list[str] | None,
        Option(
            metavar="FIELD=VALUES",
            help="A field of the experiment and its values: learning_rate=0.01,0.1, hidden=8/16,16, l2=1e-5..1e-2. "
            "May be given several times.",
        ),
    ] = None,
    seeds: Annotated[
        int | None,
        Option(help="Train each combination with so many seeds of the first weights.", show_default="1", min=1),
    ] = None,
    random: Annotated[
        int | None,
        Option("--random", metavar="N", help="Draw so many combinations, in place of all.", show_default="all", min=1),
    ] = None,
    log: Annotated[Path | None, Option(metavar="FILE", help="Write a row for each run as CSV.")] = None,
    summary: Annotated[Path | None, Option(metavar="FILE", help="Write combinations and runs as JSON.")] = None,
    best: Annotated[Path | None, Option(metavar="FILE", help="Write the best as an experiment file.")] = None,
    cluster: Annotated[
        str | None, Option(metavar="ADDRESS", help="Train on the Dask cluster with this scheduler.")
    ] = None,
    plain: Annotated[bool, Option("--plain", help="Print lines of text instead of drawing a table.")] = False,
) -> int:
    """Train an experiment with other values of its fields and other seeds, many networks at once.

    A sweep that was interrupted goes on where it was with the same command.
    """
    for option, path in (("--log", log), ("--summary", summary), ("--best", best)):
        check_output_file(option, path)
    if not vary and seeds is None:
        raise GradstepError("nothing to sweep: --vary names a field and its values, and --seeds how many seeds")

    from gradstep.data.experiment import make_experiment
    from gradstep.data.given_source import load_given
    from gradstep.data.sweep.executors import open_cluster, open_processes
    from gradstep.data.sweep.journal import find_journal
    from gradstep.data.sweep.run_sweep import run_sweep
    from gradstep.data.sweep.sweep import Sweep
    from gradstep.data.sweep.variation import combine, read_axis
    from gradstep.tui.cli.sweep_progress import SweepProgress

    gc.enable()
    combinations = combine([read_axis(text) for text in vary or ()], random)
    planned = Sweep(load_given(file, {}) if file else make_experiment({}), combinations, seeds)
    progress, received = SweepProgress(planned, plain), list[int]()
    results: dict[int, RunResult] = {}
    for number in INTERRUPTED:
        signal.signal(number, lambda number, _: received.append(number))
    with progress, open_cluster(cluster) if cluster else open_processes() as (executor, workers):
        for results in run_sweep(planned, executor, workers, find_journal(planned.digest), lambda: bool(received)):
            progress.show(results)
            _write_files(planned, results, log, summary, best)
    if received and len(results) < len(planned.runs):
        done = f"{len(results)} of {len(planned.runs)} runs are done"
        print_error(f"stopped by {signal.Signals(received[0]).name}; {done}, and the same command goes on from there")
        return INTERRUPTED[signal.Signals(received[0])]
    progress.print_end(results)
    return 0


def _write_files(
    planned: "Sweep", results: Mapping[int, "RunResult"], log: Path | None, summary: Path | None, best: Path | None
) -> None:
    """Write what was asked for, as far as the results go."""
    from gradstep.data.atomic_write import write_atomically
    from gradstep.data.experiment import save_experiment
    from gradstep.data.sweep.standings import find_standings, format_csv, format_json

    if log is not None:
        write_atomically(log, format_csv(planned, results).encode())
    if summary is not None:
        write_atomically(summary, format_json(planned, results).encode())
    first = find_standings(planned, results)[0]
    if best is not None and first.loss is not None:
        save_experiment(best, first.first.experiment)
