"""Chapter files: what is read, and what is said of one that is wrong."""

from pathlib import Path

import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.course.chapter import find_chapter, list_chapters, read_chapter

GOOD = """
[chapter]
title = { en = "And", ru = "И" }
question = { en = "Why?", ru = "Зачем?" }
minutes = 3

[runs.and]
[runs.and.data]
x = [[0, 0], [0, 1], [1, 0], [1, 1]]
y = [[0], [0], [0], [1]]

[runs.fast]
pace = 0
paused = false
[runs.fast.data]
name = "xor"

[[cards]]
text = { en = "Press `s` five times, then `space`: {step}", ru = "Пять раз `s`, затем `space`: {step}" }
do = { step_at_least = 5, phase = "training" }
keys = "s*5 space"

[[cards]]
text = { en = "What is z?", ru = "Чему равно z?" }
run = "fast"
[cards.ask]
number = "w1[1,2]*x[2] + b1[1]"
why = { en = "The sum.", ru = "Это сумма." }
mistakes = [{ number = "b1[1]", hint = { en = "The bias alone.", ru = "Только смещение." } }]

[[cards]]
text = { en = "Which?", ru = "Что?" }
[[cards.ask.choices]]
text = { en = "One", ru = "Одно" }
answer = { en = "Yes.", ru = "Да." }
right = { phase = "training" }
[[cards.ask.choices]]
text = { en = "Two", ru = "Другое" }
answer = { en = "No.", ru = "Нет." }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_chapter_of_ones_own_is_read(tmp_path: Path) -> None:
    chapter = find_chapter(str(written(tmp_path, GOOD)))
    assert (chapter.name, chapter.number, chapter.first_run) == ("mine", 0, "and")
    assert (chapter.runs["and"].pace, chapter.runs["and"].paused) == (50.0, True)
    assert (chapter.runs["fast"].pace, chapter.runs["fast"].paused) == (None, False)
    assert chapter.cards[0].presses == ("s", "s", "s", "s", "s", "space")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("phase = ", "fase = ", "card 1: do.fase: unknown field; did you mean phase?"),
        ('"training" }\nkeys', '"running" }\nkeys', 'card 1: do.phase = "running": input should be'),
        ("minutes = 3", "minutes = 0", "chapter: minutes = 0: input should be greater than or equal to 1"),
        ("minutes = 3", "", "chapter: minutes: must be given"),
        ('ru = "Чему равно z?"', 'rus = ""', "card 2: text.rus: unknown field; did you mean ru?"),
        ('{step}", ru', '{steps}", ru', "card 1: text: 'steps': no number is called steps; known are x,"),
        ('space`: {step}", ru', 'space`", ru', "card 1: text: the number {step} stands in one of the languages only"),
        ("затем `space`", "затем пробел", "card 1: text: the key `space` stands in one of the languages only"),
        ('keys = "s*5 space"', 'keys = "s*5 w"', "card 1: the text does not name the key `w`"),
        ('keys = "s*5 space"', "", "card 1: has do, and no keys that fulfil it"),
        ("w1[1,2]*x[2]", "w1[1,2]*x[2,1]", "card 2: ask.number: 'w1[1,2]*x[2,1] + b1[1]': x takes 1 index"),
        ("w1[1,2]*x[2]", "open('f')", "card 2: ask.number: \"open('f') + b1[1]\": only names, numbers, + - * /"),
        ('right = { phase = "training" }', "", "card 3: ask: none of the choices is right"),
        ('run = "fast"', 'run = "fats"', 'card 2: run = "fats": must be "and" or "fast"; did you mean "fast"?'),
        ('name = "xor"', 'name = "xr"', 'runs.fast: data.name = "xr": must be'),
        ("pace = 0", "pace = -1", "runs.fast: pace = -1: must be steps a second; 0 is without a limit"),
        ("[chapter]", "[chapters]", "[chapters]: unknown table; did you mean chapter?"),
        ("[[cards]]", "[[cards]", "Expected ']]'"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_its_card_and_its_field(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(GradstepError) as error:
        read_chapter(path)
    assert str(error.value).startswith(f"{path}: {message}")
    assert "\n" not in str(error.value)


def test_chapters_are_found_by_number_and_by_name() -> None:
    names = list(list_chapters())
    for number, name in enumerate(names, start=1):
        assert find_chapter(str(number)).name == find_chapter(name).name == name
        assert find_chapter(name).number == number


@pytest.mark.parametrize("what", ["0", "99", "first-lihgt", "nothing.toml"])
def test_what_is_no_chapter_is_refused(what: str) -> None:
    with pytest.raises(GradstepError, match=r"first-light|no such file"):
        find_chapter(what)
