"""What the terminal sends, torn or whole, and what it means: keys, events and answers."""

import pytest
from textual import events
from textual.message import Message

from gradstep.tui.terminal.input_parser import (
    SECONDS_TO_ESCAPE_KEY,
    SECONDS_TO_LATE_ESCAPE_KEY,
    InputParser,
)

ANSWERS = (
    "\x1b[12;34R",
    "\x1b[?2026;2$y",
    "\x1b[?62;c",
    "\x1b[?62;22;52c",
    "\x1b[>1;10;0c",
    "\x1b[0n",
    "\x1b[?25u",
    "\x1b[4;600;800t",
    "\x1b[I",
    "\x1b[O",
    "\x1b]11;rgb:1c1c/1c1c/1c1c\x07",
    "\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
    "\x1bP>|xterm(388)\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
)


class Typing:
    """A parser with a clock of its own, and what it has made of the text."""

    def __init__(self, expects_answer: bool = False) -> None:
        self.now = 0.0
        self.parser = InputParser(lambda: expects_answer, lambda: self.now)
        self.messages: list[Message] = []

    def type(self, *pieces: str, pause: float = 0.0) -> "Typing":
        """Send these pieces, with a pause of so many seconds after each."""
        for piece in pieces:
            self.messages += self.parser.feed(piece)
            self.wait(pause)
        return self

    def wait(self, seconds: float) -> "Typing":
        end = self.now + seconds
        while (left := self.parser.seconds_left()) is not None and self.now + left <= end:
            self.now += left
            self.messages += self.parser.tick()
        self.now = end
        return self

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.messages if isinstance(message, events.Key)]

    @property
    def characters(self) -> list[str | None]:
        return [message.character for message in self.messages if isinstance(message, events.Key)]


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_a_whole_answer_presses_no_key(answer: str) -> None:
    assert Typing().type(answer, "s").wait(5).keys == ["s"]


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_an_answer_torn_anywhere_presses_no_key_but_escape(answer: str) -> None:
    for at in range(1, len(answer)):
        for pause in (0.15, 0.5, 0.9):
            typing = Typing().type(answer[:at], pause=pause).type(answer[at:], "s")
            assert [key for key in typing.wait(5).keys if key != "escape" or at > 1] == ["s"], (at, pause)


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_an_answer_that_comes_character_by_character_presses_no_key_but_escape(answer: str) -> None:
    typing = Typing().type(*answer, pause=0.25)
    assert typing.type("s").wait(5).keys in (["s"], ["escape", "s"])


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_an_answer_that_is_due_presses_no_key_however_it_is_torn(answer: str) -> None:
    for at in range(1, len(answer)):
        typing = Typing(expects_answer=True).type(answer[:at], pause=0.55).type(answer[at:], "s")
        assert typing.wait(5).keys == ["s"]


def test_a_torn_cursor_report_is_told_as_one() -> None:
    typing = Typing().type("\x1b", pause=0.3).type("[12;3", pause=0.3).type("4R")
    assert [(message.x, message.y) for message in typing.messages if isinstance(message, events.CursorPosition)] == [
        (33, 11)
    ]


def test_after_the_first_key_of_the_kitty_protocol_a_lone_escape_is_no_key_for_longer() -> None:
    typing = Typing().type("\x1b[115u", "\x1b", pause=0.5).type("[12;34R")
    assert typing.wait(5).keys == ["s"]


@pytest.mark.parametrize(("expected", "seconds"), [(False, SECONDS_TO_ESCAPE_KEY), (True, SECONDS_TO_LATE_ESCAPE_KEY)])
def test_an_escape_that_nothing_follows_is_the_key(expected: bool, seconds: float) -> None:
    typing = Typing(expected).type("\x1b").wait(0.9 * seconds)
    assert typing.keys == []
    assert typing.wait(0.2 * seconds).keys == ["escape"]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("[[[", ["left_square_bracket"] * 3),
        ("[", ["left_square_bracket"]),
        ("[n", ["left_square_bracket", "n"]),
        ("[R", ["left_square_bracket", "R"]),
        ("[]", ["left_square_bracket", "right_square_bracket"]),
        ("]s", ["right_square_bracket", "s"]),
        ("[1", ["left_square_bracket", "1"]),
        ("q", ["q"]),
    ],
)
def test_keys_typed_after_the_escape_key_are_keys(typed: str, keys: list[str]) -> None:
    assert Typing().type("\x1b", pause=0.4).type(typed).wait(5).keys == ["escape", *keys]
    assert Typing().type("\x1b", pause=0.4).type(*typed, pause=0.2).wait(5).keys == ["escape", *keys]


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.15])
@pytest.mark.parametrize(("typed", "key"), [("n", "n"), ("?", "question_mark"), ("q", "q"), (" ", "space"), ("1", "1")])
def test_a_key_typed_soon_after_the_escape_key_takes_nothing_from_it(typed: str, key: str, pause: float) -> None:
    assert Typing().type("\x1b", pause=pause).type(typed).wait(5).keys == ["escape", key]


