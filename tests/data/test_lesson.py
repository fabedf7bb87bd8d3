"""The lessons: each known figure is what training computes."""

import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.ledger.bugs import NEW_WEIGHTS, Bug, with_bug
from gradstep.core.ledger.order import micro_steps
from gradstep.core.network.passes import predict
from gradstep.core.training.update import Update, record_update
from gradstep.data.assemble import assemble, assemble_variant
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
        matrix = next(matrix for matrix in step.writes if matrix.name == figure.matrix)
        assert figure.agrees(matrix.values[figure.row, figure.column]), figure


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


@pytest.mark.parametrize(
    ("alpha", "published"),
    [
        (0.001, 0.495164025493),
        (0.1, 0.0428880170001),
        (1, 0.00858452565325),
        (10, 0.00312938876301),
        (100, 0.125476983855),
        (1000, 0.5),
    ],
)
def test_the_published_race_of_trask_is_what_training_computes(alpha: float, published: float) -> None:
    # Trask, "A Neural Network in 11 lines of Python", part 2: mean |error| after 10,000 updates
    lesson = load_lesson("trask-race")
    trainer = assemble_variant(assemble(lesson.experiment), {"learning_rate": 4 * alpha}).trainer
    trainer.run(lambda: False, until=10_000)
    part = trainer.training_part
    outputs = predict(trainer.network, part.with_ones[:, :-1])
    assert abs(outputs - part.y).mean() == pytest.approx(published, rel=1e-9)
    text = f"{published:.12g}".removeprefix("0")
    assert text in next(remark.text for remark in lesson.remarks if remark.update == 10_001)


@pytest.mark.parametrize(
    ("name", "bug", "printed"),
    [("stale-weights", NEW_WEIGHTS, (0.09916, 0.7978, 0.3972, 0.5928)), ("mazur", NEW_WEIGHTS, None)],
)
def test_with_the_slip_of_its_source_a_lesson_gives_what_the_source_prints(
    name: str, bug: Bug, printed: tuple[float, ...] | None
) -> None:
    lesson = load_lesson(name)
    update = with_bug(record_update(assemble(lesson.experiment).trainer), bug, None)
    if printed is None:
        assert update.loss_after == pytest.approx(0.291027924, abs=5e-10)
    else:
        new = update.layers[0].new[:, :-1].ravel()
        assert new.tolist() == pytest.approx(printed, abs=1e-4)
