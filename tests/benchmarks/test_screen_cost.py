"""What the screen costs training: its steps a second on the screen and without, quiet and on a busy machine."""

import json
import signal
import subprocess
from pathlib import Path
from statistics import median
from time import sleep

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.busy_processor import one_busy_processor
from tests.terminal.terminal import GRADSTEP, Terminal

SECONDS, ROUNDS = 6.0, 4

NETWORKS = {
    "xor, 2-4-1": ("--data", "xor", "--hidden", "4"),
    "digits": (),
    "digits, 64-128-128-10": ("--hidden", "128,128"),
}


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def train_plain(options: list[str]) -> None:
    with subprocess.Popen([GRADSTEP, "train", "--plain", *options], stdout=subprocess.DEVNULL) as program:
        sleep(SECONDS)
        program.send_signal(signal.SIGINT)


def train_on_screen(options: list[str]) -> None:
    with Terminal("train", "--pace", "max", *options) as terminal:
        terminal.until_drawn()
        terminal.until_true(lambda: terminal.number("step") > 0, "steps")
        started = terminal.received
        while terminal.received < started + SECONDS:
            terminal.read()
        terminal.press(" ")
        terminal.until("paused")
        terminal.press("q")
        assert terminal.end() == 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("busy", [False, True], ids=["quiet", "one processor busy"])
@pytest.mark.parametrize("network", NETWORKS)
def test_steps_a_second_on_the_screen_and_without(
    network: str, busy: bool, tmp_path: Path, benchmark: BenchmarkFixture, report: list[str]
) -> None:
    speeds: dict[str, list[float]] = {"screen": [], "plain": []}

    def measure() -> None:
        for name, train in (("plain", train_plain), ("screen", train_on_screen)):
            summary = tmp_path / f"{name}.json"
            options = ["--max-epochs", "100000000", "--summary", str(summary), *NETWORKS[network]]
            train(options)
            speeds[name].append(json.loads(summary.read_text())["steps_per_second"])

    with one_busy_processor(busy):
        benchmark.pedantic(measure, rounds=ROUNDS)
    ratio = median(screen / plain for screen, plain in zip(speeds["screen"], speeds["plain"], strict=True))
    report.append(
        f"{network}{', one processor busy' if busy else ''}: {median(speeds['screen']):,.0f} steps/s on the screen, "
        f"{median(speeds['plain']):,.0f} without: {ratio:.2f} of it (target 0.95)"
    )
