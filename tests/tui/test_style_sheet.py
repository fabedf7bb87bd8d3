"""Every selector of the style sheet matches a widget, because Textual ignores a rule that matches none."""

import re
from pathlib import Path

from textual.screen import Screen
from textual.widgets import Static
from textual.widgets._toast import Toast, ToastRack

import gradstep.tui.app

TUI = Path(gradstep.tui.app.__file__).parent
SELECTORS = re.findall(r"([^{}]+)\{", (TUI / "gradstep.tcss").read_text(encoding="utf-8"))
SOURCE = "".join(path.read_text(encoding="utf-8") for path in TUI.rglob("*.py"))


def find_names(pattern: str) -> set[str]:
    """Return the names in the selectors that match this pattern."""
    return {name for selector in SELECTORS for name in re.findall(pattern, selector)}


def test_every_widget_class_in_the_style_sheet_is_defined() -> None:
    theirs = {each.__name__ for each in (Screen, Static, Toast, ToastRack)}
    classes = theirs.union(re.findall(r"^class (\w+)", SOURCE, re.MULTILINE))
    found = find_names(r"(?<![#.\w-])[A-Z]\w*")
    assert found
    assert found <= classes


def test_every_id_in_the_style_sheet_belongs_to_a_widget() -> None:
    ids = set(re.findall(r'id="([\w-]+)"', SOURCE))
    found = find_names(r"#([\w-]+)")
    assert found
    assert found <= ids
