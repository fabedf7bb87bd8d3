"""The configuration: defaults for the screen, a theme, and keys of one's own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from gradstep.core.errors import GradstepError
from gradstep.tui.chosen_keys import KEYS_OF_SCREENS, read_keys, write_chosen_keys
from gradstep.tui.cli.config_file import read_config
from gradstep.tui.cli.config_path import find_config
from gradstep.tui.cli.display_options import read_display_options
from gradstep.tui.cli.main import run
from gradstep.tui.drawing import palette
from gradstep.tui.drawing.colour_fallback import convert_to_background
from gradstep.tui.drawing.theme import DEFAULT_COLOURS, DEFAULT_THEME, THEMES, compute_contrast, make_theme_colours
from gradstep.tui.keymap import KEYS, choose_keys
from gradstep.tui.screen_keys import ALL_KEYS
from gradstep.tui.screens.dialogs.help import HelpText, help_lines
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.widgets import key_bar
from tests.tui.driving import assembled, panel, session_of, shown, step_of, text, until, wait_for_walk

PAGE = (Path(__file__).parents[2] / "docs" / "config.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE, re.M | re.S)


def write(content: str) -> Path:
    path = find_config()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def chosen_keys() -> Iterator[None]:
    """No keys of one's own are left to the next test, nor what was drawn with them."""
    yield
    choose_keys({})
    key_bar._fit_groups.cache_clear()
    help_lines.cache_clear()


