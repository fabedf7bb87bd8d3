"""Draws the pictures in docs/pictures with the program itself: `python tests/pictures.py`."""

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pexpect
from textual.pilot import Pilot

from gradstep.data.assemble import assemble
from gradstep.data.course.chapter import Chapter, find_chapter
from gradstep.data.course.language import LANGUAGES, Language
from gradstep.data.experiment import make_experiment
from gradstep.data.saved_runs import SavedRun, find_runs_folder
from gradstep.tui.app import GradstepApp
from gradstep.tui.cli.chapter_reader import reading
from gradstep.tui.drawing.palette import PLAIN
from gradstep.tui.drawing.strips import make_line
from gradstep.tui.drawing.svg import draw_svg
from gradstep.tui.screens.luck.screen import LuckScreen
from gradstep.tui.screens.luck.table import LuckTable
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities

# also for somebody who runs this file from another folder
sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.chromium import Page
from tests.browser.serving import serving
from tests.terminal.terminal import Terminal

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
STEPS = 500

SECONDS_TO_FADE = 1.0
"""A page fades in, and has drawn everything then."""

SALES = "order;customer;date;region;price;visits;paid\n" + "".join(
    f"{1001 + index};customer {index * 7 % 60};2026-01-{1 + index % 28:02};{('north', 'south', 'west')[index % 3]};"
    f"{1000 + 37 * index % 900},{index % 10}0 €;"
    f"{'' if index % 9 == 4 else index * 5 % 11};{('no', 'yes')[index % 4 > 0]}\n"
    for index in range(60)
)
"""A table as a spreadsheet writes it, with what keeps it from being learnt."""

TO_THE_BATCH = ("e", *["down"] * 22, "left")
TO_A_NEURON = ("f", "right", "down")
TO_THE_RATES = ("M", "b", "b", "b")
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
    "valley": Picture(100, 30, keys=("V", "plus")),
    "valley-map": Picture(100, 30, keys=("V", "m")),
    "importance": Picture(keys=("i",)),
    "importance-80x24": Picture(80, 24, keys=("i",)),
    "race": Picture(keys=("R",), activation="leaky_relu", rate=0.1),
    "luck": Picture(keys=("M",)),
    "luck-80x24": Picture(80, 24, keys=("M",)),
    "luck-rates": Picture(keys=TO_THE_RATES),
    "luck-rates-80x24": Picture(80, 24, keys=TO_THE_RATES),
    "80x24-256-colours": Picture(80, 24, TerminalCapabilities(colours="256")),
    "16-colours": Picture(capabilities=TerminalCapabilities(colours="16")),
    "ascii-no-colours": Picture(capabilities=TerminalCapabilities(colours="none", glyphs="ascii")),
    "light": Picture(capabilities=TerminalCapabilities(background="light")),
    "200x60": Picture(200, 60),
    "40x12": Picture(40, 12),
    "too-small": Picture(38, 10),
}


CARDS = {"first-light": 2, "downhill": 4, "overshoot": 6, "chain": 8}
"""The card of a chapter, counted from 1, that is drawn once it is done."""

SIZES = ((120, 40), (80, 24))


async def draw_card(chapter: Chapter, number: int, language: Language, size: tuple[int, int]) -> str:
    """Follow a chapter up to a card that is done, and return the SVG."""
    async with reading(chapter, size=size, language=language) as reader:
        async for card in reader.read():
            if card.index + 1 == number:
                await wait_until_computed(reader.pilot)
                return draw_svg(reader.app.read_screen(), FULL_CAPABILITIES, "gradstep")
    raise AssertionError(f"{chapter.name} has no card {number}")


WORKSHEET = ("worksheet", "--seed", "7", "--format", "latex")
PAGES = {"worksheet": 1, "worksheet-answers": 3}
"""The pages of the worksheet that are drawn, from 1."""


