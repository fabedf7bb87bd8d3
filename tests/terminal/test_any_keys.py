"""The program keeps working whatever is typed."""

import re
import string
from random import Random
from time import monotonic

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.terminal.terminal import CTRL_L, CTRL_S, ESCAPE, SECONDS, Terminal, assert_drawn_right

KEYS = 1000

LEAVING = b"qQ\x03\x11\x1a"
"""The keys for quit and suspend, which are left out because they would end the test."""
PALETTE = b":\x10"
"""The keys for the command palette, which offers every command, quit too."""
NAMED = [*(f"\x1b[{last}" for last in ("A", "B", "C", "D", "H", "F", "Z", "5~", "6~")), "\x1bOP", "\t", "\r"]
NAMED += [ESCAPE, "\x1b", CTRL_L, CTRL_S]
BROKEN = [
    "\x1b[",
    "\x1b[1;",
    "\x1bO",
    "\x1b[200~",
    "\x1b[201~",
    "\x1b[?2026;",
    "\x1b]11;rgb",
    "\x1bP",
    "\x1b[99999999u",
]
MOUSE = [
    "\x1b[<0;5;",
    "\x1b[<0;5;5M",
    "\x1b[<0;5;5m",
    "\x1b[<35;70;20M",
    "\x1b[<64;20;10M",
    "\x1b[M   ",
    "\x1b[I",
    "\x1b[O",
]
FOREIGN = ["é", "神", "🙂", "e\u0301"]
BYTES = [bytes([byte]) for byte in range(256) if byte not in LEAVING + PALETTE]

END_OF_PASTE = "\x1b[201~" * 2
"""Sent twice, because the first may be read as the rest of a broken sequence."""

mashed = given(seed=st.integers(0, 2**32 - 1))
"""Hypothesis chooses the seed, and prints the one that fails."""
few = settings(
    max_examples=2, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def choose_keys(random: Random) -> list[bytes]:
    """Choose random keys: mostly printed ones, then named ones, the mouse, broken sequences and single bytes."""
    printed = [key.encode() for key in string.printable[:94] if key.encode() not in LEAVING + PALETTE]
    pools = [printed, *([key.encode() for key in keys] for keys in (NAMED, BROKEN, MOUSE, FOREIGN)), BYTES]
    return [random.choice(random.choices(pools, [12, 6, 1, 1, 1, 2])[0]) for _ in range(KEYS)]


def come_to_rest(terminal: Terminal) -> None:
    """Close whatever is open, reset the run and make a step, until the screen was at rest after three rounds of that.

    In earlier ones keys may still be queued.
    """
    rounds, end = [False], monotonic() + SECONDS
    while not all(rounds[-3:]):
        assert monotonic() < end, f"the training screen does not come to rest; the screen is\n{terminal.text}"
        terminal.press(END_OF_PASTE, ESCAPE, "r", "s")
        read_for_a_second_or_until_quiet(terminal)
        at_step_1 = re.search(r"paused .* step 1 ", terminal.screen.display[0]) is not None
        rounds.append(at_step_1 and "4 Output" in terminal.text)


def read_for_a_second_or_until_quiet(terminal: Terminal) -> None:
    """Read until nothing comes any more; training may also go on."""
    end, quiet = monotonic() + 1.0, 0
    while quiet < 5 and monotonic() < end:
        before = len(terminal.sent)
        assert terminal.read(), f"the program has ended; the screen is\n{terminal.text}"
        quiet = quiet + 1 if len(terminal.sent) == before else 0


def assert_answers(terminal: Terminal) -> None:
    """Check that the program shows the help and a correct screen, and quits."""
    come_to_rest(terminal)
    terminal.until_quiet()
    terminal.press("?")
    terminal.until("Help ─")
    terminal.press(ESCAPE)
    terminal.until_true(lambda: "Help ─" not in terminal.text, "the help to close")
    assert_drawn_right(terminal)
    terminal.press("q")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.text
    assert terminal.modes_left_on() == []


@few
@mashed
def test_random_keys_while_it_trains(seed: int) -> None:
    note(f"seed {seed}")
    with Terminal("train", "--pace", "max", "--max-epochs", "1000000") as terminal:
        terminal.until(r"step [1-9]")
        for key in choose_keys(Random(seed)):
            terminal.press(key)
        assert_answers(terminal)


@few
@mashed
def test_random_keys_in_the_walkthrough(seed: int) -> None:
    note(f"seed {seed}")
    leaving = (b"w", b"\x1b", ESCAPE.encode(), b"\x17")
    with Terminal("walk", "mazur") as terminal:
        terminal.until("choose the batch")
        for key in choose_keys(Random(seed)):
            if key not in leaving:
                terminal.press(key)
        assert_answers(terminal)


def test_random_letters_in_the_palette() -> None:
    random = Random(4)
    # a letter that is typed while the palette still opens or closes is a key of the screen below
    letters = [letter for letter in string.ascii_letters + " \x7f" if letter.encode() not in LEAVING]
    with Terminal("train", "--pace", "max", "--max-epochs", "1000000") as terminal:
        terminal.until(r"step [1-9]")
        for _ in range(20):
            terminal.press(":", *random.choices(letters, k=10), ESCAPE, ESCAPE)
        assert_answers(terminal)
