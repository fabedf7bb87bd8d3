"""The command that trains an experiment many times, with other values of its fields and with other seeds."""

import gc
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Context, Option

from gradstep.core.errors import GradstepError
from gradstep.tui.cli import data_options as options
from gradstep.tui.cli.completions import complete_source
from gradstep.tui.cli.exit_status import STATUS_OF_ENDING
from gradstep.tui.cli.output_file import check_nothing_is_overwritten, check_output_file
from gradstep.tui.cli.standard_streams import print_error, wrap_lines

if TYPE_CHECKING:
    from gradstep.data.sweep.sweep import Sweep
    from gradstep.data.sweep.train_group import RunResult

OPTIONS_OF_DATA = (
    "target", "task", "drop", "columns", "categories", "missing", "dates", "header", "delimiter", "decimal",
    "transposed",
)  # fmt: skip
"""The options that say how a file is read, as those of `train`."""

INTERRUPTED = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
"""The exit status for each signal that ends a sweep."""


def sweep(
    context: Context,
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
    target: options.Target = None,
    task: options.Task = None,
    drop: options.Drop = None,
    columns: options.Columns = None,
    categories: options.Categories = None,
    missing: options.Missing = None,
    dates: options.Dates = None,
    header: options.Header = None,
    delimiter: options.Delimiter = None,
    decimal: options.Decimal = None,
    transposed: options.Transposed = None,
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

    Exit status: 0 it ended, 2 bad input, 3 every run diverged, 130 ctrl+c.
    """
    outputs = {"--log": log, "--summary": summary, "--best": best}
    for option, path in outputs.items():
        check_output_file(option, path)
    if not vary and seeds is None:
        raise GradstepError("nothing to sweep: --vary names a field and its values, and --seeds how many seeds")

    from gradstep.data.experiment_options import make_experiment_from_options
    from gradstep.data.sweep.earlier_files import check_earlier_files
    from gradstep.data.sweep.executors import open_cluster, open_processes
    from gradstep.data.sweep.journal import find_journal
    from gradstep.data.sweep.run_sweep import run_sweep
    from gradstep.data.sweep.sweep import Sweep
    from gradstep.data.sweep.variation import combine, describe_draws, read_axis
    from gradstep.tui.cli.sweep_progress import SweepProgress

    gc.enable()
    axes = [read_axis(text) for text in vary or ()]
    combinations = combine(axes, random)
    given = {name: value for name, value in context.params.items() if name in OPTIONS_OF_DATA}
    base = make_experiment_from_options(Path(file) if file else None, None, given)
    check_nothing_is_overwritten(outputs, [file, base.data.path, base.network.start])
    planned = Sweep(base, combinations, seeds)
    journal = find_journal(planned.digest)
    check_earlier_files(planned, journal.read(), log, summary, best)
    if random is not None and (fewer := describe_draws(axes, random, len(combinations))):
        print(*wrap_lines([fewer], sys.stdout), sep="\n", flush=True)
    progress, received = SweepProgress(planned, plain), list[int]()
    results: dict[int, RunResult] = {}
    for number in INTERRUPTED:
        signal.signal(number, lambda number, _: received.append(number))
    with progress, open_cluster(cluster) if cluster else open_processes() as (executor, workers):
        for results in run_sweep(planned, executor, workers, journal, lambda: bool(received)):
            progress.show(results)
            _write_files(planned, results, log, summary, best)
    if received and len(results) < len(planned.runs):
        done = f"{len(results)} of {len(planned.runs)} runs are done"
        print_error(f"stopped by {signal.Signals(received[0]).name}; {done}, and the same command goes on from there")
        return INTERRUPTED[signal.Signals(received[0])]
    progress.print_end(results)
    return 0 if any(result.stopped != "diverged" for result in results.values()) else STATUS_OF_ENDING["diverged"]


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
