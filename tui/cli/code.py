"""The command that writes an experiment as a script of another library."""

import gc
import io
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from gradstep.core.errors import GradstepError
from gradstep.tui.cli.completions import complete_run
from gradstep.tui.cli.file_options import MovedData, OutputFile, Overwrite
from gradstep.tui.cli.output_file import check_new_file
from gradstep.tui.cli.standard_streams import print_error

if TYPE_CHECKING:
    from gradstep.data.script.plan import ScriptPlan


def code(
    what: Annotated[
        str,
        Argument(
            metavar="RUN|FILE",
            help="A saved run (its name, or the beginning of it), a checkpoint file, an experiment file (TOML), or the "
            "name of a lesson.",
            show_default="newest run",
            autocompletion=complete_run,
        ),
    ] = "",
    library: Annotated[
        Literal["numpy", "pytorch", "sklearn"],
        Option("--as", help="What the script trains with: numpy, pytorch, sklearn."),
    ] = "numpy",
    output: OutputFile = None,
    overwrite: Overwrite = False,
    data: MovedData = None,
) -> int:
    """Print a Python script that trains the same network to the same numbers, without gradstep."""
    from gradstep.data.script.write_script import WRITERS, write_data_file

    gc.enable()
    if output is not None and not os.path.isdir(output):
        check_new_file("--output", output, overwrite)
    plan = _make_plan(what, data)
    if output is not None:
        script = output / f"{_name_data(plan)}.py" if os.path.isdir(output) else output
        plan = replace(plan, data_file=Path(script.with_suffix(".npz").name))
        _write_files(plan, script, WRITERS[library](plan), overwrite)
        return 0
    plan = replace(plan, data_file=Path(f"{_name_data(plan)}.npz").absolute())
    text = WRITERS[library](plan)
    if not plan.is_inline:
        file = _write_data_here(plan.data_file, write_data_file(plan))
        plan = replace(plan, data_file=file)
        text = WRITERS[library](plan)
        print_error(f"the script reads its data from {file}")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # Python's own, whatever the terminal's is
    print(text, end="", flush=True)
    return 0


def _make_plan(what: str, data: str | None) -> "ScriptPlan":
    """Plan the script of a run or of an experiment, whichever has this name."""
    from gradstep.data.experiment_options import load_experiment_or_lesson
    from gradstep.data.find_run import find_checkpoint
    from gradstep.data.lesson import lesson_names
    from gradstep.data.script.write_script import plan_checkpoint, plan_experiment

    if what.endswith(".toml") or what in lesson_names():
        if data is not None:
            raise GradstepError(f"--data {data}: {what} is no saved run, and says itself where its data are")
        return plan_experiment(load_experiment_or_lesson(what)[0])
    return plan_checkpoint(find_checkpoint(what)[1], data)


def _name_data(plan: "ScriptPlan") -> str:
    from gradstep.data.saved_runs import make_file_name

    return make_file_name(plan.run.dataset.name)


def _write_files(plan: "ScriptPlan", script: Path, text: str, overwrite: bool) -> None:
    """Write the script, and the data that it reads beside it; none of them where one may not be written over."""
    from gradstep.data.new_file import write_output_file
    from gradstep.data.script.write_script import write_data_file

    if not plan.is_inline and script.suffix != ".py":
        raise GradstepError(f"--output {script}: a script is named with .py at its end; its data stand beside it")
    check_new_file("--output", script, overwrite)
    if not plan.is_inline:
        data = script.with_suffix(".npz")
        check_new_file("--output", data, overwrite)
        write_output_file(data, write_data_file(plan), overwrite)
    write_output_file(script, text.encode(), overwrite)


def _write_data_here(path: Path, content: bytes) -> Path:
    """Write the data to a new file of this name, or take the one that is there if it has the same data."""
    from gradstep.data.new_file import write_new_file

    try:
        if path.read_bytes() == content:
            return path
    except OSError:
        pass
    return write_new_file(path, content)
