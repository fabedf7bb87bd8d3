"""The moving picture of the README is small, plays by itself, loads nothing, and shows what the frames show."""

import re
from pathlib import Path
from xml.etree import ElementTree

from gradstep.tui.drawing.svg import HEIGHT, WIDTH, draw_svg
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES
from tests.moving_picture import (
    COLUMNS,
    FRAMES_A_SECOND,
    LINES,
    SECONDS,
    SECONDS_OF_LAST,
    draw_moving_svg,
    take_frames,
)

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "moving.svg"
NAMESPACE = "http://www.w3.org/2000/svg"
RULE = re.compile(r"\.(s\d+)\{([^}]*)\}")
Shape = tuple[object, ...]


def test_the_readme_shows_it_first() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"!\[[^]]+\]\(([^)]+)\)", readme)[0] == "docs/pictures/moving.svg"


def test_it_has_ten_seconds_of_frames_in_at_most_a_megabyte() -> None:
    svg = PICTURE.read_bytes()
    assert len(svg) <= 1_000_000
    frames = [each for each in ElementTree.fromstring(svg).iter(f"{{{NAMESPACE}}}g") if "class" in each.attrib]
    assert len(frames) == FRAMES_A_SECOND * (SECONDS - SECONDS_OF_LAST)
    assert all(len(frame) > 0 for frame in frames)
    assert set(re.findall(r"animation:f\d+ (\S+) step-end infinite", svg.decode())) == {"10s"}


def test_it_has_no_script_and_no_link() -> None:
    svg = PICTURE.read_text(encoding="utf-8")
    assert {each.tag.removeprefix(f"{{{NAMESPACE}}}") for each in ElementTree.fromstring(svg).iter()} == {
        *("svg", "title", "style", "rect", "g", "text")
    }
    assert not re.search(r"//|href|url\(|@import|@font-face|\son\w+=", svg.replace(NAMESPACE, ""))


async def test_the_differences_add_up_to_the_last_frame() -> None:
    frames = await take_frames(4)
    assert frames[0] != frames[-1]
    moving, last = draw_moving_svg(frames), draw_svg(frames[-1], FULL_CAPABILITIES, "")
    assert paint(moving) == paint(last)


def paint(svg: str) -> dict[tuple[int, int], list[Shape]]:
    """Return what is seen in each cell of a picture: its background, then what is drawn on it."""
    root = ElementTree.fromstring(svg)
    style = root.find(f"{{{NAMESPACE}}}style")
    assert style is not None and style.text
    rules = dict(RULE.findall(style.text))
    background, *_ = root.iter(f"{{{NAMESPACE}}}rect")
    cells: dict[tuple[int, int], list[Shape]] = {
        (row, column): [(background.attrib["fill"],)] for row in range(LINES) for column in range(COLUMNS)
    }
    for each in root.find(f"{{{NAMESPACE}}}g") or ():
        for element in each.iter():
            x, y, width = (float(element.get(name, 0)) for name in ("x", "y", "width"))
            row, column = int(y // HEIGHT), int(x // WIDTH)
            if element.text:
                for index, sign in enumerate(element.text):
                    cells[row, column + index].append((sign, rules[element.attrib["class"]]))
            elif element.tag.endswith("rect"):
                _fill(cells, row, column, width, element)
    return {cell: [shape for shape in shapes if shape[0] != " "] for cell, shapes in cells.items()}


def _fill(
    cells: dict[tuple[int, int], list[Shape]], row: int, column: int, width: float, element: ElementTree.Element
) -> None:
    """Hide what the cells of a rectangle show, or draw a part of a cell on it."""
    height, fill = float(element.attrib["height"]), element.attrib["fill"]
    for index in range(max(1, int(width // WIDTH))):
        shapes = cells[row, column + index]
        if height == HEIGHT and width >= WIDTH:
            shapes[:] = [(fill,)]
        else:
            shapes.append((float(element.attrib["y"]) % HEIGHT, height, min(width, WIDTH), fill))
