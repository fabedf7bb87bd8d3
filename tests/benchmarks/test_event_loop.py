"""How long the event loop stands still at the most, over a run on a real terminal that uses every key."""

import json
import os
import sys
from pathlib import Path
from statistics import median

import numpy as np
import pexpect
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from gradstep.tui.keymap import CURSOR_KEYS, FOLLOW_KEYS, KEYS, POINTER_KEYS
from gradstep.tui.screen_keys import (
    EXPERIMENT_KEYS,
    EXPLORER_KEYS,
    IMPORTANCE_KEYS,
    LUCK_KEYS,
    RACE_KEYS,
    VALLEY_KEYS,
    WALK_KEYS,
    WEIGHTS_KEYS,
)
from tests.benchmarks.watched_app import PLAN

WATCHED = Path(__file__).with_name("watched_app.py")
ROUNDS, SECONDS, SHOWN = 3, 240, 8
NOT_PRESSED = {"suspend", "quit"}

Standstill = tuple[str, str, float, float]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """An NPZ of 6,000 random images of 28×28 and ten classes."""
    rng = np.random.default_rng(0)
    file = tmp_path / "images.npz"
    np.savez(file, x=rng.integers(0, 256, (6000, 28, 28), dtype=np.uint8), y=rng.permutation(6000) % 10)
    return file


def standstills(images: Path, folder: Path) -> list[Standstill]:
    """The longest standstill for every key, in a run of its own, longest first."""
    report = folder / "report.json"
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    arguments = [str(WATCHED), str(images), str(report)]
    program = pexpect.spawn(sys.executable, arguments, dimensions=(40, 120), env=environment, cwd=folder)
    program.expect(pexpect.EOF, timeout=SECONDS)
    program.close()
    assert report.exists(), (program.before or b"").decode(errors="replace")[-3000:]
    rows = json.loads(report.read_text())
    # to start and to leave the program is no key
    found = [(screen, key, late, busy) for screen, key, late, busy, *_ in rows if screen not in ("start", "end")]
    return sorted(found, key=lambda each: -each[2])


@pytest.mark.timeout(ROUNDS * SECONDS)
def test_longest_standstill(images: Path, tmp_path: Path, benchmark: BenchmarkFixture, report: list[str]) -> None:
    rounds: list[list[Standstill]] = []
    benchmark.pedantic(lambda: rounds.append(standstills(images, tmp_path)), rounds=ROUNDS)
    longest = [found[0][2] for found in rounds]
    report.append(
        f"longest standstill of the event loop, 784-512-512-10: {median(longest):.0f} ms "
        f"({', '.join(f'{each:.0f}' for each in longest)})   target 20 ms"
    )
    for screen, key, late, busy in min(rounds, key=lambda found: found[0][2])[:SHOWN]:
        report.append(f"    {late:6.1f} ms, of these {busy:5.1f} on the processor: {key or 'nothing'} ({screen})")


def test_every_key_is_pressed() -> None:
    pressed = {key for _, keys in PLAN for key in keys.split()}
    tables = (
        *KEYS,
        *CURSOR_KEYS,
        *POINTER_KEYS,
        *FOLLOW_KEYS,
        *WALK_KEYS,
        *WEIGHTS_KEYS,
        *EXPERIMENT_KEYS,
        *EXPLORER_KEYS,
        *RACE_KEYS,
        *LUCK_KEYS,
        *VALLEY_KEYS,
        *IMPORTANCE_KEYS,
    )
    missing = [key.id for key in tables if key.id not in NOT_PRESSED and not pressed.intersection(key.keys.split(","))]
    assert missing == []
