"""The lessons: each known figure is what training computes."""

import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.ledger.order import micro_steps
from gradstep.core.training.update import Update, record_update
from gradstep.data.assemble import assemble
from gradstep.data.lesson import KnownFigure, Lesson, lesson_names, load_lesson

LESSONS = lesson_names()


def updates_of(lesson: Lesson) -> dict[int, Update]:
    """The updates that the lesson has figures or remarks of."""
    trainer = assemble(lesson.experiment).trainer
    updates = {}
    for step in sorted({figure.update for figure in lesson.figures} | {remark.update for remark in lesson.remarks}):
        trainer.run(lambda: False, until=step - 1)
        updates[step] = record_update(trainer)
    return updates


@pytest.mark.parametrize("name", LESSONS)
def test_every_known_figure_is_what_training_computes(name: str) -> None:
    lesson = load_lesson(name)
    updates = updates_of(lesson)
    assert lesson.figures
    for figure in lesson.figures:
        step = next(step for step in micro_steps(updates[figure.update]) if step.key == figure.micro_step)
        table = next(table for table in step.writes if table.name == figure.table)
        assert figure.agrees(table.values[figure.row, figure.column]), figure


@pytest.mark.parametrize("name", LESSONS)
def test_every_remark_belongs_to_an_existing_micro_step(name: str) -> None:
    lesson = load_lesson(name)
    updates = updates_of(lesson)
    for remark in lesson.remarks:
        assert remark.micro_step in [step.key for step in micro_steps(updates[remark.update])]


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_says_what_it_shows_and_where_it_is_from(name: str) -> None:
    lesson = load_lesson(name)
    assert lesson.name == name
    assert all((lesson.title, lesson.source, lesson.about))


def test_mazur_has_every_right_figure_as_the_article_prints_it_and_the_others_by_the_rule() -> None:
    # Mazur, "A Step by Step Backpropagation Example"; the others, and E after 1 and 10,000 updates, by the correct rule
    figures = load_lesson("mazur").figures
    assert {figure.text for figure in figures if figure.published} == {
        "0.3775", "0.593269992", "0.596884378", "1.105905967", "0.75136507", "0.772928465", "0.298371109",
        "0.138498562", "0.036350306", "0.149780716", "0.19956143", "0.24975114", "0.29950229", "0.35891648",
        "0.408666186", "0.511301270", "0.561370121",
    }  # fmt: skip
    assert {figure.text for figure in figures if not figure.published} == {
        "0.3925", "1.224921404", "-0.038098236517", "0.008771354689", "0.009954254705", "0.291027773694",
        "3.510187783e-5",
    }  # fmt: skip


def test_mazur_remarks_on_the_figures_of_the_article_that_are_wrong() -> None:
    remarks = " ".join(remark.text for remark in load_lesson("mazur").remarks)
    for wrong in (".291027924", ".015912196", ".984065734"):
        assert wrong in remarks


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("saturation", "0.982014", "0.202848"), ("no-saturation", "0.817574", "0.093956")],
)
def test_the_saturation_lessons_have_the_outputs_before_and_after_300_updates(name: str, first: str, last: str) -> None:
    # Nielsen, "Neural Networks and Deep Learning", chapter 3
    figures = load_lesson(name).figures
    assert [(figure.update, figure.micro_step, figure.text) for figure in figures] == [
        (1, "a 1", first),
        (301, "a 1", last),
    ]


@pytest.mark.parametrize(
    ("text", "computed", "agrees"),
    [
        ("0.3775", 0.3775, True),
        ("0.3775", 0.37759, True),
        ("0.3775", 0.37765, False),
        ("0.3775", -0.3775, False),
        ("3.510187783e-5", 3.5101877834e-5, True),
        ("3.510187783e-5", 3.510190e-5, False),
        ("-0.5", -0.55, True),
        ("7", 8.5, False),
    ],
)
def test_a_figure_agrees_to_one_unit_of_its_last_printed_digit(text: str, computed: float, agrees: bool) -> None:
    assert KnownFigure(1, "check", "L after", 0, 0, text, True).agrees(computed) is agrees


def test_an_unknown_lesson_is_refused_in_one_line_with_the_nearest() -> None:
    with pytest.raises(GradstepError) as refused:
        load_lesson("mazurr")
    message = str(refused.value)
    assert '"mazurr"' in message
    assert 'did you mean "mazur"?' in message
    assert "\n" not in message
