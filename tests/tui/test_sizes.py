"""Terminals of every size: nothing important is cut, and resizing is safe at any moment."""

import math
import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from textual import events
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.tui.app import GradstepApp
from gradstep.tui.keymap import KEYS
from gradstep.tui.screens.dialogs.help import WORDS, HelpScreen
from gradstep.tui.screens.dialogs.quit import QuitScreen
from gradstep.tui.screens.dialogs.too_small import LEAST, TooSmallScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from tests.tui.driving import (
    BETWEEN_STEPS,
    AppPilot,
    assembled,
    drawn,
    panel,
    panels,
    session_of,
    shown,
    step_of,
    text,
    until,
    wait_for_computations,
)
from tests.tui.walking import NUMBER, lesson_run, walking

SIZES = [(40, 12), (50, 20), (60, 15), (79, 24), (80, 23), (80, 24), (60, 50), (80, 50), (100, 30), (120, 40)]
KEYS_BETWEEN = ["w", "c", "v", "escape", "question_mark", "right", "t", "m", "n", "q"]
LARGE = [(160, 20), (200, 24), (200, 60), (300, 100)]
WholeFigures = dict[str, set[str]]
FOUR = ["architecture", "loss", "gradients", "output"]

ROWS = """length of the outer petal in centimetres,w,a rather extraordinarily long feature name,species
1.5,2,3,Extraordinarius longissimus magnificus
2.5,1,3.5,Extraordinarius longissimus minor
1.1,3,2,brevis
1.7,2.2,3.1,Extraordinarius longissimus magnificus
2.4,1.2,3.3,Extraordinarius longissimus minor
"""


@pytest.fixture
def long_names(tmp_path: Path) -> Run:
    """A run on a file whose features and classes have long names."""
    path = tmp_path / "extraordinary-flowers.csv"
    path.write_text(ROWS)
    return assembled({"path": str(path), "target": "species"})


RUNS: dict[str, Callable[[], Run]] = {
    "digits": lambda: assembled("digits"),
    "iris": lambda: assembled("iris", {"activation": "tanh"}),
    "xor": lambda: assembled("xor"),
    "circle": lambda: assembled("circle", {"hidden": [8, 8]}),
    "one input": lambda: assembled(
        {"x": [[n / 7] for n in range(40)], "y": [[math.sin(n / 7)] for n in range(40)], "test_fraction": 0.2},
        {"hidden": [16]},
        learning_rate=0.01,
    ),
    "deep": lambda: assembled("iris", {"hidden": [16] * 9}),
}


@pytest.fixture(params=[*RUNS, "long names"])
def run(request: pytest.FixtureRequest) -> Run:
    """A run of some steps."""
    name = request.param
    made: Run = request.getfixturevalue("long_names") if name == "long names" else RUNS[name]()
    made.trainer.run(lambda: False, until=100)
    return made


def figures(lines: Iterable[Strip]) -> set[str]:
    """Every number on these lines."""
    return {number for line in lines for number in NUMBER.findall(re.sub(r"(?<=\d),(?=\d)", "", line.text))}


def assert_nothing_is_cut(pilot: AppPilot, views: dict[View, WholeFigures], checked: set[tuple[str, Size]]) -> None:
    """No line of any view is longer than its panel, and every number is also drawn on a large screen."""
    for each in panels(pilot):
        size = each.content_size
        if (str(each.id), size) in checked:
            continue
        checked.add((str(each.id), size))
        for view, whole in views.items():
            where = f"{each.id} with {view.request}, {size.width} × {size.height} of {pilot.app.size}"
            lines = each.lines(view, *size)
            assert len(lines) <= size.height, f"{where}: {len(lines)} lines"
            for line in lines:
                assert line.cell_length <= size.width, f"{where}: {line.text!r} has {line.cell_length} cells"
            if each.id in whole:
                assert figures(lines) <= whole[each.id], where


async def every_view(pilot: AppPilot) -> dict[View, WholeFigures]:
    """Every view of the output and of the maps, with the numbers of the panels on a large screen."""
    session, views = session_of(pilot), {}
    for key in ("", "c", "v", "c"):
        before = session.view
        if key:
            await pilot.press(key)
            await until(lambda before=before: session.view is not before, pilot)  # type: ignore[misc]
        views[session.view] = {
            name: figures(
                line
                for size in ((180, 60), (79, 24), (299, 97))
                for line in panel(pilot, name).lines(session.view, *size)
            )
            for name in ("status", "gradients", "output")
        }
    return views


