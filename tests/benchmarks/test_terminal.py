"""The screen on a pseudo-terminal: latency, bytes sent, processor time and memory."""

import os
import re
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from time import monotonic

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.busy_processor import one_busy_processor
from tests.terminal.saved import find_checkpoints
from tests.terminal.terminal import CTRL_S, GRADSTEP, TITLES, Terminal, wait_until

MAX = ("train", "--pace", "max", "--max-epochs", "100000000")
TINY = (*MAX, "--data", "xor", "--hidden", "4")
PRESSES, STARTS, ROUNDS, LATENCY_ROUNDS = 50, 7, 3, 2
COUNTING = str(Path(__file__).with_name("counting_app.py"))
SECONDS = 10.0
MARKS = (100_000, 1_000_000)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of the program."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def pixels(tmp_path: Path) -> Path:
    """A CSV file with 800 rows of 784 numbers, in ten classes."""
    rng = np.random.default_rng(0)
    file = tmp_path / "pixels.csv"
    header = ",".join([*(f"p{pixel}" for pixel in range(784)), "class"])
    rows = np.column_stack([rng.integers(0, 256, (800, 784)), rng.permutation(800) % 10])
    np.savetxt(file, rows, fmt="%d", delimiter=",", header=header, comments="")
    return file


def format_figure(figure: str, target: str, *command: str) -> str:
    """Format one line with the figure, its target and the command."""
    words = " ".join(Path(word).name if os.sep in word else word for word in command)
    return f"{figure:<76} target {target:<11} gradstep {words}"


def settle(terminal: Terminal) -> None:
    """Wait until the program trains, and everything that is drawn once is drawn."""
    terminal.until_drawn()
    read_for(terminal, 2.0)


def read_for(terminal: Terminal, seconds: float) -> int:
    """Read for so many seconds, and return the number of bytes."""
    before, end = len(terminal.sent), monotonic() + seconds
    while monotonic() < end:
        assert terminal.read()
    return len(terminal.sent) - before


def measure_latency(terminal: Terminal) -> float:
    """Press the key for the next example; return the seconds until what shows it has come."""

    def example() -> int:
        found = re.search(r"example (\d+) of", terminal.text)
        return int(found[1]) if found else 0

    before, pressed = example(), monotonic()
    terminal.press("n")
    terminal.until_true(lambda: example() > before, "the next example")
    return terminal.drawn - pressed


def measure_latencies(terminal: Terminal, random: np.random.Generator) -> list[float]:
    """Press a key PRESSES times, at random moments; return the milliseconds until its effect is shown."""
    milliseconds = []
    for _ in range(PRESSES):
        read_for(terminal, random.uniform(0.05, 0.3))
        milliseconds.append(1000 * measure_latency(terminal))
    return milliseconds


@pytest.mark.timeout(600)
@pytest.mark.parametrize("busy", [False, True], ids=["quiet", "one processor busy"])
@pytest.mark.parametrize("network", ["digits", "784-512-512-10"])
def test_key_to_changed_screen(
    network: str, busy: bool, pixels: Path, benchmark: BenchmarkFixture, report: list[str]
) -> None:
    command, target = MAX, "25 ms"
    if network != "digits":
        shape = ("--hidden", "512,512", "--batch-size", "128", "--learning-rate", "0.01")
        command, target = (*MAX, "--data", str(pixels), *shape), "60 ms"
    random, ours, bare = np.random.default_rng(0), list[float](), list[float]()

    def measure() -> None:
        with Terminal(*command) as terminal:
            settle(terminal)
            ours.extend(measure_latencies(terminal, random))
        with Terminal(program=(sys.executable, COUNTING)) as terminal:
            terminal.until("example 1 of")
            bare.extend(measure_latencies(terminal, random))

    with one_busy_processor(busy):
        benchmark.pedantic(measure, rounds=LATENCY_ROUNDS)
    p95, bare_p95 = quantiles(ours, n=20)[-1], quantiles(bare, n=20)[-1]
    where = f"{network}{', one processor busy' if busy else ''}"
    figure = f"key to changed screen, {where}: 95% within {p95:.1f} ms, half within {median(ours):.1f}"
    report.append(format_figure(figure, target, *command))
    ratio, ratio_of_half = p95 / bare_p95, median(ours) / median(bare)
    report.append(f"    a bare Textual app that only counts: {bare_p95:.1f} ms, half within {median(bare):.1f}")
    report.append(f"{f'    ratio: {ratio:.1f} x, half {ratio_of_half:.1f} x':<76} target 2.5 x")


@pytest.mark.parametrize(
    ("options", "target"), [((), "12 kB/s"), (("--link", "slow"), "2 kB/s")], ids=["default", "slow"]
)
def test_bytes_a_second(options: tuple[str, ...], target: str, benchmark: BenchmarkFixture, report: list[str]) -> None:
    with Terminal(*MAX, *options) as terminal:
        settle(terminal)
        sent = benchmark.pedantic(read_for, (terminal, SECONDS))
    report.append(format_figure(f"sent while training: {sent / SECONDS / 1000:.1f} kB/s", target, *MAX, *options))


