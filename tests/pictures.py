"""Draws the pictures in docs/pictures with the program itself: `python tests/pictures.py`."""

import asyncio
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.pilot import Pilot

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.tui.app import GradstepApp
from gradstep.tui.drawing.glyph_fallback import make_glyph_table
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
STEPS = 500
CELL = 12.2
TO_THE_BATCH = ("e", *["down"] * 19, "left")
TO_A_NEURON = ("f", "right", "down")
TO_THE_PATHS = ("w", "end", "end", "right", "right")


@dataclass(frozen=True)
class Picture:
    """A screen of `columns` × `lines` cells on a terminal with these capabilities, after these keys.

    The learning rate is set to `rate` halfway.
    """

    columns: int = 120
    lines: int = 40
    capabilities: TerminalCapabilities = FULL_CAPABILITIES
    keys: tuple[str, ...] = ()
    activation: str = "relu"
    rate: float = 0.2


PICTURES = {
    "training": Picture(),
    "walkthrough": Picture(keys=TO_THE_PATHS),
    "experiment": Picture(80, 24, keys=TO_THE_BATCH),
    "explorer": Picture(100, 30, keys=TO_A_NEURON),
    "race": Picture(keys=("R",), activation="leaky_relu", rate=0.1),
    "80x24-256-colours": Picture(80, 24, TerminalCapabilities(colours="256")),
    "16-colours": Picture(capabilities=TerminalCapabilities(colours="16")),
    "ascii-no-colours": Picture(capabilities=TerminalCapabilities(colours="none", glyphs="ascii")),
    "light": Picture(capabilities=TerminalCapabilities(background="light")),
    "200x60": Picture(200, 60),
    "40x12": Picture(40, 12),
    "too-small": Picture(38, 10),
}


async def draw_svg(picture: Picture) -> str:
    """Draw the screen after STEPS steps of a run with a change of the learning rate, and return the SVG."""
    run = assemble(make_experiment({"network": {"activation": picture.activation}}))
    run.trainer.run(lambda: False, until=STEPS // 2)
    run.trainer.learning_rate = picture.rate
    run.trainer.run(lambda: False, until=STEPS - 1)
    app = GradstepApp(TrainingSession(run, 50, paused=True), capabilities=picture.capabilities)
    if picture.capabilities.colours == "256":
        app._colour_filters.append(ColourRounding())
    async with app.run_test(size=(picture.columns, picture.lines)) as pilot:
        for key in ("s", *picture.keys):
            await pilot.press(key)
            await wait_until_computed(pilot)
        if isinstance(app.screen, RaceScreen):
            await wait_until_finished(app.screen, pilot)
        return replace_glyphs(make_self_contained(app.export_screenshot(title="gradstep")), picture.capabilities)


async def wait_until_computed(pilot: Pilot[Ending]) -> None:
    """Wait until everything that the screen shows is computed."""
    await pilot.pause()
    while getattr(pilot.app.screen, "waits", False):
        await pilot.pause(0.01)


async def wait_until_finished(screen: RaceScreen, pilot: Pilot[Ending]) -> None:
    """Wait until the race has finished and is drawn."""
    table = screen.query_one(RaceTable)
    while table.view is None or table.view.phase != "finished":
        await pilot.pause(0.05)


class ColourRounding(LineFilter):
    """Rounds colours to 256, as rich does for such a terminal but not for an export."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, style and round_colours(style), control) for text, style, control in segments]


def round_colours(style: Style) -> Style:
    colours = [colour and colour.downgrade(ColorSystem.EIGHT_BIT) for colour in (style.color, style.bgcolor)]
    return style + Style(color=colours[0], bgcolor=colours[1])


def replace_glyphs(svg: str, capabilities: TerminalCapabilities) -> str:
    """Replace the glyphs that the terminal cannot show, as the program does."""
    signs = make_glyph_table(capabilities.glyphs)
    return svg if signs is None else re.sub("[^\x00-\x7f]", lambda sign: escape(sign[0].translate(signs)), svg)


def make_self_contained(svg: str) -> str:
    """Use the reader's own monospace font, so that the picture loads nothing, and keep the position of every text."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    return re.sub(r'x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>((?:&#160;)+)', _move_right, svg)


def _move_right(text: re.Match[str]) -> str:
    """Start a text at its first visible character: some viewers drop leading spaces."""
    shift = text[5].count("&") * CELL
    return f'x="{float(text[1]) + shift:g}" y="{text[2]}" textLength="{float(text[3]) - shift:g}"{text[4]}>'


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(asyncio.run(draw_svg(picture)), encoding="utf-8")