@pytest.mark.parametrize(
    ("sequence", "key"),
    [
        ("\x1b[A", "up"),
        ("\x1bOA", "up"),
        ("\x1bOP", "f1"),
        ("\x1b[[A", "f1"),
        ("\x1b[11~", "f1"),
        ("\x1b[5~", "pageup"),
        ("\x1b[Z", "shift+tab"),
        ("\x1b[27u", "escape"),
        ("\x1b[115;1;115u", "s"),
        ("\x1b[97:65;2;65u", "A"),
        ("\x1b[99;5u", "ctrl+c"),
        ("\x1b[1;5A", "ctrl+up"),
        ("\x03", "ctrl+c"),
        ("\t", "tab"),
        ("é", "é"),
    ],
    ids=repr,
)
def test_keys_are_read_whole_and_torn(sequence: str, key: str) -> None:
    assert Typing().type(sequence).wait(5).keys == [key]
    assert Typing().type(*sequence, pause=0.05).wait(5).keys == [key]


@pytest.mark.parametrize(
    ("sequence", "key", "character"),
    [
        ("\x1b[1089;5u", "ctrl+c", None),
        ("\x1b[1089::99;5u", "ctrl+c", None),
        ("\x1b[963::115;5u", "ctrl+s", None),
        ("\x1b[1081::113;1;1081u", "q", "й"),
        ("\x1b[1081;;1081u", "q", "й"),
        ("\x1b[1099:1067:115;2;1067u", "S", "Ы"),
        ("\x1b[1093:1061:91;1;1093u", "left_square_bracket", "х"),
        ("\x1b[1093:1061:91;2;1061u", "left_curly_bracket", "Х"),
        ("\x1b[1513::97;1;1513u", "a", "ש"),
        ("\x1b[246:214:59;2;214u", "Ö", "Ö"),
        ("й", "q", "й"),
        ("ц", "w", "ц"),
        ("Ы", "S", "Ы"),
        ("Ж", "colon", "Ж"),
        ("х", "left_square_bracket", "х"),
        ("ъ", "right_square_bracket", "ъ"),
        ("Б", "less_than_sign", "Б"),
        ("і", "s", "і"),
        ("ς", "w", "ς"),
        ("ö", "ö", "ö"),
        ("神", "神", "神"),
    ],
    ids=repr,
)
def test_a_letter_of_another_alphabet_is_the_key_at_its_place_and_types_itself(
    sequence: str, key: str, character: str | None
) -> None:
    typing = Typing().type(sequence)
    assert typing.keys == [key]
    assert typing.characters == [character]


@pytest.mark.parametrize("at", range(1, 15))
def test_text_pasted_in_brackets_is_one_event_however_it_is_split(at: int) -> None:
    text = "\x1b[200~qй\x1b[A\x1b[201~s"
    typing = Typing().type(text[:at], pause=0.1).type(text[at:])
    assert [message.text for message in typing.messages if isinstance(message, events.Paste)] == ["qй\x1b[A"]
    assert typing.keys == ["s"]


@pytest.mark.parametrize(
    "broken",
    ["\x1b[", "\x1b[1;", "\x1bO", "\x1b]11;rgb", "\x1bP1", "\x1b[99999999u", "\x1b[9999999999999999999u", "\x1b]x"],
)
def test_after_a_broken_sequence_keys_are_keys_again(broken: str) -> None:
    assert Typing().type(broken).wait(5).type("s").keys[-1:] == ["s"]
    assert Typing().type(broken, "\x1b[115u").keys[-1:] == ["s"]


def test_a_string_that_never_ends_swallows_little() -> None:
    assert Typing().type("\x1b]11;", *("s" * 1000)).keys.count("s") > 700
