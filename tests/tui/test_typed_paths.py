"""A path typed on the experiment screen can be of anything: the training goes on, and the screen says what is wrong."""

import os
from pathlib import Path
from threading import enumerate as enumerate_threads

import pytest

from gradstep.data.formats import file_content
from gradstep.tui.screens.experiment.screen import ExperimentScreen
from tests.tui.driving import AppPilot, assembled, shown, step_of, until

PACE = 100.0
"""Steps a second: the training goes on, and leaves the processor to the keys."""

LONG = "a" * 300
DIGITS = "9" * 5000
PATHS = [
    ".",
    "/dev/zero",
    "/dev/urandom",
    "/dev/full",
    "pipe",
    "loop",
    "missing",
    "file/below",
    LONG,
    f"./{LONG}",
    "~nobody/x",
]
PATHS += ["binary", "huge.toml", "hex.toml", "deep.toml"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(file_content, "SECONDS_WITHOUT_CONTENT", 0.1)
    os.mkfifo("pipe")
    Path("loop").symlink_to("loop")
    Path("file").touch()
    Path("binary").write_bytes(bytes(range(256)))
    Path("huge.toml").write_text(f"[data]\nseed = {DIGITS}\n")
    Path("hex.toml").write_text(f"[training]\nmax_steps = 0x{DIGITS}\n")
    Path("deep.toml").write_text(f"data = {'[' * 5000}")
    return tmp_path


def screen_of(pilot: AppPilot) -> ExperimentScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ExperimentScreen)
    return screen


async def type_path(pilot: AppPilot, key: str, path: str) -> None:
    await pilot.press(key)
    line = screen_of(pilot).query_one("#typed")
    line.value = path  # type: ignore[attr-defined]
    await pilot.press("enter")


@pytest.mark.parametrize("path", PATHS)
async def test_a_file_that_cannot_be_opened_is_told_and_training_goes_on(path: str) -> None:
    async with shown(assembled("iris", max_epochs=10**6), paused=False, pace=PACE) as pilot:
        await pilot.press("e")
        await type_path(pilot, "o", path)
        await until(lambda: bool(screen_of(pilot).view.complaint), pilot)
        before = step_of(pilot.app.session)  # type: ignore[attr-defined]
        await until(lambda: step_of(pilot.app.session) > before, pilot)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", [".", "/dev/full", "loop/x", "missing/x", "file/below", LONG, "~nobody/x"])
async def test_a_file_that_cannot_be_written_is_told_and_training_goes_on(path: str) -> None:
    async with shown(assembled("iris", max_epochs=10**6), paused=False, pace=PACE) as pilot:
        await pilot.press("e")
        await type_path(pilot, "w", path)
        if os.path.exists(path):
            await pilot.press("y")
        await until(lambda: bool(screen_of(pilot).view.complaint), pilot)
        before = step_of(pilot.app.session)  # type: ignore[attr-defined]
        await until(lambda: step_of(pilot.app.session) > before, pilot)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", [path for path in PATHS if not path.endswith(".toml")])
async def test_data_that_cannot_be_read_are_told_and_training_goes_on(path: str) -> None:
    async with shown(assembled("iris", max_epochs=10**6), paused=False, pace=PACE) as pilot:
        await pilot.press("e", "down")
        assert screen_of(pilot).view.field.dotted == "data.path"
        await type_path(pilot, "enter", path)
        await pilot.press("a", "y")
        await until(lambda: bool(screen_of(pilot).view.complaint), pilot)
        before = step_of(pilot.app.session)  # type: ignore[attr-defined]
        await until(lambda: step_of(pilot.app.session) > before, pilot)  # type: ignore[attr-defined]


async def test_data_whose_name_is_not_utf_8_are_shown(folder: Path) -> None:
    name = os.fsdecode(b"\xff.csv")
    Path(name).write_text("".join(f"{row},{row * 0.37}\n" for row in range(40)))
    async with shown(assembled({"path": name})) as pilot:
        await pilot.press("e", "enter")
        assert screen_of(pilot).query_one("#typed").value == rf"{folder}/\xff.csv"  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert not screen_of(pilot).view.changed


async def test_the_program_does_not_wait_for_a_pipe_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_content, "SECONDS_WITHOUT_CONTENT", 3600)
    async with shown(assembled("iris", max_epochs=10**6), paused=False, pace=None) as pilot:
        await pilot.press("e")
        await type_path(pilot, "o", "pipe")
        await until(lambda: any(thread.name == "daemon" for thread in enumerate_threads()), pilot)
        # these are not waited for
        assert all(thread.daemon for thread in enumerate_threads() if thread.name == "daemon")
