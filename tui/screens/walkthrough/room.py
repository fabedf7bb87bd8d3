"""How many lines each panel of the walkthrough gets."""

from textual.screen import Screen

from gradstep.tui.drawing.matrix_table import count_whole_lines
from gradstep.tui.screens.walkthrough.batch_table import BatchTable
from gradstep.tui.screens.walkthrough.example import ExamplePanel
from gradstep.tui.screens.walkthrough.explanation import Explanation
from gradstep.tui.screens.walkthrough.matrix_panel import MatrixPanel, list_tables
from gradstep.tui.screens.walkthrough.network_strip import IMAGE_HEIGHT, STRIP_HEIGHT, NetworkStrip
from gradstep.tui.screens.walkthrough.state import WalkView

LEAST_MATRIX = 4
"""The least lines for the matrices, with their border. With fewer they are hidden, as beside a gradient check."""

FEW_ROWS = 3
"""The rows of a matrix up to which all of them are shown wherever the matrices are."""

LEAST_TABLE, ENOUGH_TABLE, TABLE_SHARE, AROUND_TABLE = 8, 12, 2 / 3, 5
"""The least lines for the table of a batch that is not whole with fewer; the lines, and the share of the height, that
it takes from the explanation at most; and its lines besides the examples, with its border."""

LEAST_EXAMPLE = 6
"""The least lines for the example, with its border."""

SPARE = 12
"""With more spare lines than this, the explanation gets blank lines below it."""


def divide_room(screen: Screen[None], view: WalkView, height: int) -> None:
    """Give each panel on the right of the walkthrough its share of these lines.

    The explanation gets the lines that it needs, the matrices or the table of the batch the rest. The example is shown
    below them on a tall screen or beside the graph, and else, as an image, in the strip of the network, which takes the
    place of the graph.
    """
    explanation, example = screen.query_one(Explanation), screen.query_one(ExamplePanel)
    table = view.table_of_batch
    example.display = screen.has_class("tall") or screen.query_one("#left").display
    height -= _place_strip(screen, STRIP_HEIGHT if example.display else _count_strip_lines(view))
    width = explanation.content_size.width or screen.size.width
    room = height - (LEAST_EXAMPLE if example.display else 0)
    brief = explanation.count_brief_lines(view, width)
    least = _count_table_lines(view, height) if table else _count_matrix_lines(view, width, room - brief)
    room -= least
    needed = explanation.count_lines(view, width)
    if needed > room >= brief:
        needed = brief
    crowded = explanation.count_brief_lines(view, width, expendable=False) > room
    screen.query_one(BatchTable).display = table
    screen.query_one(MatrixPanel).display = not (table or crowded)
    lines = min(needed + (4 if room - needed > SPARE else 1), room)
    example_height = max(LEAST_EXAMPLE, min(example.count_lines(view), height - lines - least, height // 3))
    example.styles.height = example_height
    if crowded and not table:
        lines = height - (example_height if example.display else 0)
    explanation.styles.height = max(1, lines)


def _count_table_lines(view: WalkView, height: int) -> int:
    """Return the least lines of the table of the batch: all of it if it is short."""
    whole = view.walk.update.batch + AROUND_TABLE
    return min(whole, max(LEAST_TABLE, min(ENOUGH_TABLE, round(TABLE_SHARE * height))))


def _count_matrix_lines(view: WalkView, width: int, room: int) -> int:
    """Return the least lines of the matrices: those of whole ones if they have few rows.

    Whole ones that do not fit side by side have lines below each other, if there is so much room.
    """
    tables = list_tables(view)
    rows = max((table.rows for table in tables), default=0)
    if rows > FEW_ROWS:
        return LEAST_MATRIX
    whole = 1 + (count_whole_lines(tables, width) or 0)
    return whole if LEAST_MATRIX <= whole <= room else LEAST_MATRIX - 1 + rows


def _count_strip_lines(view: WalkView) -> int:
    """Return the lines of a strip that has the image or the inputs too."""
    inputs = len(view.walk.update.x[0])
    return IMAGE_HEIGHT if view.dataset.image_shape is not None else max(STRIP_HEIGHT, min(IMAGE_HEIGHT, inputs))


def _place_strip(screen: Screen[None], lines: int) -> int:
    """Show the strip where there is no graph, unless the screen is low, and return the lines that it takes."""
    strip = screen.query_one(NetworkStrip)
    strip.display = not (screen.query_one("#left").display or screen.has_class("low"))
    strip.styles.height = lines
    return lines if strip.display else 0