# the training screen


async def test_no_panel_is_cut_at_any_size(run: Run) -> None:
    async with shown(run, size=SIZES[0]) as pilot:
        views, checked = await every_view(pilot), set[tuple[str, Size]]()
        for size in SIZES + LARGE:
            await resized(pilot, size)
            for key in "1234":
                await pilot.press(key)
                await drawn(pilot)
                assert_nothing_is_cut(pilot, views, checked)


@pytest.mark.parametrize(
    ("size", "count"), [((80, 24), 4), ((300, 100), 4), ((60, 48), 4), ((160, 12), 4), ((79, 24), 1), ((40, 12), 1)]
)
async def test_where_four_panels_do_not_fit_one_is_shown_alone(size: tuple[int, int], count: int) -> None:
    async with shown(assembled(), size=size) as pilot:
        shown_now = [each for each in panels(pilot) if each.id in FOUR]
        assert len(shown_now) == count
        for each in shown_now:
            assert each.size.width >= LEAST.width - 2
            assert each.size.height >= LEAST.height - 3


async def test_a_panel_alone_shows_which_of_four_it_is_and_keys_change_it() -> None:
    async with shown(assembled(), size=(40, 12)) as pilot:
        for key, name in (("tab", "loss"), ("tab", "gradients"), ("1", "architecture"), ("4", "output")):
            await pilot.press(key)
            (alone,) = (each for each in panels(pilot) if each.id in FOUR)
            assert alone.id == name
            assert "one of 4, tab: next" in str(alone.border_title)
        await pilot.resize_terminal(80, 24)
        await until(lambda: len(panels(pilot)) == 6, pilot)
        assert [str(panel(pilot, name).border_title) for name in FOUR] == [
            "1 Architecture",
            "2 Loss",
            "3 Gradients",
            "4 Output",
        ]


async def test_a_panel_that_becomes_visible_shows_the_newest_view() -> None:
    async with shown(assembled(), size=(40, 12)) as pilot:
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        await pilot.press("3")
        await drawn(pilot)
        assert "no step made yet" not in text(panel(pilot, "gradients"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_resumed_run_does_not_say_that_no_step_is_made(size: tuple[int, int]) -> None:
    run = assembled()
    run.trainer.run(lambda: False, until=300)
    async with shown(resume_run(run.checkpoint(1.0)), size=size) as pilot:
        await drawn(pilot)
        words = text(panel(pilot, "gradients"))
        assert "known at the next step" in words and "no step made yet" not in words
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 301, pilot)
        await drawn(pilot)
        assert "known at the next step" not in text(panel(pilot, "gradients"))


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (100, 30), (120, 40)])
async def test_the_names_of_the_iris_are_whole(size: tuple[int, int]) -> None:
    async with shown(assembled(), size=size) as pilot:
        await pilot.press("4")
        await drawn(pilot)
        words = text(panel(pilot, "output"))
        for name in (*session_of(pilot).run.dataset.class_names, *session_of(pilot).run.dataset.feature_names):
            assert name in words


async def test_long_names_are_shortened_and_never_their_numbers(long_names: Run) -> None:
    async with shown(long_names, size=(80, 24)) as pilot:
        words = text(panel(pilot, "output"))
        for value in session_of(pilot).view.snapshot.layers[-1].a:
            assert f"{value:.4f}" in words
        assert "length of the outer petal in…" in words


async def test_a_narrow_status_line_has_the_phase_the_step_and_the_loss() -> None:
    async with shown(assembled("digits"), size=(40, 12)) as pilot:
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        await drawn(pilot)
        loss = session_of(pilot).view.snapshot.batch_loss
        assert f"paused    step 1  loss {loss:.4f}" in text(panel(pilot, "status"))


# help, the quit question, the message


async def help_text(pilot: AppPilot) -> str:
    """All of the help, scrolled through line by line."""
    scroll = pilot.app.screen.query_one(VerticalScroll)
    seen: list[str] = []
    while True:
        seen += screen_text(pilot.app.screen).split("\n")
        if scroll.scroll_y >= scroll.max_scroll_y:
            return " ".join(" ".join(line.strip(" │╭╮╰╯─▁▂▃▄▅▆▇█") for line in seen).split())
        scroll.scroll_relative(y=scroll.content_size.height, animate=False)
        await pilot.pause()


