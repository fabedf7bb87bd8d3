"""The program with a configuration: its keys act, and are named wherever keys are."""

from pathlib import Path

from tests.terminal.terminal import Terminal

CONFIG = """
[screen]
theme = "nord"
pace = 1

[keys]
step = "j,f2"
slower_back = "B"
next = "z"
course = "U"
"""


def test_the_keys_of_a_configuration_act_and_hints_name_them(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "gradstep"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    first = {"XDG_CONFIG_HOME": str(folder.parent), "XDG_STATE_HOME": str(tmp_path / "first start")}
    with Terminal("train", "iris", "--max-epochs", "100000", **first) as terminal:
        terminal.until("U: learn how this works")
        terminal.until(r"pace 1/s")
        terminal.press(" ")
        terminal.until("paused")
        terminal.until("j/S step")
        step = terminal.number("step")
        terminal.press("s", "j", "\x1bOQ")
        terminal.until(rf"\bstep {step + 2:.0f} ")
        terminal.press("]")
        terminal.until("this is the newest step: j makes the next")
        terminal.press("h", "B")
        terminal.until("B is for a run that has diverged")
        terminal.press("z")
        terminal.until(r"test (example )?2( of |/)30")
        terminal.press("?")
        terminal.until(r"j F2 +Make one step")
        terminal.press("\x1b")
        # the ground of the theme, as dark as its text needs it
        assert b"48;2;28;31;38" in terminal.sent
        terminal.press("q")
        assert terminal.end() == 0
    (folder / "config.toml").write_text('[keys]\nstep = "w"\n')
    with Terminal("train", "iris", XDG_CONFIG_HOME=str(folder.parent)) as terminal:
        terminal.until("w is the key of walk on the training screen")
        assert terminal.end() == 2
