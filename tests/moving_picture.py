"""Draws the moving picture of the README: the training screen while the digits are learnt, as an animated SVG.

Each frame but the first is coded as the cells that differ from the frame before. They are drawn over it, and an
animation of the style sheet makes them visible in their turn. Where nothing is animated, the last frame is seen.
"""

from collections.abc import Iterator
from itertools import pairwise
from time import perf_counter

from textual.strip import Strip

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.tui.app import GradstepApp
from gradstep.tui.drawing.svg import SvgSheet
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES
from tests.tui.driving import drawn, until

SECONDS = 10
FRAMES_A_SECOND = 5
SECONDS_OF_LAST = 1
"""How long the last frame is shown, before it begins again."""

PACE = 50
FRAMES_AN_EXAMPLE = 11
"""After so many frames the next example is shown, as by the key n."""

COLUMNS, LINES = 120, 40

GAP = 4
"""Cells that have not changed are drawn again, if no more lie between two that have."""

A_DAY = 86_400.0


async def take_frames(count: int) -> list[list[Strip]]:
    """Train at PACE, and return the lines of so many frames."""
    session = TrainingSession(assemble(make_experiment({})), PACE, paused=True)
    app, frames = GradstepApp(session, frames=50), []
    async with app.run_test(size=(COLUMNS, LINES)) as pilot:
        await until(lambda: len(app.screen_stack) > 1, pilot)
        for frame in range(count):
            if frame and frame % FRAMES_AN_EXAMPLE == 0:
                session.show_example(1)
            step = frame * PACE // FRAMES_A_SECOND
            await session._commands.ask(lambda loop, step=step: _train(loop, step))  # type: ignore[misc]
            await drawn(pilot)
            frames.append(app.read_screen())
    return frames


def _train(loop: TrainingLoop, step: int) -> None:
    """Train to this step, where the loop waits, in place of its clock, for what it is told next."""
    loop._plan.enter("training")
    loop._plan.pacing._paced_from = (perf_counter() + A_DAY, step)
    loop.trainer.run(lambda: False, until=step)
    loop._observer.observe(resting=False)


def draw_moving_svg(frames: list[list[Strip]]) -> str:
    """Return the animated picture of these frames."""
    sheet = SvgSheet(FULL_CAPABILITIES)
    groups = ["".join(sheet.draw(line, row) for row, line in enumerate(frames[0]))]
    rules = ["@media(prefers-reduced-motion:reduce){g{animation:none!important}}"]
    for number, (before, after) in enumerate(pairwise(frames), start=1):
        changes = "".join(
            sheet.cover(row, column, piece.cell_length) + sheet.draw(piece, row, column)
            for row, column, piece in find_changes(before, after)
        )
        groups.append(f'<g class="f{number}">{changes}</g>')
        share = 100 * number / (FRAMES_A_SECOND * SECONDS)
        rules.append(
            f".f{number}{{animation:f{number} {SECONDS}s step-end infinite}}"
            f"@keyframes f{number}{{0%{{visibility:hidden}}{share:g}%{{visibility:visible}}}}"
        )
    title = "gradstep: a network learns to read handwritten digits"
    return sheet.finish("\n".join(groups), COLUMNS, LINES, title, "".join(rules))


def find_changes(before: list[Strip], after: list[Strip]) -> Iterator[tuple[int, int, Strip]]:
    """Yield the row, the column and the new cells of each piece of a line that has changed."""
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        cells = zip(_cells(old), _cells(new), strict=True)
        for first, last in _join([column for column, (one, other) in enumerate(cells) if one != other]):
            yield row, first, new.crop(first, last + 1)


def _join(columns: list[int]) -> list[tuple[int, int]]:
    """Return the first and the last column of each piece that these columns make."""
    pieces: list[tuple[int, int]] = []
    for column in columns:
        if pieces and column - pieces[-1][1] <= GAP + 1:
            pieces[-1] = (pieces[-1][0], column)
        else:
            pieces.append((column, column))
    return pieces


def _cells(line: Strip) -> list[tuple[str, object]]:
    """Return each character of a line, all of which are one cell wide, with its style."""
    return [(sign, style) for text, style, _ in line.discard_meta() for sign in text]


async def draw_moving_picture() -> str:
    """Return the moving picture of the README."""
    return draw_moving_svg(await take_frames(FRAMES_A_SECOND * (SECONDS - SECONDS_OF_LAST) + 1))
