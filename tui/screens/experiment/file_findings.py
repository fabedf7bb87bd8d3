"""What was found out about the file of an experiment, as lines of the form's details."""

from textual.strip import Strip

from gradstep.data.dataset import Dataset
from gradstep.tui.drawing.palette import BAD, DIM, PLAIN
from gradstep.tui.drawing.strips import make_line, wrap_text


def draw_file_findings(dataset: Dataset, width: int, room: int) -> list[Strip]:
    """Draw what was decided about a file, and the warnings, as many as fit whole on so many lines.

    Where some do not fit, the last line says so.
    """
    decided = [strip for line in dataset.decided for strip in wrap_text(line, width, PLAIN, "  ")]
    strips = [make_line(("Found in the file:", DIM)), *decided]
    blocks = [wrap_text(f"! {warning}", width, BAD, "  ") for warning in dataset.warnings]
    if not decided or len(strips) + bool(blocks) > room:
        return []
    while blocks:
        more = wrap_text(f"! {_count(len(blocks) - 1)}: gradstep check", width, BAD, "  ") if len(blocks) > 1 else []
        if len(strips) + len(blocks[0]) + len(more) > room:
            break
        strips += blocks.pop(0)
    if blocks:
        strips += wrap_text(f"! {_count(len(blocks))}: gradstep check", width, BAD, "  ")[: max(0, room - len(strips))]
    return strips


def _count(warnings: int) -> str:
    return "1 more warning" if warnings == 1 else f"{warnings} more warnings"
