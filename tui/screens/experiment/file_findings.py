"""What was found out about the file of an experiment, as lines of the form's details."""

from textual.strip import Strip

from gradstep.data.dataset import Dataset
from gradstep.tui.drawing.palette import BAD, DIM, PLAIN
from gradstep.tui.drawing.strips import make_line, wrap_text
from gradstep.tui.numbers import format_count
from gradstep.tui.screens.experiment.state import FormView

TITLE = "Found in the file:"


def draw_chosen_file(view: FormView, width: int, room: int) -> list[Strip]:
    """Draw what is in the file of the edited experiment, or why that is not known, on at most so many lines."""
    file = view.chosen_file
    if file is None:
        return [make_line((f"{TITLE} it is being read …", DIM))][: max(0, room)]
    if file.dataset is not None:
        return draw_file_findings(file.dataset, width, room)
    if file.trouble == view.complaint:
        return []
    lines = file.trouble.splitlines()
    strips = [strip for line in lines for strip in wrap_text(line.strip(), width, BAD, "  ")]
    if len(strips) + 1 > room:
        strips = [*strips[: max(0, room - 2)], *wrap_text("! gradstep check says it all", width, BAD)]
    return [make_line((TITLE, DIM)), *strips][: max(0, room)]


def draw_file_findings(dataset: Dataset, width: int, room: int) -> list[Strip]:
    """Draw what was decided about a file, and the warnings, as many as fit whole on so many lines.

    Where some do not fit, the last line says so.
    """
    lines = dataset.decided or (_describe(dataset),)
    decided = [strip for line in lines for strip in wrap_text(line, width, PLAIN, "  ")]
    strips = [make_line((TITLE, DIM)), *decided]
    blocks = [wrap_text(f"! {warning}", width, BAD, "  ") for warning in dataset.warnings]
    if len(strips) + bool(blocks) > room:
        return []
    while blocks:
        more = wrap_text(f"! {_count(len(blocks) - 1)}: gradstep check", width, BAD, "  ") if len(blocks) > 1 else []
        if len(strips) + len(blocks[0]) + len(more) > room:
            break
        strips += blocks.pop(0)
    if blocks:
        strips += wrap_text(f"! {_count(len(blocks))}: gradstep check", width, BAD, "  ")[: max(0, room - len(strips))]
    return strips


def _describe(dataset: Dataset) -> str:
    """Describe data that are no table of text in a line."""
    rows, inputs = dataset.inputs.shape
    shape = dataset.image_shape
    what = "{} images of {}×{}".format(format_count(rows), *shape) if shape else f"{format_count(rows)} rows"
    of = "" if shape else f" of {format_count(inputs)} inputs"
    learnt = f"{len(dataset.class_names)} classes" if dataset.task == "classification" else "a number"
    if dataset.targets is not None and dataset.targets.shape[1] > 1:
        learnt = f"{dataset.targets.shape[1]} numbers"
    return f"{what}{of}; learns {learnt}"


def _count(warnings: int) -> str:
    return "1 more warning" if warnings == 1 else f"{warnings} more warnings"