def test_output_and_cpu_time_of_a_pause(benchmark: BenchmarkFixture, report: list[str]) -> None:
    with Terminal(*MAX) as terminal:
        settle(terminal)
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        used = measure_cpu_seconds(terminal)
        sent = benchmark.pedantic(read_for, (terminal, SECONDS))
        used = measure_cpu_seconds(terminal) - used
    figure = f"paused for {SECONDS:.0f} s: {sent} bytes, {100 * used / SECONDS:.2f} % of a core"
    report.append(format_figure(figure, "0 bytes, 1 %", *MAX))


def test_first_full_frame(benchmark: BenchmarkFixture, report: list[str]) -> None:
    seconds = []

    def start() -> None:
        begun = monotonic()
        with Terminal() as terminal:
            terminal.until_true(lambda: all(title in terminal.text for title in TITLES), "all four panels")
            terminal.until("parameters")
            seconds.append(terminal.received - begun)

    benchmark.pedantic(start, rounds=STARTS, warmup_rounds=1)
    report.append(format_figure(f"first full frame: {median(seconds[1:]):.2f} s", "1.0 s"))


def test_version(benchmark: BenchmarkFixture, report: list[str]) -> None:
    benchmark.pedantic(
        subprocess.run,
        ([GRADSTEP, "--version"],),
        {"check": True, "capture_output": True},
        rounds=STARTS,
        warmup_rounds=1,
    )
    report.append(format_figure(f"version: {benchmark.stats.stats.median:.2f} s", "0.3 s", "--version"))


def measure_cpu_seconds(terminal: Terminal, drawing_alone: bool = False) -> float:
    """Return the processor seconds of the program, or only of its first thread, which draws."""
    tasks = Path(f"/proc/{terminal.pid}/task")
    threads = [tasks / str(terminal.pid)] if drawing_alone else list(tasks.iterdir())
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def measure_megabytes(terminal: Terminal) -> float:
    """Return the memory in use by the program, in megabytes."""
    pages = int(Path(f"/proc/{terminal.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure_frame_cost(terminal: Terminal) -> float:
    """Return the milliseconds of the drawing thread for each change of the status line."""
    used, frames, before, end = measure_cpu_seconds(terminal, drawing_alone=True), 0, "", monotonic() + SECONDS
    while monotonic() < end:
        terminal.read()
        frames += terminal.screen.display[0] != before
        before = terminal.screen.display[0]
    return 1000 * (measure_cpu_seconds(terminal, drawing_alone=True) - used) / frames


@pytest.mark.timeout(900)
def test_memory_and_frames_of_a_million_steps(benchmark: BenchmarkFixture, report: list[str]) -> None:
    memory, frame = [], []
    with Terminal(*TINY) as terminal:

        def train() -> None:
            for mark in MARKS:
                while terminal.number("step") < mark:
                    read_for(terminal, 0.5)
                memory.append(measure_megabytes(terminal))
                frame.append(measure_frame_cost(terminal))

        benchmark.pedantic(train)
    grown = f"{memory[1] - memory[0]:+.1f} MB of {memory[0]:.0f} MB, a frame {frame[0]:.1f} ms, then {frame[1]:.1f} ms"
    report.append(format_figure(f"from step {MARKS[0]:,} to {MARKS[1]:,}: {grown}", "2 MB, same", *TINY))


def measure_steps_a_second(terminal: Terminal, state: Path, read: bool) -> float:
    """Return the steps a second between two checkpoints."""
    (first, begun), (last, ended) = save(terminal, state, read), save(terminal, state, read, after=SECONDS)
    return (last - first) / (ended - begun)


def save(terminal: Terminal, state: Path, read: bool, after: float = 0.0) -> tuple[int, float]:
    """Wait `after` seconds, with the terminal read or not, and save; return the saved step and its time."""
    wait = terminal.until_true if read else wait_until
    end = monotonic() + after
    wait(lambda: monotonic() > end, "the time to pass")
    known = set(find_checkpoints(state))
    terminal.press(CTRL_S)
    wait(lambda: bool(set(find_checkpoints(state)) - known), "the checkpoint")
    path = max(set(find_checkpoints(state)) - known)
    return int(path.stem.removeprefix("step-")), path.stat().st_mtime


@pytest.mark.timeout(600)
def test_throughput_while_the_terminal_is_not_read(state: Path, benchmark: BenchmarkFixture, report: list[str]) -> None:
    read, unread = [], []
    with Terminal(*MAX) as terminal:
        settle(terminal)

        def both() -> None:
            read.append(measure_steps_a_second(terminal, state, read=True))
            terminal.stop_reading()
            unread.append(measure_steps_a_second(terminal, state, read=False))
            read_for(terminal, 1.0)

        benchmark.pedantic(both, rounds=ROUNDS)
    ratio = median(alone / seen for alone, seen in zip(unread, read, strict=True))
    figure = f"{median(unread):,.0f} steps/s while nobody reads, {median(read):,.0f} with a reader: {ratio:.2f} x"
    report.append(format_figure(figure, "0.9 x", *MAX))
