"""`gradstep trace`: the words of the walkthrough and every number of an update."""

import json
import re
from itertools import pairwise

import numpy as np
import pytest

from gradstep.core.ledger.order import micro_steps
from gradstep.core.training.update import Update
from gradstep.tui.cli.main import run
from gradstep.tui.cli.trace import format_json, format_text
from tests.tui.driving import assembled
from tests.tui.walking import digits, lesson_run, recorded, stands_in

# Mazur, "A Step by Step Backpropagation Example"; of the backward paths, which are shown for one neuron, the sum
MAZUR = [
    "0.3775", "0.3925", "0.593269992", "0.596884378", "1.105905967", "1.224921404", "0.751365070", "0.772928465",
    "0.274811083", "0.023560026", "0.298371109", "0.138498562", "-0.038098237", "0.036350306",
    "0.008771355", "0.009954255", "0.358916480", "0.408666186", "0.511301270", "0.561370121",
    "0.149780716", "0.199561432", "0.249751144", "0.299502287", "0.291027774",
]  # fmt: skip


@pytest.fixture(params=["iris", "digits", "mazur"])
def update(request: pytest.FixtureRequest) -> Update:
    name: str = request.param
    return recorded({"iris": assembled, "digits": digits, "mazur": lambda: lesson_run("mazur")[0]}[name]())


def test_every_micro_step_is_printed_in_the_words_of_the_walkthrough(update: Update) -> None:
    text = format_text(update)
    places = []
    for step in micro_steps(update):
        heading = f"\n[{step.phase}] {step.title}\n"
        assert heading in text
        section = text[text.index(heading) :].split("\n\n")[0]
        for words in (step.words, step.formula, step.code):
            assert words in section
        places.append(text.index(heading))
    assert all(one < other for one, other in pairwise(places))


def test_every_matrix_that_is_written_is_printed_in_full(update: Update) -> None:
    text = format_text(update)
    assert "..." not in text
    for step in micro_steps(update):
        for table in step.writes:
            assert f"{table.name}, {' × '.join(map(str, table.values.shape))}\n" in text


def test_mazur_is_printed_to_nine_digits() -> None:
    text = format_text(recorded(lesson_run("mazur")[0]))
    for figure in MAZUR:
        assert stands_in(figure, text), figure


def test_the_matrices_have_the_minus_sign_of_the_formulas_and_no_negative_zero(update: Update) -> None:
    rows = [line for line in format_text(update).split("\n") if line.startswith(("    [[", "     ["))]
    assert any("−" in row for row in rows)
    assert not any("-" in row or re.search(r"−0\.?0*[ \]]", row) for row in rows)


def test_a_lesson_can_be_traced_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", "mazur", "--step", "1"]) == 0
    assert capsys.readouterr().out.rstrip("\n") == format_text(recorded(lesson_run("mazur")[0]))


def test_the_json_has_every_number_exact_to_the_last_bit(update: Update) -> None:
    read = json.loads(format_json(update), parse_constant=pytest.fail)
    assert (read["step"], read["learning_rate"], read["loss"]) == (update.step, update.learning_rate, update.loss)
    assert read["rows"] == update.rows.tolist()
    assert read["losses_after"] == update.losses_after.tolist()
    for layer, written in zip(update.layers, read["layers"], strict=True):
        for name in ("z", "a", "delta", "inputs"):
            assert np.array_equal(written[name], getattr(layer, name))
        for name in ("old", "gradient", "data_gradient", "change", "new"):
            matrix = np.column_stack((written[f"{name}_weights"], written[f"{name}_biases"]))
            assert np.array_equal(matrix, getattr(layer, name))
        for name, memory in layer.memory.items():
            assert np.array_equal(written[f"{name}_weights"], memory[:, :-1])


def test_a_matrix_is_printed_row_by_row_with_every_number(update: Update) -> None:
    text = format_text(update)
    written = (
        text[text.index(f"  x, {' × '.join(map(str, update.x.shape))}") :]
        .split("]]")[0]
        .split("\n", 1)[1]
        .replace("−", "-")
    )
    numbers = [float(word) for word in re.findall(r"[^\s\[\]]+", written)]
    assert numbers == pytest.approx(update.x.ravel().tolist(), rel=1e-11)
    assert written.count("[") == len(update.x) + 1
    assert all(len(line) <= 120 for line in written.split("\n"))
