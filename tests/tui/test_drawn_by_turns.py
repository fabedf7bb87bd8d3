"""A screen that is drawn whole is drawn once, one widget in each turn, with all that changed meanwhile."""

import asyncio
from typing import Any

import pytest
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import AppPilot, assembled, drawn, panel, screen_of, shown, until


@pytest.fixture
def keep_updates(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that returns a list to which whatever the app sends to the terminal is appended from then on."""

    def keep(pilot: AppPilot) -> list[object]:
        updates: list[object] = []
        monkeypatch.setattr(pilot.app, "_display", lambda _, update: updates.append(update))
        return updates

    return keep


def text_of(update: object) -> str:
    assert isinstance(update, LayoutUpdate)
    return "\n".join("".join(strip.text for strip in line) for line in update.strips)


async def wait_until_drawn(pilot: AppPilot) -> None:
    await until(lambda: not screen_of(pilot).waits_for_drawing)


async def test_a_screen_that_opens_is_drawn_whole_once(keep_updates: Any) -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        updates = keep_updates(pilot)
        await pilot.press("question_mark")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
        await wait_until_drawn(pilot)
        whole = [update for update in updates if isinstance(update, LayoutUpdate)]
        assert len(whole) == 1
        assert "Make one step" in text_of(whole[0])
        assert "1 Archi" in text_of(whole[0]), "the screen behind the dialog is missing"


async def test_each_widget_renders_its_lines_in_a_turn_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[tuple[str | None, int]] = []
    turns = 0
    render = Panel.render_lines

    def note_and_render(self: Panel[object], crop: Region) -> list[Strip]:
        rendered.append((self.id, turns))
        return render(self, crop)

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        monkeypatch.setattr(Panel, "render_lines", note_and_render)
        counting = asyncio.create_task(count_turns())
        pilot.app.screen.refresh()
        await until(lambda: screen_of(pilot).waits_for_drawing)
        await wait_until_drawn(pilot)
        counting.cancel()
        first = {id: turn for id, turn in reversed(rendered)}
        assert len(first) >= 6
        assert len(set(first.values())) == len(first)


async def test_what_changes_meanwhile_is_drawn_with_it(keep_updates: Any) -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        screen, loss = screen_of(pilot), panel(pilot, "loss")
        updates = keep_updates(pilot)
        screen._refresh_layout()
        assert updates == []
        screen._on_timer_update()
        await until(lambda: screen._draws)
        loss._lines = [Strip([Segment("this is new")])]
        loss.refresh()
        await wait_until_drawn(pilot)
        assert "this is new" in text_of(updates[-1])


async def test_meanwhile_no_part_of_it_is_sent(keep_updates: Any) -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        screen = pilot.app.screen_stack[1]
        updates = keep_updates(pilot)
        screen.refresh()
        await until(lambda: screen_of(pilot).waits_for_drawing)
        panel(pilot, "output").refresh()
        screen.send_now()  # type: ignore[attr-defined]
        screen._on_timer_update()
        assert updates == []
        await wait_until_drawn(pilot)
        assert isinstance(updates[0], LayoutUpdate)
