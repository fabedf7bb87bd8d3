"""`gradstep learn` without a screen: the list of chapters, and a chapter as text."""

from pathlib import Path

import pytest

from gradstep.data.course.chapter import list_chapters
from gradstep.data.course.progress import Progress, note_progress, read_progress
from gradstep.tui.cli.main import run as gradstep
from tests.course.test_chapter_files import GOOD, written


def test_the_list_has_every_chapter_in_order_with_what_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, *others = list_chapters()
    note_progress(first, Progress(finished=True))
    note_progress(second, Progress(card=2))
    assert gradstep(["learn", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["✓", "1"], ["…", "2"]]
    assert [line.split()[0] for line in lines[2:]] == [str(number) for number, _ in enumerate(others, start=3)]
    assert all(line.endswith("min") for line in lines)


def test_without_a_terminal_the_chapters_are_listed_in_the_language_of_the_locale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert gradstep(["learn"]) == 0
    assert all(line.endswith("мин") for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["And. Why?", "1. Press s five times, then space: 0", "2. What is z?", "The sum.", "   Two\n", "Yes."]),
        ("ru", ["И. Зачем?", "1. Пять раз s, затем space: 0", "2. Чему равно z?", "Это сумма.", "   Другое\n", "Да."]),
    ],
)
def test_a_chapter_is_printed_with_the_numbers_of_a_run(
    language: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GOOD.replace(', phase = "training"', "").replace('right = { phase = "training" }', "right = true")
    file = written(tmp_path, text)
    assert gradstep(["learn", "--plain", str(file), "--language", language]) == 0
    printed = capsys.readouterr().out
    at = [printed.find(each) for each in words]
    assert -1 not in at and at == sorted(at), printed
    assert read_progress() == {}


@pytest.mark.parametrize("what", ["15", "nonsense"])
def test_what_is_no_chapter_ends_with_one_line_and_status_2(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert gradstep(["learn", what]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f'gradstep: no chapter is called "{what}": it must be "first-light"')
    assert error.count("\n") == 1
