"""Every character that the program shows has a replacement for terminals that cannot show it."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual._border import BORDER_CHARS
from textual.scrollbar import ScrollBarRender

from gradstep.data.assemble import assemble
from gradstep.data.lesson import lesson_names, load_lesson
from gradstep.tui.app import GradstepApp
from gradstep.tui.drawing.glyph_fallback import make_glyph_table
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from tests.tui.driving import AppPilot, assembled, panels, text, until, wait_for_computations, wait_for_walk

UNKNOWN = "?"
SUFFIXES = (".py", ".toml", ".tcss")
TEXTUALS = {sign for rows in BORDER_CHARS.values() for row in rows for sign in row}
TEXTUALS |= {*ScrollBarRender.VERTICAL_BARS, *ScrollBarRender.HORIZONTAL_BARS}
BRAILLE = [chr(0x2800 + bits) for bits in range(256)]


def to_ascii(written: str) -> str:
    signs = make_glyph_table("ascii")
    assert signs is not None
    return written.translate(signs)


def to_blocks(written: str) -> str:
    signs = make_glyph_table("block")
    assert signs is not None
    return written.translate(signs)


def find_source_characters() -> set[str]:
    files = [path for folder in ("core", "data", "tui") for path in Path(folder).rglob("*") if path.suffix in SUFFIXES]
    drawn = [path for path in files if path.name != "keyboard_layout.py"]  # its letters are typed
    return {sign for path in drawn for sign in path.read_text(encoding="utf-8")}


def find_unmapped(signs: set[str]) -> list[str]:
    return sorted(sign for sign in signs - {UNKNOWN} if UNKNOWN in to_ascii(sign) or not to_ascii(sign).isascii())


def test_every_character_in_the_sources_is_mapped() -> None:
    assert find_unmapped(find_source_characters()) == []


def test_every_character_of_textuals_borders_and_scrollbars_is_mapped() -> None:
    assert find_unmapped(TEXTUALS) == []


@pytest.mark.parametrize(
    "capabilities",
    [TerminalCapabilities(), TerminalCapabilities("none"), TerminalCapabilities("none", "ascii")],
    ids=str,
)
async def test_every_character_on_the_screens_is_mapped(capabilities: TerminalCapabilities) -> None:
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
            assert find_unmapped(find_screen_characters(pilot)) == []


async def test_every_character_of_the_lessons_is_mapped() -> None:
    for name in lesson_names():
        lesson = load_lesson(name)
        session = TrainingSession(assemble(lesson.experiment), None, paused=True)
        app = GradstepApp(session, walk=True, lesson=lesson)
        async with app.run_test(size=(120, 40)) as pilot:
            await wait_for_walk(pilot)
            for _ in range(12):
                await pilot.press("right")
                assert find_unmapped(find_screen_characters(pilot)) == []


def find_screen_characters(pilot: AppPilot) -> set[str]:
    strips = pilot.app.screen._compositor.render_strips()
    return {sign for strip in strips for sign in strip.text}


def test_a_replacement_takes_as_many_cells_as_the_character() -> None:
    signs = find_source_characters() | TEXTUALS | {*BRAILLE, *"é日🔎\N{COMBINING TILDE}"}
    assert [sign for sign in sorted(signs) if cell_len(to_ascii(sign)) != cell_len(sign)] == []


def test_any_name_of_a_class_can_be_encoded() -> None:
    assert to_ascii("Müller, 日本, naïve, ☃") == "Muller, ????, naive, ?"


def test_escape_sequences_are_not_changed() -> None:
    assert to_ascii("\x1b[1;34m−0.5\x1b[0m\r\n") == "\x1b[1;34m-0.5\x1b[0m\r\n"


def test_different_quantities_have_different_replacements() -> None:
    assert len({to_ascii(sign) for sign in "yŷxδα"}) == 5
    assert len({to_ascii(sign) for sign in "●○◉·✓✗"}) == 6


def test_the_bars_of_a_histogram_keep_their_order_in_ascii() -> None:
    heights = to_ascii("▁▂▃▄▅▆▇█")
    ink = " _.:-=+*#"
    assert [ink.index(sign) for sign in heights] == sorted({ink.index(sign) for sign in heights})


def test_braille_needs_no_table() -> None:
    assert make_glyph_table("braille") is None


def test_with_blocks_braille_is_drawn_as_quadrants() -> None:
    assert to_blocks("⠁⠈⡀⢀⠉⣀⡇⢸⣿⠀") == "▘▝▖▗▀▄▌▐█ "
    assert to_blocks("δ ▁ ─ é") == "δ ▁ ─ é"


def test_with_ascii_braille_is_drawn_as_the_character_with_the_nearest_dots() -> None:
    assert to_ascii("⠀⠁⢀⠒⣀⡇⢸⡜⢣⣿") == " '.-_||/\\#"


def test_with_ascii_a_higher_line_is_drawn_with_a_higher_character() -> None:
    assert to_ascii("⠉⠒⠤⣀") == '"--_'
