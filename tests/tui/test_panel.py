"""What all panels share: only the cells that changed are sent again."""

from dataclasses import replace
from itertools import pairwise

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from gradstep.tui.drawing.palette import BLUE, DIM, ORANGE
from gradstep.tui.drawing.strips import make_line
from gradstep.tui.terminal.changed_cells import CURSOR_MOVE, Span, find_changed_spans, split_cells
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.panel_screen import PanelScreen
from tests.tui.driving import assembled, drawn, panels, session_of, shown
from tests.tui.names import names

WIDTH = 12

pieces = st.lists(st.tuples(st.text("ab█ ", min_size=1, max_size=4), st.sampled_from((BLUE, ORANGE, DIM))), max_size=6)
strips = pieces.map(lambda pieces: make_line(*pieces).adjust_cell_length(WIDTH))


def find_spans(before: Strip, after: Strip) -> list[Span]:
    return find_changed_spans(split_cells(before), split_cells(after))


@given(strips, strips)
def test_the_spans_are_what_makes_the_new_line_of_the_old_one(before: Strip, after: Strip) -> None:
    old, new = split_cells(before), split_cells(after)
    patched = list(old)
    for start, end in find_spans(before, after):
        assert old[start] != new[start]
        assert old[end - 1] != new[end - 1]
        patched[start:end] = new[start:end]
    assert patched == new


named = st.lists(st.tuples(names, st.sampled_from((BLUE, ORANGE))), max_size=4)
named_strips = named.map(lambda pieces: make_line(*pieces).adjust_cell_length(WIDTH))


@given(named_strips, named_strips)
def test_a_terminal_that_gets_the_spans_shows_the_new_line(before: Strip, after: Strip) -> None:
    console = Console(color_system="truecolor", force_terminal=True)
    patched, fresh = pyte.Screen(WIDTH, 1), pyte.Screen(WIDTH, 1)
    # without line wrap, as the program has it: pyte would wrap before a combining mark at the end
    for screen in (patched, fresh):
        screen.reset_mode(pyte.modes.DECAWM >> 5, private=True)
    pyte.Stream(fresh).feed(after.render(console))
    stream = pyte.Stream(patched)
    stream.feed(before.render(console))
    for start, end in find_spans(before, after):
        stream.feed(f"\x1b[1;{start + 1}H" + after.crop(start, end).render(console))
    assert patched.buffer[0] == fresh.buffer[0]


@given(named_strips, named_strips)
def test_a_span_begins_and_ends_at_whole_characters_of_both_lines(before: Strip, after: Strip) -> None:
    for start, end in find_spans(before, after):
        for strip in (before, after):
            left, inside, right = strip.crop(0, start), strip.crop(start, end), strip.crop(end, WIDTH)
            assert left.text + inside.text + right.text == strip.text


@given(strips, strips)
def test_between_two_spans_lie_more_cells_than_a_cursor_move_costs(before: Strip, after: Strip) -> None:
    assert all(right[0] - left[1] > CURSOR_MOVE for left, right in pairwise(find_spans(before, after)))


@given(strips)
def test_a_line_that_is_the_same_in_other_segments_has_not_changed(strip: Strip) -> None:
    by_cell = Strip([Segment(text, style) for text, style in split_cells(strip)])
    assert find_spans(strip, by_cell) == []


def test_another_colour_alone_is_a_change() -> None:
    assert find_spans(make_line(("abc", BLUE)), make_line(("ab", BLUE), ("c", ORANGE))) == [(2, 3)]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Region]:
    """The cells that panels have drawn over, or asked Textual to draw."""
    seen: list[Region] = []
    refresh, draw_over = Panel.refresh, PanelScreen.draw_over

    def note_refresh(panel: Panel, *regions: Region, **options: bool) -> Panel:
        seen.extend(regions or (panel.region,))
        refresh(panel, *regions, **options)
        return panel

    def note_text(screen: PanelScreen, region: Region, text: str) -> None:
        seen.append(region)
        draw_over(screen, region, text)

    monkeypatch.setattr(Panel, "refresh", note_refresh)
    monkeypatch.setattr(PanelScreen, "draw_over", note_text)
    return seen


async def test_a_view_that_looks_the_same_sends_nothing(sent: list[Region]) -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        sent.clear()
        for panel in panels(pilot):
            panel.show(replace(session_of(pilot).view))
        assert sent == []


async def test_a_new_number_sends_its_cells_alone(sent: list[Region]) -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        sent.clear()
        view = session_of(pilot).view
        for panel in panels(pilot):
            panel.show(replace(view, snapshot=replace(view.snapshot, learning_rate=0.2)))
        (region,) = sent
        assert region.y == 0, "the status line"
        assert region.size == (1, 1)


@pytest.mark.parametrize("name", ["❤️", "👩‍👩‍👧", "nai\u0308ve", "日本"])
def test_a_line_with_signs_that_are_drawn_as_one_can_follow_another(name: str) -> None:
    plain, strange = (make_line((text, BLUE)).adjust_cell_length(20) for text in ("setosa", name))
    for before, after in (
        (plain, strange),
        (strange, plain),
        (strange, make_line((name + "!", BLUE)).adjust_cell_length(20)),
    ):
        assert find_spans(before, after)


async def test_lines_that_stay_the_same_take_another_background_of_their_panel() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        panel = panels(pilot)[1]
        before = panel.render_line(0)
        panel.styles.background = "red"
        panel.redraw()
        after = panel.render_line(0)
        assert after.text == before.text
        assert {segment.style.bgcolor.name for segment in after if segment.style and segment.style.bgcolor} == {
            "#ff0000"
        }
