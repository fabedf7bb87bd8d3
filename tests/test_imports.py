"""The rooms of the house, and which of them may import which."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from gradstep.core.network.optimizer import Optimizer
from gradstep.core.network.optimizers import OPTIMIZERS

ROOT = Path(__file__).parent.parent

NOTATION = "core/notation core/calculator core/equation"
CORE = f"core/errors {NOTATION} core/network core/training core/observation core/ledger"
NUMBERS = "tui/numbers tui/round_numbers"
GROUND = f"{NUMBERS} tui/keymap tui/runs_keys tui/screen_keys tui/chosen_keys tui/terminal"
SCREENS = [
    f"tui/screens/{folder}"
    for folder in (
        "training",
        "walkthrough",
        "weights",
        "experiment",
        "explorer",
        "race",
        "luck",
        "valley",
        "paint",
        "importance",
        "runs",
    )
]

MAY_IMPORT: dict[str, str] = {
    # computes
    "core/errors": "",
    "core/notation": "",
    "core/calculator": "",
    "core/equation": "core/notation core/calculator",
    "core/network": f"core/errors {NOTATION}",
    "core/training": "core/errors core/network",
    "core/observation": "core/errors core/network core/training",
    "core/ledger": f"core/errors {NOTATION} core/network core/training",
    # reads and writes; its folders, formats and generators, are part of the room
    "data": "core/errors core/network core/training",
    # shows: the ground
    "tui/numbers": "",
    "tui/round_numbers": "",
    "tui/keymap": "",
    "tui/runs_keys": "tui/keymap",
    "tui/screen_keys": "tui/keymap tui/runs_keys",
    "tui/chosen_keys": "tui/keymap tui/screen_keys",
    "tui/memory": "",
    "tui/garbage_collection": "tui/memory",
    "tui/terminal": "",
    # arrays as lines of text, and beside it the run at work
    "tui/drawing": f"{CORE} data {GROUND}",
    "tui/session": f"{CORE} data {NUMBERS} tui/keymap tui/screen_keys",
    # panels and screens
    "tui/widgets": f"data {GROUND} tui/drawing tui/session",
    "tui/screens/dialogs": f"{GROUND} tui/drawing tui/widgets",
    **dict.fromkeys(SCREENS, f"{CORE} data {GROUND} tui/drawing tui/session tui/widgets"),
    "tui/screens/course": f"data {GROUND} tui/drawing tui/widgets",
    # the program
    "tui/course": f"{CORE} data {GROUND} tui/drawing tui/session tui/widgets",
    "tui/session_actions": f"{GROUND} tui/session tui/widgets",
    "tui/course_actions": f"data {GROUND} tui/session tui/widgets tui/course tui/session_actions tui/screens/course",
    "tui/opened_screens": " ".join(SCREENS),
    "tui/opening_actions": f"core/errors data {GROUND} tui/drawing tui/session tui/course_actions tui/opened_screens "
    f"{' '.join(SCREENS)}",
    "tui/app": f"data {GROUND} tui/garbage_collection tui/session tui/widgets "
    "tui/screens/dialogs tui/screens/training tui/opening_actions",
    # paper
    "tui/handout": f"{CORE} data tui/drawing tui/session",
    "tui/cli": f"{CORE} data {GROUND} tui/garbage_collection tui/memory tui/drawing tui/session tui/widgets tui/course "
    "tui/app tui/handout",
    "tui/entry": "tui/cli",
}
"""Each room, and the rooms that its files may import. A room is a folder, or a file that stands alone."""

TEXTUAL_WIDGETS = ("textual.app", "textual.screen", "textual.widget", "textual.widgets", "textual.containers")


def module_of(path: Path) -> str:
    """The import name of a source file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("gradstep", *(part for part in parts if part != "__init__")))


SOURCES = {
    module_of(path): path for package in ("core", "data", "tui") for path in sorted((ROOT / package).rglob("*.py"))
}


@cache
def imported(module: str) -> frozenset[str]:
    """Every module that a file imports, wherever in it the import stands, for the types alone too."""
    return frozenset(_imported(SOURCES[module]))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}, line {node.lineno}: imports are absolute"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def in_the_house(module: str) -> set[str]:
    """The files of the house that a file imports."""
    return {name for name in imported(module) if name in SOURCES and len(name.split(".")) > 2}


def room_of(module: str) -> str | None:
    """The room that a file stands in; None for a package that holds rooms and nothing else."""
    path = module.removeprefix("gradstep.").replace(".", "/")
    return max((room for room in MAY_IMPORT if f"{path}/".startswith(f"{room}/")), key=len, default=None)


@pytest.mark.parametrize("module", SOURCES)
def test_every_file_stands_in_a_room(module: str) -> None:
    assert room_of(module) or module in ("gradstep.core", "gradstep.tui", "gradstep.tui.screens")


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_no_room_but_those_of_the_table(room: str) -> None:
    modules = [module for module in SOURCES if room_of(module) == room]
    assert modules
    arrows = {room_of(name) for module in modules for name in in_the_house(module)}
    assert arrows - {room, None} <= set(MAY_IMPORT[room].split())


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values())
def test_no_file_asks_for_an_optimizers_class(optimizer: type[Optimizer]) -> None:
    assert not [module for module in SOURCES if f"{optimizer.__module__}.{optimizer.__name__}" in imported(module)]


def test_the_table_has_no_circle() -> None:
    assert_no_circle({room: set(others.split()) for room, others in MAY_IMPORT.items()})


def test_no_files_import_each_other_in_a_circle() -> None:
    assert_no_circle({module: in_the_house(module) for module in SOURCES})


def assert_no_circle(arrows: dict[str, set[str]]) -> None:
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def modules_of(room: str) -> list[str]:
    found = [module for module in SOURCES if (room_of(module) or "").startswith(room)]
    assert found
    return found


@pytest.mark.parametrize("module", modules_of("core"))
def test_core_knows_numpy_and_the_standard_library_only(module: str) -> None:
    assert {name.split(".")[0] for name in imported(module)} <= {"gradstep", "numpy", *sys.stdlib_module_names}


@pytest.mark.parametrize("module", modules_of("tui/session"))
def test_the_session_knows_no_textual(module: str) -> None:
    assert not any(name.split(".")[0] == "textual" for name in imported(module))


@pytest.mark.parametrize("module", modules_of("tui/drawing"))
def test_drawing_knows_no_run_no_session_and_no_widget(module: str) -> None:
    barred = ("gradstep.data.assemble", "gradstep.tui.session", "gradstep.tui.screens", "gradstep.tui.widgets")
    for name in reachable(module) | imported(module):
        assert not f"{name}.".startswith(tuple(f"{each}." for each in (*barred, *TEXTUAL_WIDGETS)))


@pytest.mark.parametrize("module", modules_of("tui/screens"))
def test_a_screens_folder_imports_no_other_screens(module: str) -> None:
    rooms = {room_of(name) for name in in_the_house(module)}
    assert {room for room in rooms if room and room.startswith("tui/screens")} <= {room_of(module)}


def reachable(module: str) -> set[str]:
    """Every file of the house that is loaded with a file."""
    found: set[str] = set()
    ahead = [module]
    while ahead:
        new = in_the_house(ahead.pop()) - found
        found |= new
        ahead += new
    return found


def test_the_first_frame_is_drawn_without_the_screens_that_a_key_opens() -> None:
    script = "import sys, gradstep.tui.cli.screen_run; print('gradstep.tui.opened_screens' in sys.modules, end='')"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert loaded == "False"
