"""The program in a browser, as `gradstep serve` serves it to a class: a real Chromium, and two visitors at once."""

import asyncio
import importlib.util
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradstep.data.checkpoint import read_checkpoint
from gradstep.tui.cli.main import run
from tests.browser.chromium import CHROMIUM, Page, wait_until
from tests.browser.serving import serving

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a server, whose visitors train iris slowly; its own terminal can show next to nothing."""
    train = ("train", "iris", "--pace", "5", "--max-epochs", "1000000")
    with serving(tmp_path / "log", *train, NO_COLOR="1", LC_ALL="C", TERM="dumb") as address:
        yield address


def find_runs(state_home: Path) -> list[Path]:
    return sorted((state_home / "gradstep" / "browser").glob("*/gradstep/runs/*-iris"))


def newest_step(folder: Path) -> int:
    found = [read_checkpoint(path).state.values["step"] for path in folder.glob("*.safetensors")]
    return int(max(found, default=-1))


@needs_browser
async def test_two_visitors_train_apart_from_each_other(address: str, tmp_path: Path, state_home: Path) -> None:
    async with Page(tmp_path / "one") as one, Page(tmp_path / "two") as two:
        await asyncio.gather(one.open(address), two.open(address))
        await asyncio.gather(one.until("iris.*training"), two.until("iris.*training"))
        # keys and the mouse, drawn in colours and braille whatever the server's own terminal can do
        await one.click("4 Output")
        await one.press(" ")
        await one.until("paused")
        step = int((await one.until(r"step (\d+)"))[1])
        await one.press("s")
        await one.until(rf"step {step + 1}\b")
        await one.click("rate")
        await one.until("[⠁-⣿]")
        assert b"\x1b[6n" not in one.received, "the link is not measured"
        assert b"38;2;86;156;255" in one.received
        assert "paused" not in two.text
        # what there is not in a browser is not offered: no shell to go back to
        await one.press(":", *"back")
        await one.until("Go back one epoch")
        assert "fg returns" not in one.text
        await one.press("Escape")
        await wait_until(lambda: "Go back one epoch" not in one.text, "the palette does not close")
        # who quits is told, and who closes the page is saved as well
        await one.press("q")
        await wait_until(lambda: one.is_closed, "the session does not end")
        await wait_until(lambda: len(find_runs(state_home)) == 2, "a run is not saved")
        runs = find_runs(state_home)
        assert len({run.parents[2] for run in runs}) == 2
        await two.until(r"step \d")
    await wait_until(lambda: min(map(newest_step, runs)) > 0, "a run is not saved")
    assert step + 1 in map(newest_step, runs)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [("--host 203.0.113.7", ["--host 203.0.113.7", "assign"]), ("--port 70000", ["--port", "65535"])],
)
def test_an_address_that_cannot_be_served_is_told(
    arguments: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", *arguments.split()]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert all(each in err for each in words), err


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["serve", "--port", str(port)]) == 2
    assert f"--port {port}: Address already in use; choose another --port" in capsys.readouterr().err


def test_without_the_extra_its_name_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert importlib.util.find_spec("textual_serve")
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    assert run(["serve"]) == 2
    assert "pip install 'gradstep[browser]'" in capsys.readouterr().err