@pytest.mark.parametrize("size", [(40, 12), (59, 15), (60, 20), (80, 24), (300, 100)])
async def test_the_help_is_complete_at_every_size_and_shows_how_to_scroll(size: tuple[int, int]) -> None:
    async with shown(assembled(), size=size) as pilot:
        await pilot.press("question_mark")
        assert "esc closes, ↑ ↓ scroll" in screen_text(pilot.app.screen)
        words = await help_text(pilot)
        for key in KEYS:
            assert key.shown.split()[0] in words
        for word, meaning in WORDS:
            assert word in words
            assert all(part in words for part in meaning.split())


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
async def test_the_quit_question_is_whole(size: tuple[int, int]) -> None:
    async with shown(assembled(), pace=BETWEEN_STEPS, paused=False, size=size) as pilot:
        await pilot.press("q")
        await until(lambda: isinstance(pilot.app.screen, QuitScreen), pilot)
        await until(lambda: "The training is not finished." in screen_text(pilot.app.screen), pilot)
        assert re.search("q quit +esc stay", screen_text(pilot.app.screen))


@pytest.mark.parametrize("size", [(39, 12), (40, 11), (38, 10), (10, 3), (20, 1), (300, 1), (39, 100)])
async def test_a_terminal_that_is_too_small_shows_the_size_needed(size: tuple[int, int]) -> None:
    async with shown(assembled()) as pilot:
        await resized(pilot, size)
        await until(lambda: "quits" in screen_text(pilot.app.screen), pilot)
        words = " ".join(screen_text(pilot.app.screen).split())
        assert "q quits" in words
        if size != (20, 1):
            assert re.search("needs 40 ?× ?12", words)
        if size[0] * size[1] > 60:
            assert f"{size[0]} × {size[1]}" in words


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_on_a_smaller_terminal_a_key_quits_at_once(key: str) -> None:
    async with shown(assembled(), pace=BETWEEN_STEPS, paused=False) as pilot:
        await resized(pilot, (1, 1))
        await pilot.press(key)
        assert pilot.app.return_value == "quit"


async def test_behind_the_message_the_training_goes_on() -> None:
    async with shown(assembled(), pace=50.0, paused=False) as pilot:
        await resized(pilot, (30, 8))
        before = step_of(session_of(pilot))
        await until(lambda: step_of(session_of(pilot)) > before + 5, pilot)
        assert isinstance(pilot.app.screen, TooSmallScreen)


@pytest.mark.parametrize(
    ("key", "kind"), [("", TrainingScreen), ("question_mark", HelpScreen), ("q", QuitScreen), ("w", WalkthroughScreen)]
)
async def test_the_same_screen_returns_once_the_terminal_is_large_enough(key: str, kind: type[Screen[object]]) -> None:
    async with shown(assembled(), pace=BETWEEN_STEPS, paused=False, size=(80, 24)) as pilot:
        if key:
            await pilot.press(key)
        await until(lambda: isinstance(pilot.app.screen, kind), pilot)
        for _ in range(2):
            await resized(pilot, (20, 5))
            assert isinstance(pilot.app.screen, TooSmallScreen)
            await resized(pilot, (100, 30))
            assert isinstance(pilot.app.screen, kind)
        assert len(pilot.app.screen_stack) == (3 if key else 2)


async def test_a_walk_opened_on_a_small_terminal_is_shown_once_it_fits() -> None:
    run, lesson = lesson_run("mazur")
    app = GradstepApp(TrainingSession(run, None, paused=True), walk=True, lesson=lesson)
    async with app.run_test(size=(20, 5)) as pilot:
        await until(lambda: any(isinstance(screen, WalkthroughScreen) for screen in app.screen_stack), pilot)
        await until(lambda: isinstance(app.screen, TooSmallScreen), pilot)
        await resized(pilot, (80, 24))
        assert isinstance(app.screen, WalkthroughScreen)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


# resizing


def screen_text(screen: Screen[object]) -> str:
    """The whole text on a screen, with that of the screens visible below it."""
    return "\n".join(strip.text for strip in screen._compositor.render_strips(screen.app.size))


