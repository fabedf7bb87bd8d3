"""The command that writes a run for other programs: its network, or its history."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Option

from gradstep.core.errors import GradstepError
from gradstep.tui.cli.file_options import Best, ExportFile, MovedData, Overwrite, SavedRunName
from gradstep.tui.cli.output_file import check_new_file

if TYPE_CHECKING:
    from gradstep.data.checkpoint import Checkpoint

Format = Literal["safetensors", "npz", "csv", "jsonl"]
FORMATS: tuple[Format, ...] = ("safetensors", "npz", "csv", "jsonl")


def export(
    run: SavedRunName = "",
    format: Annotated[
        Format | None,
        Option(
            help="safetensors, npz: the weights in PyTorch's names and shapes, with the scaling and all names. "
            "csv, jsonl: the history, a row for each score.",
            show_default="that of FILE, or safetensors",
        ),
    ] = None,
    output: ExportFile = None,
    overwrite: Overwrite = False,
    best: Best = False,
    data: MovedData = None,
) -> int:
    """Write the network of a run to a file for PyTorch, numpy and gradstep predict, or print its history."""
    from gradstep.data.find_run import find_checkpoint
    from gradstep.data.new_file import write_new_file, write_output_file

    gc.enable()
    check_new_file("--output", output, overwrite)
    saved, checkpoint = find_checkpoint(run)
    chosen = format or _read_suffix(output)
    content = _write(checkpoint, chosen, best, data)
    if output is not None:
        write_output_file(output, content, overwrite)
    elif chosen in ("csv", "jsonl"):
        print(content.decode(), end="", flush=True)
    else:
        print(write_new_file(Path(f"{saved.name}.{chosen}"), content), flush=True)
    return 0


def _read_suffix(output: Path | None) -> Format:
    """Return the format that the name of a file says; safetensors without a file. Raises GradstepError."""
    if output is None:
        return "safetensors"
    suffix = output.suffix.lower().removeprefix(".")
    for name in FORMATS:
        if suffix == name:
            return name
    raise GradstepError(f"--output {output}: its end says no format; give --format {', '.join(FORMATS)}")


def _write(checkpoint: "Checkpoint", format: Format, best: bool, data: str | None) -> bytes:
    from gradstep.data.model_file import write_model, write_model_as_npz
    from gradstep.data.trained_model import go_to_best, make_model

    if format == "csv" or format == "jsonl":
        if best:
            raise GradstepError(f"--best: {format} is the history of the whole run; safetensors and npz hold weights")
        return _write_history(checkpoint, format)
    model = make_model(go_to_best(checkpoint) if best else checkpoint, data)
    return write_model(model) if format == "safetensors" else write_model_as_npz(model)


def _write_history(checkpoint: "Checkpoint", format: Literal["csv", "jsonl"]) -> bytes:
    from gradstep.data.history_rows import list_history_rows
    from gradstep.data.run_log import FORMATS as LOG_FORMATS
    from gradstep.data.saved_history import read_history

    head, write_row = LOG_FORMATS[f".{format}"]
    return (head + "".join(map(write_row, list_history_rows(read_history(checkpoint))))).encode()
