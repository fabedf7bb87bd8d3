"""The formats of a document, by the names that the commands know."""

from collections.abc import Callable
from typing import Literal

from gradstep.tui.handout.document import Document
from gradstep.tui.handout.html import write_html
from gradstep.tui.handout.latex import write_latex
from gradstep.tui.handout.markdown import write_markdown

Format = Literal["markdown", "latex", "html"]

FORMATS: dict[Format, Callable[[Document], str]] = {
    "markdown": write_markdown,
    "latex": write_latex,
    "html": write_html,
}
