"""The lessons on the screen: published figures beside the computed ones, and the reasons where they differ."""

import re

import pytest

from gradstep.core.ledger.bugs import NEW_WEIGHTS
from gradstep.data.lesson import lesson_names
from gradstep.tui.cli.main import run as gradstep
from tests.tui.driving import session_of, wait_for_walk
from tests.tui.walking import (
    focus_on,
    leave_and_train,
    lesson_run,
    press,
    shown_text,
    stands_in,
    step,
    view,
    walk,
    walk_to,
    walking,
)

# Mazur, "A Step by Step Backpropagation Example": the numbers of one neuron, or of one weight of a neuron, each
GOLDENS = {
    ("z 1", 0, 0): ["0.3775"],
    ("z 1", 1, 0): ["0.3925"],
    ("a 1", 0, 0): ["0.593269992107"],
    ("a 1", 1, 0): ["0.596884378260"],
    ("z 2", 0, 0): ["1.105905967"],
    ("z 2", 1, 0): ["1.224921404"],
    ("a 2", 0, 0): ["0.751365069552"],
    ("a 2", 1, 0): ["0.772928465321"],
    ("loss", 0, 0): ["0.274811083176", "0.023560025584", "0.298371108760"],
    ("mean", 0, 0): ["0.298371108760"],
    ("δ 2", 0, 0): ["0.138498561629"],
    ("δ 2", 1, 0): ["-0.038098236517"],
    ("paths 1", 0, 0): ["0.055399424651", "-0.019049118258", "0.036350306393"],
    ("δ 1", 0, 0): ["0.008771354689"],
    ("δ 1", 1, 0): ["0.009954254705"],
    ("new 1", 0, 0): ["0.149780716133"],
    ("new 1", 0, 1): ["0.199561432266"],
    ("new 1", 1, 0): ["0.249751143632"],
    ("new 1", 1, 1): ["0.299502287265"],
    ("new 2", 0, 0): ["0.358916479718"],
    ("new 2", 0, 1): ["0.408666186076"],
    ("new 2", 1, 0): ["0.511301270239"],
    ("new 2", 1, 1): ["0.561370121108"],
    ("again", 0, 0): ["0.291027773694"],
    ("check", 0, 0): ["0.291027773694"],
}


def unmarked(words: str) -> str:
    """The text without the known figures, so that only computed numbers are left."""
    return re.sub(r"(published|the rule gives) \S+", "", words)


async def test_every_number_of_mazur_is_computed_on_the_screen_from_the_first_micro_step_to_the_last() -> None:
    async with walking(*lesson_run("mazur")) as pilot:
        for (key, neuron, weight), published in GOLDENS.items():
            await walk_to(pilot, key)
            await focus_on(pilot, neuron, weight)
            for figure in published:
                assert stands_in(figure, unmarked(shown_text(pilot, "explanation"))), (key, figure)
        assert step(pilot) is walk(pilot).steps[-1]


async def test_walking_mazur_back_shows_the_same_screens_as_walking_on() -> None:
    async with walking(*lesson_run("mazur")) as pilot:
        there = [shown_text(pilot)]
        for _ in walk(pilot).steps[1:]:
            await press(pilot, "right")
            there.append(shown_text(pilot))
        back = [shown_text(pilot)]
        for _ in walk(pilot).steps[1:]:
            await press(pilot, "left")
            back.append(shown_text(pilot))
        assert back == there[::-1]
        assert len(set(there)) == len(walk(pilot).steps)


@pytest.mark.parametrize("name", lesson_names())
async def test_every_known_figure_stands_beside_the_computed_one(name: str) -> None:
    run, lesson = lesson_run(name)
    async with walking(run, lesson, size=(80, 50)) as pilot:
        for place in walk(pilot).steps:
            here = [each for each in lesson.figures if (each.update, each.micro_step) == (1, place.key)]
            figures = [each.text.replace("-", "−") for each in here]
            shown = shown_text(pilot, "explanation")
            assert re.findall(r"✓ .*(?:published|the rule gives) (\S+)  computed", shown) == figures
            assert "✗" not in shown
            await press(pilot, "right")


@pytest.mark.parametrize("name", lesson_names())
async def test_where_the_known_figures_have_no_room_they_are_counted(name: str) -> None:
    run, lesson = lesson_run(name)
    async with walking(run, lesson, size=(80, 24)) as pilot:
        for place in walk(pilot).steps:
            here = [each for each in lesson.figures if (each.update, each.micro_step) == (1, place.key)]
            shown = " ".join(shown_text(pilot, "explanation").split())
            listed = len(re.findall(r"✓ [^✓]*(?:published|the rule gives) \S+ computed", shown))
            counted = re.search(r"✓ known figures that agree with the computed ones: (.*)", shown)
            counts = re.findall(r"(\d+) (?:published by|by the rule)", counted[1]) if counted else [str(listed)]
            assert sum(map(int, counts)) == len(here), place.key
            assert not counted or step(pilot).formula in shown, place.key
            await press(pilot, "right")


