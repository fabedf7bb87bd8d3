"""Every sign that the product shows has another for a terminal that cannot show it."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual._border import BORDER_CHARS
from textual.scrollbar import ScrollBarRender

from gradstep.data.assemble import assemble
from gradstep.data.lesson import lesson_names, load_lesson
from gradstep.tui.app import GradstepApp
from gradstep.tui.drawing.glyph_fallback import glyph_table
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from tests.tui.driving import AppPilot, assembled, panels, text, until, wait_for_computations, wait_for_walk

UNKNOWN = "?"
SUFFIXES = (".py", ".toml", ".tcss")
TEXTUALS = {sign for rows in BORDER_CHARS.values() for row in rows for sign in row}
TEXTUALS |= {*ScrollBarRender.VERTICAL_BARS, *ScrollBarRender.HORIZONTAL_BARS}
BRAILLE = [chr(0x2800 + bits) for bits in range(256)]


def in_ascii(written: str) -> str:
    signs = glyph_table("ascii")
    assert signs is not None
    return written.translate(signs)


def in_blocks(written: str) -> str:
    signs = glyph_table("block")
    assert signs is not None
    return written.translate(signs)


def in_the_sources() -> set[str]:
    files = [path for folder in ("core", "data", "tui") for path in Path(folder).rglob("*") if path.suffix in SUFFIXES]
    return {sign for path in files for sign in path.read_text(encoding="utf-8")}


def unmapped(signs: set[str]) -> list[str]:
    return sorted(sign for sign in signs - {UNKNOWN} if UNKNOWN in in_ascii(sign) or not in_ascii(sign).isascii())


def test_every_sign_in_the_sources_is_mapped() -> None:
    assert unmapped(in_the_sources()) == []


def test_every_sign_that_textual_draws_borders_and_scrollbars_with_is_mapped() -> None:
    assert unmapped(TEXTUALS) == []


@pytest.mark.parametrize(
    "capabilities",
    [TerminalCapabilities(), TerminalCapabilities("none"), TerminalCapabilities("none", "ascii")],
    ids=str,
)
async def test_every_sign_on_the_screens_is_mapped(capabilities: TerminalCapabilities) -> None:
    run = assembled("digits")
    run.trainer.run(lambda: False, until=50)
    run.trainer.learning_rate = 0.05
    run.trainer.run(lambda: False, until=80)
    app = GradstepApp(TrainingSession(run, None, paused=True), capabilities=capabilities)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: bool(panels(pilot)) and all(text(panel).strip() for panel in panels(pilot)), pilot)
        for keys in (), ("question_mark",), ("escape", "ctrl+p"), ("escape", "w"), ("t",), ("t", "g"), ("end", "h"):
            await pilot.press(*keys)
            await wait_for_computations(pilot)
            assert unmapped(on_screen(pilot)) == []


async def test_every_sign_of_the_lessons_is_mapped() -> None:
    for name in lesson_names():
        lesson = load_lesson(name)
        session = TrainingSession(assemble(lesson.experiment), None, paused=True)
        app = GradstepApp(session, walk=True, lesson=lesson)
        async with app.run_test(size=(120, 40)) as pilot:
            await wait_for_walk(pilot)
            for _ in range(12):
                await pilot.press("right")
                assert unmapped(on_screen(pilot)) == []


def on_screen(pilot: AppPilot) -> set[str]:
    strips = pilot.app.screen._compositor.render_strips()
    return {sign for strip in strips for sign in strip.text}


def test_a_sign_in_ascii_takes_as_many_cells() -> None:
    signs = in_the_sources() | TEXTUALS | {*BRAILLE, *"é日🔎\N{COMBINING TILDE}"}
    assert [sign for sign in sorted(signs) if cell_len(in_ascii(sign)) != cell_len(sign)] == []


def test_whatever_a_person_names_a_class_can_be_sent() -> None:
    assert in_ascii("Müller, 日本, naïve, ☃") == "Muller, ????, naive, ?"


def test_escape_sequences_stay_as_they_are() -> None:
    assert in_ascii("\x1b[1;34m−0.5\x1b[0m\r\n") == "\x1b[1;34m-0.5\x1b[0m\r\n"


def test_quantities_that_are_not_the_same_do_not_become_the_same() -> None:
    assert len({in_ascii(sign) for sign in "yŷxδα"}) == 5
    assert len({in_ascii(sign) for sign in "●○◉·✓✗"}) == 6


def test_a_histogram_still_rises() -> None:
    heights = in_ascii("▁▂▃▄▅▆▇█")
    ink = " _.:-=+*#"
    assert [ink.index(sign) for sign in heights] == sorted({ink.index(sign) for sign in heights})


def test_braille_needs_no_table() -> None:
    assert glyph_table("braille") is None


def test_in_blocks_braille_is_drawn_in_quarters_of_a_cell() -> None:
    assert in_blocks("⠁⠈⡀⢀⠉⣀⡇⢸⣿⠀") == "▘▝▖▗▀▄▌▐█ "
    assert in_blocks("δ ▁ ─ é") == "δ ▁ ─ é"


def test_in_ascii_braille_is_drawn_by_the_sign_with_the_nearest_dots() -> None:
    assert in_ascii("⠀⠁⢀⠒⣀⡇⢸⡜⢣⣿") == " '.-_||/\\#"


def test_a_flat_line_looks_higher_the_higher_it_is() -> None:
    assert in_ascii("⠉⠒⠤⣀") == '"--_'
