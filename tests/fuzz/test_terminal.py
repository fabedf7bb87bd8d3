"""Whatever keys are pressed and whatever the terminal answers: the program goes on, and restores the terminal."""

from collections.abc import Iterator
from itertools import islice
from random import Random

import pytest

from tests.fuzz.mutator import mutate
from tests.terminal.terminal import Terminal
from tests.terminal.test_any_keys import assert_answers, choose_keys

CASES = 1
"""A case takes seconds; `--fuzz-seconds` tries more."""

ANSWERS = [
    b"\x1b[?2026;2$y",
    b"\x1b[?2048;2$y",
    b"\x1b[1;1R",
    b"\x1b[12;40R",
    b"\x1b[?62;22c",
    b"\x1b[?1u",
    b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    b"\x1b]10;rgb:0/0/0\x07",
    b"\x1bP>|xterm(388)\x1b\\",
    b"\x1b[48;40;120;800;1200t",
    b"\x1b[8;40;120t",
    b"\x1b[?997;1n",
    b"\x1b[0n",
]

pytestmark = pytest.mark.timeout(0)


@pytest.fixture
def few_seeds(seeds: Iterator[int], request: pytest.FixtureRequest) -> Iterator[int]:
    return seeds if request.config.getoption("--fuzz-seconds") else islice(seeds, CASES)


def test_keys(few_seeds: Iterator[int]) -> None:
    for seed in few_seeds:
        print(f"--fuzz-seed {seed}")
        random = Random(seed)
        command = random.choice((("train", "--data", "xor"), ("train", "--data", "sine"), ("train",)))
        with Terminal(*command, "--pace", "max", "--max-epochs", "1000000") as terminal:
            terminal.until(r"step [1-9]")
            for key in choose_keys(random):
                terminal.press(key)
            assert_answers(terminal)


def test_answers(few_seeds: Iterator[int]) -> None:
    for seed in few_seeds:
        print(f"--fuzz-seed {seed}")
        random = Random(seed)
        with Terminal("train", "--pace", "max", "--max-epochs", "1000000") as terminal:
            for _ in range(50):
                terminal.press(b"".join(_damage_answer(random) for _ in range(random.choice((1, 1, 3)))))
                if random.random() < 0.1:
                    terminal.read()
            # what is left of a torn answer may be a key, such as the s that makes a step and pauses
            assert_answers(terminal)


def _damage_answer(random: Random) -> bytes:
    """Return an answer that is cut, torn or wrong, but holds no key that ends or suspends the program."""
    answer = random.choice(ANSWERS)
    damaged = mutate(answer, random) if random.random() < 0.7 else answer[: random.randrange(1, len(answer) + 1)]
    return bytes(byte for byte in damaged if byte not in b"qQ\x03\x11\x1a:\x10")