async def test_what_teaches_the_idea_of_an_update_has_room_beside_the_figures_of_mazur() -> None:
    for size in ((80, 24), (120, 40)):
        async with walking(*lesson_run("mazur"), size=size) as pilot:
            await walk_to(pilot, "∂ 2")
            words = " ".join(shown_text(pilot, "explanation").split())
            assert step(pilot).words in words and "so this example asks for:" in words
            await walk_to(pilot, "new 1")
            words = " ".join(shown_text(pilot, "explanation").split())
            assert step(pilot).words in words and step(pilot).formula in words
            # the old matrix, what is subtracted and the new matrix, all of them whole
            assert len(re.findall("in 1 +in 2", shown_text(pilot, "matrices"))) == 3
            assert "…" not in shown_text(pilot, "matrices")


async def test_a_known_figure_has_its_name_and_whoever_it_is_from() -> None:
    async with walking(*lesson_run("mazur")) as pilot:
        assert "Matt Mazur, A Step by Step Backpropagation Example" in " ".join(
            shown_text(pilot, "explanation").split()
        )
        for key, lines in {
            "z 1": ["z₁: Matt Mazur published 0.3775  ", "z₂: the rule gives 0.3925  "],
            "a 2": ["ŷ₁: Matt Mazur published 0.75136507  ", "ŷ₂: Matt Mazur published 0.772928465  "],
            "loss": ["E: Matt Mazur published 0.298371109  "],
            "paths 1": ["∂E/∂a₁: Matt Mazur published 0.036350306  "],
            "new 1": ["new w (n 2, in 1): Matt Mazur published 0.24975114  "],
            "again": ["E: the rule gives 0.291027773694  "],
        }.items():
            await walk_to(pilot, key)
            for line in lines:
                assert f"✓ {line}" in shown_text(pilot, "explanation")


async def test_with_the_bug_of_the_article_its_loss_is_computed_and_without_it_the_right_one() -> None:
    async with walking(*lesson_run("mazur")) as pilot:
        await walk_to(pilot, "again")
        assert stands_in("0.291027773694", unmarked(shown_text(pilot, "explanation")))
        why = " ".join(shown_text(pilot, "explanation").split())
        assert "Mazur's article prints .291027924 here." in why
        assert "the hidden δ come back through the already updated W2, a classic bug" in why
        await press(pilot, "b")
        assert view(pilot).bug is NEW_WEIGHTS
        assert stands_in("0.291027923905", shown_text(pilot, "explanation"))
        assert "the rule gives" not in shown_text(pilot)


async def test_after_10000_updates_of_mazur_the_loss_is_shown_beside_the_one_by_the_rule() -> None:
    async with walking(*lesson_run("mazur")) as pilot:
        await leave_and_train(pilot, session_of(pilot), 10_000)
        await pilot.press("w")
        await wait_for_walk(pilot)
        assert walk(pilot).update.step == 10_000
        await walk_to(pilot, "check")
        shown = shown_text(pilot, "explanation")
        assert "✓ L after: the rule gives 3.510187783e−5" in shown
        assert stands_in("3.510187783e-5", unmarked(shown))
        assert "Mazur's article prints outputs .015912196 and .984065734" in " ".join(shown.split())
        await press(pilot, "right", "right")
        await walk_to(pilot, "a 2")
        for neuron, output in enumerate(("0.015913620", "0.984064274")):
            await focus_on(pilot, neuron)
            assert stands_in(output, shown_text(pilot, "explanation"))


@pytest.mark.parametrize(
    ("name", "first", "last"), [("saturation", "0.982014", "0.202848"), ("no-saturation", "0.817574", "0.093956")]
)
async def test_the_neuron_before_and_after_300_updates_is_as_published(name: str, first: str, last: str) -> None:
    # Nielsen, "Neural Networks and Deep Learning", chapter 3
    async with walking(*lesson_run(name)) as pilot:
        await walk_to(pilot, "a 1")
        assert f"✓ ŷ₁: the rule gives {first}" in shown_text(pilot, "explanation")
        assert stands_in(first, unmarked(shown_text(pilot, "explanation")))
        await leave_and_train(pilot, session_of(pilot), 300)
        await pilot.press("w")
        await wait_for_walk(pilot)
        await walk_to(pilot, "check")
        await press(pilot, "right", "right")
        assert walk(pilot).update.step == 301
        await walk_to(pilot, "a 1")
        assert f"✓ ŷ₁: the rule gives {last}" in shown_text(pilot, "explanation")
        assert stands_in(last, unmarked(shown_text(pilot, "explanation")))


def test_lessons_lists_every_lesson_with_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert gradstep(["lessons"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == lesson_names()
    for line, name in zip(lines[::2], lesson_names(), strict=True):
        assert lesson_run(name)[1].title in line


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("walk nonsense", ['"nonsense"', '"mazur"', '"saturation"']),
        ("walk mazurr", ['"mazurr"', 'did you mean "mazur"?']),
        ("walk nowhere.toml", ["nowhere.toml", "no such file"]),
        ("trace nonsense --step 1", ['"nonsense"', '"mazur"']),
        ("walk", ["walk needs a terminal", "gradstep trace"]),
        ("walk mazur", ["walk needs a terminal", "gradstep trace mazur --step 1"]),
    ],
)
def test_a_walk_that_cannot_be_made_is_one_line_and_status_2(
    command: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert gradstep(command.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"gradstep: [^\n]+\n", err)
    for word in words:
        assert word in err
