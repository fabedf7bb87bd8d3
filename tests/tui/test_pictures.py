"""Pictures of the screen: they show what it shows, everywhere, load nothing, and write over nothing."""

import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest
from textual.command import CommandPalette
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input

from gradstep.tui.app import GradstepApp
from gradstep.tui.drawing.svg import HEIGHT, WIDTH
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities
from tests.tui.driving import AppPilot, assembled, drawn, until, wait_for_computations

NAMESPACE = "http://www.w3.org/2000/svg"
FILL = re.compile(r"fill:#([0-9a-f]{6})")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which is empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@asynccontextmanager
async def opened(
    capabilities: TerminalCapabilities = FULL_CAPABILITIES, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[AppPilot]:
    app = GradstepApp(TrainingSession(assembled(), None, paused=True), capabilities=capabilities)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(lambda: len(app.screen_stack) > 1, pilot)
        await drawn(pilot)
        yield pilot


async def take(pilot: AppPilot, key: str = "ctrl+o") -> str:
    """Press a key for a picture, wait for the note with its name, and return the picture."""
    before = set(Path().iterdir())
    await pilot.press(key)
    await until(lambda: any(path.name in notes(pilot) for path in set(Path().iterdir()) - before), pilot)
    (path,) = set(Path().iterdir()) - before
    return path.read_text(encoding="utf-8")


def notes(pilot: AppPilot) -> str:
    return " ".join(str(toast.render()) for toast in pilot.app.screen.query("Toast"))


def read_cells(svg: str) -> dict[tuple[int, int], str]:
    """Return the characters of the words in a picture by their row and column."""
    root = ElementTree.fromstring(svg)
    cells = {}
    for text in root.iter(f"{{{NAMESPACE}}}text"):
        row, column = int(text.attrib["y"]) // HEIGHT, int(text.attrib["x"]) // WIDTH
        cells |= {(row, column + index): sign for index, sign in enumerate(text.text or "")}
    return cells


def fills(svg: str) -> set[str]:
    return set(FILL.findall(svg))


def lightness(code: str) -> int:
    return sum(bytes.fromhex(code))


async def test_a_picture_shows_the_characters_of_the_screen_where_they_are() -> None:
    async with opened() as pilot:
        assert isinstance(pilot.app, GradstepApp)
        lines = [line.text for line in pilot.app.read_screen()]
        cells = read_cells(await take(pilot))
        assert len(cells) > 500
        assert all(lines[row][column] == sign for (row, column), sign in cells.items())
        missing = {
            sign for row, line in enumerate(lines) for column, sign in enumerate(line) if (row, column) not in cells
        }
        assert all(sign == " " or "▀" <= sign <= "▏" for sign in missing)


async def test_a_picture_can_be_taken_on_every_screen_in_dialogs_and_while_typing() -> None:
    async with opened() as pilot:
        for keys, words in {
            "w": "Walkthrough|forward",
            "escape x": "weight",
            "escape V": "Valley|lands",
            "escape R": "lane|race",
            "escape f": "f′",
            "escape question_mark": "Help ─",
            "escape e": "Experiment",
            "enter": "name:",
            "escape escape colon": "earch for",
        }.items():
            await pilot.press(*keys.split())
            await wait_for_computations(pilot)
            svg = await take(pilot)
            assert re.search(words, svg), keys
            # behind a dialog the note on the picture before is still there
            assert "written:" not in svg or isinstance(pilot.app.screen, ModalScreen)
            assert not re.search(r"<script|href|url\(|@import|//", svg.replace(NAMESPACE, "")), keys
        assert isinstance(pilot.app.screen, CommandPalette)


async def test_a_picture_of_a_line_that_is_typed_leaves_the_line_as_it_is() -> None:
    async with opened() as pilot:
        await pilot.press("e", "enter")
        line = pilot.app.screen.query_one(Input)
        before = line.value
        for key in ("ctrl+o", "ctrl+y"):
            assert before in "".join(read_cells(await take(pilot, key)).values())
        assert (line.value, line.has_focus) == (before, True)


@pytest.mark.parametrize("text", ["picture", "screenshot"])
async def test_the_palette_finds_it_and_is_not_on_the_picture(text: str) -> None:
    async with opened() as pilot:
        await pilot.press("colon", *text)
        await until(lambda: "screenshot" in "".join(line.text for line in read_lines(pilot)), pilot)
        await pilot.press("enter")
        await until(lambda: "written: " in notes(pilot), pilot)
        (path,) = Path().iterdir()
        assert "Architecture" in path.read_text(encoding="utf-8")
        assert "earch for" not in path.read_text(encoding="utf-8")


def read_lines(pilot: AppPilot) -> list[Strip]:
    assert isinstance(pilot.app, GradstepApp)
    return pilot.app.read_screen()


@pytest.mark.parametrize(
    "capabilities",
    [
        TerminalCapabilities(),
        TerminalCapabilities("256", background="light"),
        TerminalCapabilities("16"),
        TerminalCapabilities("none", "ascii", "light"),
    ],
    ids=lambda each: f"{each.colours} {each.background}",
)
async def test_it_has_the_colours_and_glyphs_of_the_terminal_or_those_of_the_other_background(
    capabilities: TerminalCapabilities,
) -> None:
    async with opened(capabilities) as pilot:
        own, other = await take(pilot), await take(pilot, "ctrl+y")
    dark, light = (own, other) if capabilities.background == "dark" else (other, own)
    grounds = [re.search(r'rx="8" fill="#([0-9a-f]{6})"', svg) for svg in (dark, light)]
    assert grounds[0] and lightness(grounds[0][1]) < 100
    assert grounds[1] and lightness(grounds[1][1]) > 600
    assert max(map(lightness, fills(dark))) > 500
    assert min(map(lightness, fills(light))) < 250
    assert (own.isascii() and other.isascii()) == (capabilities.glyphs == "ascii")
    assert (len(fills(own)) == 1) == (capabilities.colours == "none")
    assert read_cells(own) == read_cells(other)


async def test_the_next_picture_has_another_name_and_no_note_on_the_one_before() -> None:
    Path("gradstep-iris-step-0.svg").write_text("mine")
    async with opened() as pilot:
        first, second = await take(pilot), await take(pilot)
    assert first == second
    names = {"gradstep-iris-step-0.svg", "gradstep-iris-step-0-2.svg", "gradstep-iris-step-0-3.svg"}
    assert {path.name for path in Path().iterdir()} == names
    assert Path("gradstep-iris-step-0.svg").read_text() == "mine"


async def test_a_folder_that_is_gone_is_a_note_that_is_whole_on_a_small_screen(folder: Path) -> None:
    async with opened(size=(40, 12)) as pilot:
        folder.rmdir()
        await pilot.press("ctrl+o")
        await until(lambda: "cannot be written: No such file or directory" in notes(pilot), pilot)
        await until(lambda: "No such" in "".join(line.text for line in read_lines(pilot)), pilot)
        folder.mkdir()


async def test_it_is_made_and_written_in_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def remember(*_: object) -> str:
        threads.append(threading.current_thread())
        return ""

    monkeypatch.setattr("gradstep.tui.widgets.terminal_app.draw_svg", remember)
    async with opened() as pilot:
        await take(pilot)
    assert threads and threading.main_thread() not in threads