def test_the_file_sets_defaults_and_the_command_line_wins() -> None:
    write(BLOCKS[0])
    own = read_display_options()
    assert (own.pace, own.frames, own.mouse, own.theme) == (20, 10, False, "nord")
    capabilities = own.capabilities
    assert (capabilities.colours, capabilities.glyphs, capabilities.background) == ("256", "block", "light")
    given = read_display_options(pace="max", fps=4, mouse=True, theme="dracula", colours="none", background="dark")
    assert (given.pace, given.frames, given.mouse, given.theme) == (None, 4, True, "dracula")
    assert (given.capabilities.colours, given.capabilities.background) == ("none", "dark")
    # the word for what is detected wins over the file as well
    write('[screen]\nlink = "slow"\n')
    assert (read_display_options().frames, read_display_options(link="auto").frames) == (1.0, 4.0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[screen]\nglyph = "x"\n', ["line 2", "screen.glyph", "unknown key", "did you mean glyphs?"]),
        ("pace = 3\n", ["line 1", "pace", "did you mean screen.pace?"]),
        ("\n[scren]\n", ["line 2", "did you mean screen?"]),
        ("[screen]\n\npace = 0\n", ["line 3", "screen.pace = 0", "above 0", "max"]),
        ('[screen]\npace = "20"\n', ["line 2", '"20"', "above 0"]),
        ("[screen]\nfps = 61\n", ["line 2", "61", "up to 60"]),
        ("[screen]\ncolours = 16\n", ["line 2", "screen.colours = 16", '"16"']),
        ('[screen]\ntheme = "nrd"\n', ["line 2", 'did you mean "nord"?']),
        ('[screen]\nmouse = "no"\n', ["line 2", "true or false"]),
        ("screen = 3\n", ["line 1", "screen = 3", "must be a table"]),
        ("keys = []\n", ["line 1", "keys = []", "must be a table"]),
        ("[screen\n", ["line 1"]),
        ('[keys]\nstp = "j"\n', ["line 2", "keys.stp", "did you mean step?"]),
        ('[keys]\nstep = "dwn"\n', ["line 2", "keys.step", "dwn", "did you mean down?"]),
        ('[keys]\nstep = ""\n', ["line 2", "must be a key"]),
        ("[keys]\nstep = 3\n", ["line 2", "must be a key"]),
        ('[keys]\npause = "p"\n', ["line 2", "keys.pause", "p is the key of previous on the training screen"]),
        ('[keys]\nwalk_back = "h"\n', ["line 2", "h is the key of hide in the walkthrough"]),
        ('[keys]\nquit = "V"\n', ["V is the key of"]),
        ('[keys]\nstep = "z"\nepoch = "z"\n', ["z is the key of"]),
        ('[keys]\nweights_undo = "e"\n', ["e types a number on the screen of weights"]),
        ("[keys]\nstep = 'a\\nb'\n", ["is no key"]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    content: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(content)
    assert run(["train", "iris", "--plain", "--max-steps", "1"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.count("\n") == 1
    assert all(each in err for each in (str(path), *words)), err


def test_a_file_that_cannot_be_read_is_told() -> None:
    path = write("")
    path.write_bytes(b"# \xff\n")
    with pytest.raises(GradstepError, match=r"line 1: this is not UTF-8"):
        read_config(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(GradstepError, match="cannot be read"):
        read_config(path)


def test_what_is_printed_is_a_file_with_everything_and_sets_what_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config"]) == 0
    printed = capsys.readouterr().out
    assert f"# {find_config()}\n# there is no such file yet" in printed
    config, keys = read_config(write(printed))
    assert (config.screen.model_dump(exclude_none=True), keys) == ({}, {})
    # every line that is a comment can be set, and says what holds without it
    config, keys = read_config(write(re.sub(r"^# (\w+ = )", r"\1", printed, flags=re.M)))
    assert config.screen.model_dump().keys() == {name for name, value in config.screen.model_dump().items() if value}
    assert {id: names for id, (names, _) in keys.items()} == {key.id: key.default_keys for key in ALL_KEYS}
    write('[screen]\npace = "max"\n[keys]\nstep = ["j", "F2"]\n')
    capsys.readouterr()
    assert run(["config"]) == 0
    printed = capsys.readouterr().out
    assert '\npace = "max"\n' in printed
    assert '\nstep = ["j", "F2"]  # Make one step' in printed


async def test_the_keys_of_vi_act_and_are_shown() -> None:
    write(BLOCKS[1])
    read_display_options()
    async with shown(assembled(max_epochs=10**6)) as pilot:
        session = session_of(pilot)
        await pilot.press("s")
        await until(lambda: step_of(session) == 1, pilot)
        await pilot.press("l", "l")
        await until(lambda: "follow" in text(panel(pilot, "footer")), pilot)
        # h, which was the key for going back, points now
        await pilot.press("h")
        await pilot.press("left")
        await pilot.pause()
        assert "diverged" not in session.view.note
        await pilot.press("H")
        await until(lambda: "is for a run that has diverged" in session.view.note, pilot)
        await pilot.press("w")
        await wait_for_walk(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, WalkthroughScreen)
        first = screen.view.walk.index
        await pilot.press("l", "l", "h", "right", "left")
        await until(lambda: screen.view.walk.index == first + 1, pilot)
        await pilot.press("question_mark")
        await until(lambda: bool(pilot.app.screen.query(HelpText)), pilot)
        helped = "\n".join(line.text for line in help_lines(screen.keys, 80))
        assert re.search(r"^← h +The previous micro-step", helped, re.M)
        assert re.search(r"^a +Ask each number", helped, re.M)


async def test_the_bar_and_the_palette_show_other_keys_and_the_old_ones_are_free() -> None:
    write('[keys]\nstep = "j,f2"\nepoch = "J"\nquit = "Q"\npause = "p"\nprevious = "ctrl+p"\npalette = ":"\n')
    read_display_options()
    async with shown(assembled(max_epochs=10**6)) as pilot:
        session, bar = session_of(pilot), text(panel(pilot, "footer"))
        assert " p go on  j/J step " in bar
        assert "Q quit" in bar
        listed = [command.help for command in pilot.app.get_system_commands(pilot.app.screen)]
        assert "key j F2" in listed
        await pilot.press("s", "S", "space")
        await pilot.press("j")
        await until(lambda: step_of(session) == 1, pilot)
        await pilot.press("f2")
        await until(lambda: step_of(session) == 2, pilot)


def test_no_default_key_of_a_screen_is_that_of_two_actions_by_accident() -> None:
    """A file that changes nothing is no clash, whatever the tables hold."""
    assert read_keys({key.id: key.default_keys for keys in KEYS_OF_SCREENS.values() for key in keys})
    assert {key for keys in KEYS_OF_SCREENS.values() for key in keys} == set(ALL_KEYS) | set(KEYS)


@pytest.mark.parametrize("name", THEMES)
def test_what_has_a_meaning_can_be_read_on_every_theme(name: str) -> None:
    colours = {variable: Color.parse(value).rgb for variable, value in make_theme_colours(name).items()}
    for ground in ("ground", "box", "bar", "card"):
        for colour in (palette.POSITIVE, palette.NEGATIVE, palette.TEXT, palette.RIGHT, palette.WRONG, palette.TEST):
            assert compute_contrast(colours[ground], colour) > 4.5
        assert compute_contrast(colours[ground], palette.QUIET) >= (4.5 if ground == "ground" else 4.1)
    assert compute_contrast(colours["ground"], colours["mark"]) >= 4.5
    for ground in ("ground", "bar"):
        for colour in (palette.POSITIVE, palette.NEGATIVE, palette.TEXT, palette.RIGHT, palette.WRONG, palette.QUIET):
            assert compute_contrast(on_light(colours[ground]), on_light(colour)) > 4.5


def on_light(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    converted = convert_to_background(palette.make_style(colour), "light").color
    assert converted and converted.triplet
    return tuple(converted.triplet)


def test_the_themes_are_all_dark_ones_of_textual() -> None:
    dark = {name for name, theme in BUILTIN_THEMES.items() if theme.dark and not name.startswith("ansi")}
    assert set(THEMES) == dark
    assert make_theme_colours(DEFAULT_THEME) == DEFAULT_COLOURS
    assert len({tuple(make_theme_colours(name).values()) for name in THEMES}) == len(THEMES)


async def test_a_theme_changes_the_grounds_of_the_screen() -> None:
    async with shown(assembled()) as pilot:
        assert pilot.app.screen.styles.background.hex == "#121212"
        pilot.app.theme = "dracula"
        await until(lambda: pilot.app.screen.styles.background.hex == "#1D1E27", pilot)
        assert panel(pilot, "footer").styles.background.hex.lower() == make_theme_colours("dracula")["bar"]


def test_a_card_of_the_course_names_the_keys_that_were_chosen() -> None:
    text = "Press `s`, then `h`, `[` and `esc`."
    assert write_chosen_keys(text, "training") == text
    choose_keys(read_keys({"step": "j,f2", "hide": "a", "back_step": "B"}))
    assert write_chosen_keys(text, "training") == "Press `j`, then `h`, `B` and `esc`."
    assert write_chosen_keys(text, "walkthrough") == "Press `j`, then `a`, `B` and `esc`."


def test_hints_name_the_keys_that_were_chosen() -> None:
    """In a process of its own, because most hints are written when their module is imported."""
    write('[keys]\nslower_back = "B"\nstep = "j"\nreset = "z"\noutput = "C"\nexperiment = "E"\nform_leave = "escape"\n')
    show = (
        "from gradstep.tui.cli.display_options import read_display_options; read_display_options(); "
        "from gradstep.tui.session.notes import *; print(DIVERGED, AT_NEWEST_STEP, WAY_BACK); "
        "from gradstep.tui.drawing.remedies import REMEDIES; print(*REMEDIES.values()); "
        "from gradstep.tui.drawing.confusion_matrix import MEANING; print(MEANING)"
    )
    hints = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True).stdout
    for hint in ("B: last good step", "z: back to the start", "j makes the next", "E\n", "z, then −", "C goes on"):
        assert hint in hints