def draw_worksheet() -> None:
    """Draw pages of a worksheet as they are printed. It needs pdflatex and pdftoppm."""
    with TemporaryDirectory() as folder:
        sheet = Path(folder) / "sheet.tex"
        program = [str(Path(sys.executable).with_name("gradstep")), *WORKSHEET]
        sheet.write_bytes(subprocess.run(program, check=True, capture_output=True).stdout)
        latex = ["pdflatex", "-interaction=batchmode", sheet.name]
        subprocess.run(latex, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        for name, page in PAGES.items():
            one = ["-png", "-gray", "-r", "80", "-f", f"{page}", "-l", f"{page}", "-singlefile"]
            subprocess.run(["pdftoppm", *one, str(sheet.with_suffix(".pdf")), str(FOLDER / name)], check=True)


async def draw_browser(folder: Path) -> None:
    """Draw the program in a browser, at the end of a short run. It needs Chromium."""
    with serving(folder / "log", "train", "--max-steps", "300", "--pace", "max", XDG_STATE_HOME=str(folder)) as address:
        async with Page(folder / "browser", 1100, 800) as page:
            await page.open(address)
            await page.until("finished as planned")
            await asyncio.sleep(SECONDS_TO_FADE)
            (FOLDER / "browser.png").write_bytes(await page.take_picture())


def draw_check(columns: int, lines: int) -> str:
    """Draw what is said about a table with problems on a terminal of this size, after the command."""
    with TemporaryDirectory() as folder:
        Path(folder, "sales.csv").write_text(SALES, encoding="utf-8")
        command = f"{Path(sys.executable).with_name('gradstep')} check sales.csv"
        written = pexpect.run(command, cwd=folder, dimensions=(lines, columns), encoding="utf-8")
    shown = ["$ gradstep check sales.csv", *written.splitlines()]
    strips = [make_line((line.ljust(columns), PLAIN)) for line in [*shown, *[""] * lines][:lines]]
    return draw_svg(strips, FULL_CAPABILITIES, "check")


def draw_sweep(columns: int, lines: int) -> str:
    """Draw the end of a sweep on a terminal of this size, after the command."""
    words = ("sweep", "digits", "--vary", "learning_rate=0.01,0.1,1", "--vary", "hidden=8,16/16,none", "--seeds", "10")
    with (
        TemporaryDirectory() as folder,
        Terminal(*words, columns=columns, lines=lines, XDG_STATE_HOME=folder) as terminal,
    ):
        terminal.until(r"^best .*")
        written = terminal.text.splitlines()
    shown = [f"$ gradstep {' '.join(words)}", *written]
    strips = [make_line((line.ljust(columns)[:columns], PLAIN)) for line in [*shown, *[""] * lines][:lines]]
    return draw_svg(strips, FULL_CAPABILITIES, "sweep")


async def draw_picture(picture: Picture) -> str:
    """Draw the screen after STEPS steps of a run with a change of the learning rate, and return the SVG."""
    run = assemble(make_experiment({"network": {"activation": picture.activation}}))
    run.trainer.run(lambda: False, until=STEPS // 2)
    run.trainer.learning_rate = picture.rate
    run.trainer.run(lambda: False, until=STEPS - 1)
    app = GradstepApp(TrainingSession(run, 50, paused=True), capabilities=picture.capabilities)
    async with app.run_test(size=(picture.columns, picture.lines)) as pilot:
        for key in ("s", *picture.keys):
            await pilot.press(key)
            await wait_until_computed(pilot)
        if isinstance(app.screen, RaceScreen):
            await wait_until_finished(app.screen.query_one(RaceTable), pilot)
        elif isinstance(app.screen, LuckScreen):
            await wait_until_finished(app.screen.query_one(LuckTable), pilot)
        return draw_svg(app.read_screen(), picture.capabilities, "gradstep")


RUNS = (
    ("circle", {"hidden": [4]}, {"learning_rate": 0.02}, 400),
    ("circle", {"hidden": [4]}, {"learning_rate": 0.1}, 400),
    ("circle", {"hidden": [4]}, {"learning_rate": 0.5}, 400),
    ("circle", {"hidden": [8, 8], "activation": "tanh"}, {"optimizer": "adam", "learning_rate": 0.01}, 640),
    ("iris", {}, {}, 240),
    ("sine", {}, {}, 1200),
    ("digits", {}, {}, 900),
)
"""The saved runs of the pictures, the oldest first: their data, network, training and steps."""

TO_THE_RUNS = ("o", "down", "down", "down", "space", "space", "space", "up")
RUNS_PICTURES = {"runs": TO_THE_RUNS, "compare": (*TO_THE_RUNS, "c")}
UPDATES_A_SECOND = 2000.0
"""How fast the runs of the pictures are said to be; the time that they really take would be another each time."""


class January(datetime):
    """A clock that stands still at noon and `minute_now`, which is set by hand."""

    minute_now = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "January":
        return cls(2026, 1, 31, 12, cls.minute_now, tzinfo=tz)


def save_runs() -> None:
    """Save the runs of the pictures below XDG_STATE_HOME, one each minute of a day in January."""
    for minute, (data, network, training, steps) in enumerate(RUNS):
        January.minute_now = minute
        run = assemble(make_experiment({"data": {"name": data}, "network": network, "training": training}))
        run.trainer.run(lambda: False, until=steps)
        saves = SavedRun(find_runs_folder() / f"2026-01-31-12{minute:02}00-{data}", is_new=True)
        with patch("gradstep.data.checkpoint.datetime", January):
            saves.write(run.checkpoint(steps / UPDATES_A_SECOND))
        saves.close()


async def draw_runs(keys: tuple[str, ...], size: tuple[int, int]) -> str:
    """Draw a screen of the saved runs after these keys, and return the SVG."""
    run = assemble(make_experiment({"data": {"name": "circle"}}))
    app = GradstepApp(TrainingSession(run, 50, paused=True))
    async with app.run_test(size=size) as pilot:
        for key in keys:
            await pilot.press(key)
            await wait_until_computed(pilot)
        await pilot.pause()
        return draw_svg(app.read_screen(), FULL_CAPABILITIES, "gradstep")


def draw_all_runs() -> None:
    """Draw the screens of the saved runs, in UTC and with runs of their own."""
    with TemporaryDirectory() as folder, patch.dict(os.environ, {"XDG_STATE_HOME": folder, "TZ": "UTC"}):
        time.tzset()
        save_runs()
        for name, keys in RUNS_PICTURES.items():
            for size in SIZES:
                file = FOLDER / (f"{name}.svg" if size == SIZES[0] else f"{name}-{size[0]}x{size[1]}.svg")
                file.write_text(asyncio.run(draw_runs(keys, size)), encoding="utf-8")
    time.tzset()


async def wait_until_computed(pilot: Pilot[Ending]) -> None:
    """Wait until everything that the screen shows is computed."""
    await pilot.pause()
    while getattr(pilot.app.screen, "waits", False):
        await pilot.pause(0.01)


async def wait_until_finished(table: RaceTable | LuckTable, pilot: Pilot[Ending]) -> None:
    """Wait until the race has finished, or all networks of the luck screen, and is drawn."""
    while table.view is None or table.view.phase != "finished":
        await pilot.pause(0.05)


if __name__ == "__main__":
    sys.path.append(str(ROOT))
    from tests.moving_picture import draw_moving_picture

    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "moving.svg").write_text(asyncio.run(draw_moving_picture()), encoding="utf-8")
    for name, picture in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(asyncio.run(draw_picture(picture)), encoding="utf-8")
    for chapter_name, number in CARDS.items():
        chapter = find_chapter(chapter_name)
        for language in LANGUAGES:
            for size in SIZES:
                file = FOLDER / f"course-{chapter.number}-{language}-{size[0]}x{size[1]}.svg"
                file.write_text(asyncio.run(draw_card(chapter, number, language, size)), encoding="utf-8")
    for columns, lines in SIZES:
        (FOLDER / f"check-{columns}x{lines}.svg").write_text(draw_check(columns, lines), encoding="utf-8")
        (FOLDER / f"sweep-{columns}x{lines}.svg").write_text(draw_sweep(columns, lines), encoding="utf-8")
    draw_all_runs()
    draw_worksheet()
    with TemporaryDirectory() as folder:
        asyncio.run(draw_browser(Path(folder)))