async def resized(pilot: AppPilot, size: tuple[int, int]) -> None:
    """Resize the terminal, and wait until the right screen has that size."""
    await pilot.resize_terminal(*size)
    small = size[0] < LEAST.width or size[1] < LEAST.height

    def there() -> bool:
        return pilot.app.screen.size == size and isinstance(pilot.app.screen, TooSmallScreen) == small

    await until(there, pilot)


@pytest.mark.parametrize("seed", range(3))
async def test_resizing_at_any_moment_is_safe(seed: int) -> None:
    chance = random.Random(seed)
    last = [(80, 24), (120, 40), (41, 13)][seed]
    run = assembled(max_epochs=10_000)
    async with shown(run, pace=10.0, paused=False) as pilot:
        possible = KEYS_BETWEEN
        for _ in range(30):
            size = chance.choice([(chance.randint(1, 300), chance.randint(1, 100)), (chance.randint(1, 80), 20)])
            await (resized(pilot, size) if chance.random() < 0.5 else pilot.resize_terminal(*size))
            if not isinstance(pilot.app.screen, TooSmallScreen):
                key = chance.choice(["escape"] if isinstance(pilot.app.screen, QuitScreen) else possible)
                pilot.app.simulate_key(key)
                if key == "w":  # it pauses, and then q leaves without asking
                    possible = [each for each in KEYS_BETWEEN if each != "q"]
            await pilot.pause(0)
        await resized(pilot, last)
        while not isinstance(pilot.app.screen, TrainingScreen):
            pilot.app.simulate_key("escape")
            await pilot.pause(0.01)
    fresh = await text_of_a_fresh_app(run, last)
    async with shown(run, size=(200, 50)) as pilot:
        for _ in range(10):
            await pilot.resize_terminal(chance.randint(1, 300), chance.randint(1, 100))
        await resized(pilot, last)
        await until(lambda: screen_text(pilot.app.screen) == fresh, pilot)


async def text_of_a_fresh_app(run: Run, size: tuple[int, int]) -> str:
    async with shown(run, size=size) as pilot:
        await drawn(pilot)
        await pilot.pause()
        return screen_text(pilot.app.screen)


async def test_a_resized_walk_looks_like_a_fresh_one() -> None:
    chance = random.Random(7)
    for last in ((80, 24), (120, 40), (40, 12)):
        async with walking(*lesson_run("mazur"), size=last) as pilot:
            fresh = screen_text(pilot.app.screen)
            for _ in range(8):
                await pilot.resize_terminal(chance.randint(1, 300), chance.randint(1, 100))
            await resized(pilot, last)
            await until(lambda pilot=pilot, fresh=fresh: screen_text(pilot.app.screen) == fresh, pilot)


@pytest.mark.parametrize("key", ["", "w", "question_mark", "e", "R", "q", "colon"])
async def test_two_sizes_on_their_way_do_not_call_each_other_up_for_ever(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown(assembled(), pace=BETWEEN_STEPS, paused=False) as pilot:
        if key:
            await pilot.press(key)
        await wait_for_computations(pilot)
        sizes: list[Size] = []
        lay_out = Screen._refresh_layout

        def count(self: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
            sizes.append(self.outer_size if size is None else size)
            lay_out(self, size, scroll)

        monkeypatch.setattr(Screen, "_refresh_layout", count)
        # as with other messages between them
        monkeypatch.setattr(events.Resize, "can_replace", lambda self, message: False)
        for size in (Size(100, 30), Size(90, 28)):
            pilot.app._size = size
            pilot.app.screen.post_message(events.Resize(size, size))
        await until(lambda: Size(90, 28) in sizes, pilot)
        for _ in range(50):
            await pilot.pause(0.001)
        assert len(sizes) < 20
        assert pilot.app.screen.outer_size == (90, 28)


@pytest.mark.parametrize("key", ["w", "question_mark", "e", "R", "q", "colon"])
async def test_a_screen_that_opens_is_laid_out_once_for_the_size_of_the_terminal(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown(assembled(), pace=BETWEEN_STEPS, paused=False) as pilot:
        sizes: list[Size] = []
        lay_out = Screen._refresh_layout

        def count(self: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
            if size is not None:
                sizes.append(size)
            lay_out(self, size, scroll)

        monkeypatch.setattr(Screen, "_refresh_layout", count)
        await pilot.press(key)
        await wait_for_computations(pilot)
        assert sizes == [pilot.app.size]
