"""Make the README's pictures anew, with the product itself: `python tests/pictures.py`."""

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
from gradstep.data.experiment import experiment_from
from gradstep.tui.app import GradstepApp
from gradstep.tui.drawing.glyph_fallback import glyph_table
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities

ROOT = Path(__file__).parent.parent
STEPS = 500
CELL = 12.2
TO_THE_BATCH = ("e", *["down"] * 19, "left")
TO_A_NEURON = ("f", "right", "down")
TO_THE_PATHS = ("w", "end", "end", "right", "right")


@dataclass(frozen=True)
class Picture:
    """The screen of so many columns and lines, with this look, after these keys.

    `rate` is what the learning rate becomes halfway.
    """

    columns: int = 120
    lines: int = 40
    capabilities: TerminalCapabilities = FULL_CAPABILITIES
    keys: tuple[str, ...] = ()
    activation: str = "relu"
    rate: float = 0.2


PICTURES = {
    "screen": Picture(),
    "walk": Picture(keys=TO_THE_PATHS),
    "pictures/experiment": Picture(80, 24, keys=TO_THE_BATCH),
    "pictures/explorer": Picture(100, 30, keys=TO_A_NEURON),
    "pictures/race": Picture(keys=("R",), activation="leaky_relu", rate=0.1),
    "pictures/80x24-256-colours": Picture(80, 24, TerminalCapabilities(colours="256")),
    "pictures/16-colours": Picture(capabilities=TerminalCapabilities(colours="16")),
    "pictures/ascii-no-colours": Picture(capabilities=TerminalCapabilities(colours="none", glyphs="ascii")),
    "pictures/light": Picture(capabilities=TerminalCapabilities(background="light")),
    "pictures/200x60": Picture(200, 60),
    "pictures/40x12": Picture(40, 12),
    "pictures/too-small": Picture(38, 10),
}


async def drawn(picture: Picture) -> str:
    """The screen some epochs into the default run, with a change of the learning rate, as SVG."""
    run = assemble(experiment_from({"network": {"activation": picture.activation}}))
    run.trainer.run(lambda: False, until=STEPS // 2)
    run.trainer.learning_rate = picture.rate
    run.trainer.run(lambda: False, until=STEPS - 1)
    app = GradstepApp(TrainingSession(run, 50, paused=True), capabilities=picture.capabilities)
    if picture.capabilities.colours == "256":
        app._recolouring.append(Rounded())
    async with app.run_test(size=(picture.columns, picture.lines)) as pilot:
        for key in ("s", *picture.keys):
            await pilot.press(key)
            await computed(pilot)
        if isinstance(app.screen, RaceScreen):
            await ended(app.screen, pilot)
        return with_glyphs(self_contained(app.export_screenshot(title="gradstep")), picture.capabilities)


async def computed(pilot: Pilot[Ending]) -> None:
    """Wait until nothing is computed any more that the screen will show."""
    await pilot.pause()
    while getattr(pilot.app.screen, "waits", False):
        await pilot.pause(0.01)


async def ended(screen: RaceScreen, pilot: Pilot[Ending]) -> None:
    """Wait until the race is over, and drawn."""
    glyph_table = screen.query_one(RaceTable)
    while glyph_table.view is None or glyph_table.view.phase != "finished":
        await pilot.pause(0.05)


class Rounded(LineFilter):
    """Rounds colours to the 256 as rich does when it writes to such a terminal; an export does not."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, style and rounded(style), control) for text, style, control in segments]


def rounded(style: Style) -> Style:
    colours = [colour and colour.downgrade(ColorSystem.EIGHT_BIT) for colour in (style.color, style.bgcolor)]
    return style + Style(color=colours[0], bgcolor=colours[1])


def with_glyphs(svg: str, look: TerminalCapabilities) -> str:
    """The signs that the terminal would be sent."""
    signs = glyph_table(look.glyphs)
    return svg if signs is None else re.sub("[^\x00-\x7f]", lambda sign: escape(sign[0].translate(signs)), svg)


def self_contained(svg: str) -> str:
    """Let the reader's own monospace font serve, for a picture should not load anything; and keep every place."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    return re.sub(r'x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>((?:&#160;)+)', _moved_right, svg)


def _moved_right(text: re.Match[str]) -> str:
    """Start a text where its first mark stands: some viewers drop leading spaces."""
    shift = text[5].count("&") * CELL
    return f'x="{float(text[1]) + shift:g}" y="{text[2]}" textLength="{float(text[3]) - shift:g}"{text[4]}>'


if __name__ == "__main__":
    (ROOT / "pictures").mkdir(exist_ok=True)
    for name, picture in PICTURES.items():
        (ROOT / f"{name}.svg").write_text(asyncio.run(drawn(picture)), encoding="utf-8")
